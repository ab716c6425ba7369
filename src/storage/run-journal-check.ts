/** Whether the journal of a live run is whole and as it was written, without deciding anything again. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '../core/index.js'
import { checkDatabase } from './data-files.js'
import { CorruptFile } from './errors.js'
import { firstHash, type HashedTick, readJournal } from './journal-rows.js'
import type { Manifest } from './manifest.js'
import { readSegment, type Segment } from './segment-file.js'
import { journalFolder, readState, segmentsIn, statesIn } from './segments.js'
import { type Db, openReadOnly } from './sqlite.js'

/** The ticks that the journal of a run holds. */
export interface JournalCheck {
  /** The ticks after this one; 0: all of the run. */
  readonly from: number
  readonly to: number
  readonly segments: number
  readonly problems: readonly string[]
}

/** Checks the ledger, the segments and the checkpoints beside them, and that they are of one piece with the manifest. Undefined: the run is not live. */
export function checkJournal(run: string, manifest: Manifest): JournalCheck | undefined {
  if (manifest.verb !== 'live') return undefined
  const ledger = ['trades.db', 'journal.db'].map(name => join(run, name)).find(path => existsSync(path))
  if (ledger === undefined) return { from: 0, to: 0, segments: 0, problems: ['There is neither trades.db nor journal.db.'] }
  const own = checkDatabase(ledger).problems
  const db = openReadOnly(ledger)
  try {
    return new JournalReading(run, ledger, db, [...own]).checked(manifest)
  } finally {
    db.close()
  }
}

interface Place {
  readonly tick: number
  readonly hash: Uint8Array
}

interface Base extends Place {
  readonly chain: Uint8Array | null
}

class JournalReading {
  private readonly folder: string
  private readonly base: Base | undefined
  /** The last tick that was read and follows from those before it. */
  private at: Place | undefined
  private from: number | undefined

  constructor(
    run: string,
    private readonly ledger: string,
    private readonly db: Db,
    private readonly problems: string[],
  ) {
    this.folder = journalFolder(run)
    this.base = db.prepare('SELECT tick, hash, chain FROM journal_base').get() as Base | undefined
  }

  checked({ journal }: Manifest): JournalCheck {
    const segments = segmentsIn(this.folder)
    for (const { path, from, to } of segments) this.attempt(() => this.segment(path, from, to))
    this.attempt(() => this.rows())
    for (const state of statesIn(this.folder)) this.attempt(() => void readState(state))
    const { tick, hash } = this.at ?? { tick: 0, hash: firstHash }
    if (journal !== undefined && (journal.ticks !== tick || journal.head !== toHex(hash)))
      this.problems.push(
        `journal: it ends at tick ${tick} with ${short(hash)}, manifest.json names tick ${journal.ticks} with ${journal.head.slice(0, 16)}….`,
      )
    return { from: this.from ?? 0, to: tick, segments: segments.length, problems: [...new Set(this.problems)] }
  }

  private segment(path: string, from: number, to: number): void {
    const segment = readSegment(path)
    if (segment.from !== from || segment.to !== to)
      this.problems.push(`${path}: it holds the ticks after ${segment.from}, up to ${segment.to}.`)
    this.joins({ tick: segment.from, hash: segment.before }, path)
    this.at = { tick: segment.to, hash: segment.hash }
    this.compareBase(segment)
  }

  /** What the ledger has: it may still hold rows of the last segment. */
  private rows(): void {
    const { base, ledger, db } = this
    const begin = base ?? { tick: 0, hash: firstHash }
    if (this.at === undefined || begin.tick > this.at.tick) this.joins(begin, ledger)
    let last: Place = begin
    for (const tick of readJournal({ db, path: ledger })) {
      last = tick
      if (tick.tick === this.at?.tick) this.joins(tick, ledger)
    }
    if (this.at !== undefined && last.tick < this.at.tick)
      this.problems.push(`${ledger}: the journal ends at tick ${last.tick}, before its segments.`)
    else this.at = last
  }

  private joins({ tick, hash }: Place, path: string): void {
    const before = this.at ?? (tick === 0 ? { tick: 0, hash: firstHash } : undefined)
    this.from ??= tick
    if (before === undefined) return
    if (before.tick < tick)
      this.problems.push(`journal: the ticks from ${before.tick + 1} to ${tick} are missing before ${path}.`)
    else if (Buffer.compare(before.hash, hash) !== 0) this.problems.push(`journal: ${path} does not follow from tick ${tick}.`)
  }

  private compareBase({ ticks }: Segment): void {
    const { base } = this
    const tick = ticks.find(row => row.tick === base?.tick)
    if (base === undefined || tick === undefined || isSame(base, tick)) return
    this.problems.push(`journal_base: not tick ${base.tick} as its segment has it.`)
  }

  private attempt(check: () => void): void {
    try {
      check()
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error
      this.problems.push(error.message)
    }
  }
}

function isSame(base: Base, { hash, chain }: HashedTick): boolean {
  if (Buffer.compare(base.hash, hash) !== 0) return false
  return base.chain === null || chain === null ? base.chain === chain : Buffer.compare(base.chain, chain) === 0
}

function short(hash: Uint8Array): string {
  return `${toHex(hash).slice(0, 16)}…`
}
