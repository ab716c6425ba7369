/** The market and the network as a live run had them: its journalled inputs, tick by tick, without what operators said. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError, toHex } from '../../core/index.js'
import type { MarketInput, MarketSource, MarketTick } from '../../market/index.js'
import {
  journalFolder,
  type Manifest,
  openReadOnly,
  RunDirectory,
  readJournal,
  readSegment,
  segmentsIn,
} from '../../storage/index.js'
import { decodeEntry } from '../live/engine/journal-entry.js'

/** What a model was told by others than the market and the network, or answers for itself. */
const left: ReadonlySet<string> = new Set(['operator', 'answer', 'remote', 'align', 'lost', 'link'])

/** Ticks that are read from the ledger at one time. */
const readTicks = 1_000

export class JournalMarket implements MarketSource {
  private ticks: Iterator<MarketTick & { readonly tick: number }>
  private tick: number

  private constructor(
    private readonly run: string,
    private readonly manifest: Manifest,
    /** The ticks that are read, after `from` and up to `to`: a run that goes on grows meanwhile. */
    private readonly from: number,
    private readonly to: number,
    /** The hash of the last one, which binds all before it. */
    readonly head: string,
  ) {
    this.tick = from
    this.ticks = ticksOf(run, from, to)
  }

  /** Throws where the directory is no live run's, or its journal is empty. */
  static open(run: string): JournalMarket {
    const { manifest } = RunDirectory.read(run)
    const ledger = join(run, 'trades.db')
    if (manifest.verb !== 'live' || !existsSync(ledger)) throw notLive(run, manifest.verb)
    const db = openReadOnly(ledger)
    try {
      const rows = db.prepare(selectEnds).get() as { base: number; to: number; hash: Uint8Array | null }
      if (rows.hash === null) throw notLive(run, 'one without ticks')
      const from = Math.min(rows.base, segmentsIn(journalFolder(run))[0]?.from ?? rows.base)
      return new JournalMarket(run, manifest, from, rows.to, toHex(rows.hash))
    } finally {
      db.close()
    }
  }

  get barMs(): number {
    return Number(this.manifest.parameters.barMs)
  }

  get pairs(): readonly string[] {
    return this.manifest.parameters.pairs as readonly string[]
  }

  next(): MarketTick | undefined {
    const { value, done } = this.ticks.next()
    if (done === true) return undefined
    const { tick, ...given } = value
    this.tick = tick
    return given
  }

  save(): unknown {
    return this.tick
  }

  restore(tick: unknown): void {
    this.tick = tick as number
    this.ticks = ticksOf(this.run, this.tick, this.to)
  }

  describe(): Record<string, unknown> {
    const { run, manifest, from, to, head } = this
    return { kind: 'journal', run, runId: manifest.runId, journal: { from, to, head } }
  }
}

/** Ticks that bring nothing are passed over, as the market's own clock would. */
function* ticksOf(run: string, after: number, last: number): Generator<MarketTick & { readonly tick: number }> {
  for (const { tick, time, isStep: step, inputs: bytes } of journalled(run, after, last)) {
    const inputs = decodeEntry(bytes).inputs.filter(({ kind }) => !left.has(kind)) as unknown as readonly MarketInput[]
    if (step || inputs.length > 0) yield { tick, time, step, inputs }
  }
}

/** The segments, then the ledger's rows, a thousand at a time. */
function* journalled(run: string, after: number, last: number) {
  let at = after
  for (const { from, to, path } of segmentsIn(journalFolder(run))) {
    if (to <= at || from > at) continue
    for (const row of readSegment(path).ticks) if (row.tick > at) yield row
    at = to
  }
  const path = join(run, 'trades.db')
  while (at < last) {
    const to = Math.min(last, at + readTicks)
    const db = openReadOnly(path)
    const rows = [...readJournal({ db, path }, at, to)]
    db.close()
    yield* rows
    at = to
  }
}

const selectEnds = `
  SELECT coalesce((SELECT tick FROM journal_base), 0) AS base, coalesce((SELECT max(tick) FROM journal), 0) AS "to",
    (SELECT hash FROM journal ORDER BY tick DESC LIMIT 1) AS hash`

function notLive(run: string, got: string): OperatorError {
  return new OperatorError({
    what: `the scans of ${run}`,
    expected: 'a live run in one process, or a file of scans',
    got,
    next: 'Name a live run of nettrace, or a file of scans, one JSON object a line.',
  })
}
