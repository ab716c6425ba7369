/**
 * The live ledger: a tick's inputs, fills, trades, portfolios, halts and outgoing messages in one transaction of `trades.db`.
 * When `commitTick` returns they are on disk, and only then may a message leave the process. Each journal row is hashed
 * with the row before it, so reading the journal finds the first row that was changed, lost or truncated.
 */

import { createHash } from 'node:crypto'
import { ByteWriter } from '../core/index.js'
import { CorruptFile, StorageError, withRetry } from './errors.js'
import { storageLimits } from './limits.js'
import type { JournalTick, Recovered, TickRecord } from './live-records.js'
import { LiveStatements } from './live-statements.js'
import { tradesKind } from './schema.js'
import { hasColumn, type OpenDatabase, openDatabase, transact } from './sqlite.js'

export class LiveLedger {
  /** Messages dropped unsent because too many waited. */
  outboxDropped = 0
  private readonly statements: LiveStatements
  private readonly head = new ByteWriter()
  private lastTick: number
  private lastHash: Uint8Array
  private lastOutbox: number
  private announcedTo: number

  private constructor(
    private readonly open: OpenDatabase,
    runId: string,
  ) {
    this.statements = new LiveStatements(open.db, runId)
    const end = this.statements.end()
    this.lastTick = end.tick
    this.lastHash = end.hash
    this.lastOutbox = end.outbox
    this.announcedTo = end.announced
  }

  /** Opens or creates the ledger for writing. One process at a time. */
  static open(path: string, runId: string): LiveLedger {
    const open = openDatabase(path, tradesKind)
    try {
      return withRetry(path, 'reading', 0, () => new LiveLedger(open, runId))
    } catch (error) {
      open.close()
      throw error
    }
  }

  /**
   * Commits one tick. It is on disk when this returns; after an error no part of it is. Committing a tick again with the
   * same inputs does nothing. Other inputs, or a gap in the ticks, are refused.
   */
  commitTick(record: TickRecord): void {
    if (record.tick <= this.lastTick) return this.requireSame(record)
    if (record.tick !== this.lastTick + 1) throw this.refused(record.tick, `tick ${this.lastTick + 1}`, `tick ${record.tick}`)
    const hash = tickHash(this.head, this.lastHash, journalled(record))
    let dropped = 0
    transact(this.open, record.inputs.length + 65_536, () => {
      this.statements.tick(record, hash)
      this.statements.announced(this.announcedTo)
      dropped = this.statements.boundOutbox(this.lastOutbox + record.outbox.length - storageLimits.outboxRows)
    })
    this.lastTick = record.tick
    this.lastHash = hash
    this.lastOutbox += record.outbox.length
    this.outboxDropped += dropped
  }

  /** Id of the newest message of the outbox; the caller passes it to {@link announced} once all have been sent. */
  get lastOutboxId(): number {
    return this.lastOutbox
  }

  /** Records that messages up to this id have been sent. The record is durable with the next tick; after a crash before it they are sent again. */
  announced(outboxId: number): void {
    this.announcedTo = Math.max(this.announcedTo, outboxId)
  }

  /** What is on disk, for a restart. The journal is checked row by row: {@link CorruptFile} names the first bad tick. */
  recover(): Recovered {
    return withRetry(this.open.path, 'reading', 0, () => {
      for (const _ of this.journal());
      return this.statements.recovered()
    })
  }

  /** The journalled ticks after `after`, oldest first, each checked against its hash. */
  *journal(after = 0): Generator<JournalTick> {
    yield* readJournal(this.open, after)
  }

  /** Deletes ticks up to and including `tick` (that of the oldest kept checkpoint); `chain` is the digest chain's value there. */
  retain({ tick, chain }: { tick: number; chain: Uint8Array | null }): void {
    transact(this.open, 65_536, () => this.statements.retain(tick, chain))
  }

  close(): void {
    this.open.close()
  }

  private requireSame(record: TickRecord): void {
    const { before, own } = this.statements.hashesOf(record.tick)
    if (own === undefined) throw this.refused(record.tick, 'a tick after the oldest checkpoint', `tick ${record.tick}`)
    if (Buffer.compare(tickHash(this.head, before, journalled(record)), own) === 0) return
    throw this.refused(record.tick, 'the inputs that were committed', 'others')
  }

  private refused(tick: number, expected: string, got: string): StorageError {
    const what = `journalling tick ${tick} in ${this.open.path}`
    return new StorageError(this.open.path, { what, expected, got, next: 'Restart from the last checkpoint.' })
  }
}

const selectTicks = 'SELECT tick, time_ms, step, inputs, chain, record, hash FROM journal ORDER BY tick'
/** Of a ledger of version 1. */
const selectFirstTicks = 'SELECT tick, time_ms, step, inputs, chain, NULL AS record, hash FROM journal ORDER BY tick'

/** @internal Reads and checks a journal; also for a ledger opened read-only. */
export function* readJournal({ db, path }: Pick<OpenDatabase, 'db' | 'path'>, after = 0): Generator<JournalTick> {
  const base = db.prepare('SELECT tick, hash FROM journal_base').get() as { tick: number; hash: Uint8Array } | undefined
  const rows = db.prepare(hasColumn(db, 'journal', 'record') ? selectTicks : selectFirstTicks).iterate()
  const head = new ByteWriter()
  let expected = (base?.tick ?? 0) + 1
  let last: Uint8Array = base?.hash ?? new Uint8Array(32)
  for (const raw of rows as Iterable<JournalRow>) {
    const { inputs, chain, record } = raw
    const tick = { tick: raw.tick, time: raw.time_ms, isStep: raw.step === 1, inputs, chain, record }
    last = tickHash(head, last, tick)
    if (raw.tick !== expected || Buffer.compare(last, raw.hash) !== 0) throw brokenJournal(path, expected)
    expected++
    if (raw.tick > after) yield tick
  }
}

interface JournalRow {
  tick: number
  time_ms: number
  step: number
  inputs: Uint8Array
  chain: Uint8Array | null
  record: Uint8Array | null
  hash: Uint8Array
}

function journalled(tick: TickRecord): JournalTick {
  return { ...tick, record: tick.record?.link ?? null }
}

/** SHA-256(hash of the tick before ‖ tick ‖ time ‖ step or not, record or not ‖ chain ‖ record ‖ inputs). */
function tickHash(head: ByteWriter, before: Uint8Array, { tick, time, isStep, inputs, chain, record }: JournalTick): Uint8Array {
  head.clear()
  head.f64(tick)
  head.f64(time)
  head.u8((isStep ? 1 : 0) + (record === null ? 0 : 2))
  head.u32(chain?.length ?? 0)
  const hash = createHash('sha256').update(before).update(head.written())
  if (chain !== null) hash.update(chain)
  if (record !== null) hash.update(record)
  return new Uint8Array(hash.update(inputs).digest())
}

function brokenJournal(path: string, tick: number): CorruptFile {
  return new CorruptFile(path, {
    what: `reading the journal of ${path}`,
    expected: `tick ${tick} as it was written`,
    got: 'other bytes, or a tick that is missing',
    next: 'Restore the file from a copy; nothing was changed.',
  })
}
