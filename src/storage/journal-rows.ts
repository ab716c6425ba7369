/** The rows of a journal: how they are bound to each other, and how they are read again. */

import { createHash } from 'node:crypto'
import { ByteWriter } from '../core/index.js'
import { CorruptFile } from './errors.js'
import type { JournalTick } from './live-records.js'
import { hasColumn, type OpenDatabase } from './sqlite.js'

/** A journalled tick with the hash that binds it to the one before. */
export interface HashedTick extends JournalTick {
  readonly hash: Uint8Array
}

/** The hash before the first tick of a run. */
export const firstHash: Uint8Array = new Uint8Array(32)

/** SHA-256(hash of the tick before ‖ tick ‖ time ‖ step or not, record or not ‖ chain ‖ record ‖ inputs). */
export function tickHash(head: ByteWriter, before: Uint8Array, tick: JournalTick): Uint8Array {
  const { chain, record, inputs } = tick
  head.clear()
  head.f64(tick.tick)
  head.f64(tick.time)
  head.u8((tick.isStep ? 1 : 0) + (record === null ? 0 : 2))
  head.u32(chain?.length ?? 0)
  const hash = createHash('sha256').update(before).update(head.written())
  if (chain !== null) hash.update(chain)
  if (record !== null) hash.update(record)
  return new Uint8Array(hash.update(inputs).digest())
}

const selectTicks =
  'SELECT tick, time_ms, step, inputs, chain, record, hash FROM journal WHERE tick > ? AND tick <= ? ORDER BY tick'
/** Of a ledger of version 1. */
const selectFirstTicks =
  'SELECT tick, time_ms, step, inputs, chain, NULL AS record, hash FROM journal WHERE tick > ? AND tick <= ? ORDER BY tick'

/** @internal Reads the ticks after `after`, up to `to`, and checks each against the one before; also for a ledger opened read-only. */
export function* readJournal(
  { db, path }: Pick<OpenDatabase, 'db' | 'path'>,
  after = 0,
  to = Number.MAX_SAFE_INTEGER,
): Generator<HashedTick> {
  const begin = beginning(db, after)
  const rows = db.prepare(hasColumn(db, 'journal', 'record') ? selectTicks : selectFirstTicks).iterate(begin.tick, to)
  const head = new ByteWriter()
  let expected = begin.tick + 1
  let last = begin.hash
  for (const { tick, time_ms, step, inputs, chain, record, hash } of rows as Iterable<JournalRow>) {
    const read = { tick, time: time_ms, isStep: step === 1, inputs, chain, record }
    last = tickHash(head, last, read)
    if (tick !== expected || (step !== 0 && step !== 1) || Buffer.compare(last, hash) !== 0) throw brokenJournal(path, expected)
    expected++
    if (tick > after) yield { ...read, hash }
  }
}

/** The tick after which to read, and its hash: that of the journal's beginning, where it begins later. */
function beginning(db: OpenDatabase['db'], after: number): { tick: number; hash: Uint8Array } {
  type Row = { tick: number; hash: Uint8Array } | undefined
  const base = db.prepare('SELECT tick, hash FROM journal_base').get() as Row
  const start = base ?? { tick: 0, hash: firstHash }
  if (after <= start.tick) return start
  return (db.prepare('SELECT tick, hash FROM journal WHERE tick = ?').get(after) as Row) ?? start
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

function brokenJournal(path: string, tick: number): CorruptFile {
  return new CorruptFile(path, {
    what: `reading the journal of ${path}`,
    expected: `tick ${tick} as it was written`,
    got: 'other bytes, or a tick that is missing',
    next: 'Restore the file from a copy; nothing was changed.',
  })
}
