/**
 * The live ledger: a tick's inputs, fills, trades, portfolios, halts and outgoing messages in one transaction of `trades.db`.
 * When `commitTick` returns they are on disk, and only then may a message leave the process. Each journal row is hashed
 * with the row before it, so reading the journal finds the first row that was changed, lost or truncated.
 */

import { ByteWriter, type TimeMs } from '../core/index.js'
import { StorageError, withRetry } from './errors.js'
import { type HashedTick, readJournal, tickHash } from './journal-rows.js'
import { storageLimits } from './limits.js'
import type { JournalTick, Recovered, TickRecord } from './live-records.js'
import { LiveStatements } from './live-statements.js'
import { tradesKind } from './schema.js'
import { type OpenDatabase, openDatabase, transact } from './sqlite.js'

export class LiveLedger {
  /** Messages dropped unsent because too many waited. */
  outboxDropped = 0
  private readonly statements: LiveStatements
  private readonly bytes = new ByteWriter()
  private lastTick: number
  private lastHash: Uint8Array
  private lastOutbox: number
  private announcedTo: number
  /** The tick before the first row, and the last one whose row is in a segment and may go. */
  private base: number
  private released = 0

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
    this.base = end.base
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
    const hash = tickHash(this.bytes, this.lastHash, journalled(record))
    const base = Math.min(this.released, this.base + storageLimits.rowsDroppedPerTick)
    let dropped = 0
    transact(this.open, record.inputs.length + 65_536, () => {
      this.statements.tick(record, hash)
      this.statements.announced(this.announcedTo)
      dropped = this.statements.boundOutbox(this.lastOutbox + record.outbox.length - storageLimits.outboxRows)
      if (base > this.base) this.statements.drop(base)
    })
    this.base = Math.max(this.base, base)
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
  *journal(after = 0): Generator<HashedTick> {
    yield* readJournal(this.open, after)
  }

  /** The journal's first rows, up to and including this tick, are in a segment: each later tick deletes some of them. */
  release(tick: number): void {
    this.released = Math.max(this.released, Math.min(tick, this.lastTick))
  }

  get path(): string {
    return this.open.path
  }

  /** How many fills there are up to a time. */
  fillsUntil(time: TimeMs): number {
    return this.statements.fillsUntil(time)
  }

  /** The tick before the journal's first row. */
  get baseTick(): number {
    return this.base
  }

  /** The last tick, and the hash over the whole journal up to it. */
  get head(): { readonly tick: number; readonly hash: Uint8Array } {
    return { tick: this.lastTick, hash: this.lastHash }
  }

  /** The hash of a tick that the ledger still holds. */
  hashAt(tick: number): Uint8Array | undefined {
    return tick === this.lastTick ? this.lastHash : this.statements.hashAt(tick)
  }

  close(): void {
    this.open.close()
  }

  private requireSame(record: TickRecord): void {
    const { before, own } = this.statements.hashesOf(record.tick)
    if (own === undefined) throw this.refused(record.tick, 'a tick after the oldest checkpoint', `tick ${record.tick}`)
    if (Buffer.compare(tickHash(this.bytes, before, journalled(record)), own) === 0) return
    throw this.refused(record.tick, 'the inputs that were committed', 'others')
  }

  private refused(tick: number, expected: string, got: string): StorageError {
    const what = `journalling tick ${tick} in ${this.open.path}`
    return new StorageError(this.open.path, { what, expected, got, next: 'Restart from the last checkpoint.' })
  }
}

function journalled(tick: TickRecord): JournalTick {
  return { ...tick, record: tick.record?.link ?? null }
}
