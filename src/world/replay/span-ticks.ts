/** The journalled ticks of a span, from its segments and the ledger, each checked against the hash of the one before. */

import { CorruptFile, firstHash, type HashedTick, readJournal, readSegment } from '../../storage/index.js'
import type { LedgerDb, TickSource } from './spans.js'

/** @internal The ticks of a source, and the hash of the tick before them. */
export function ticksOf(
  source: TickSource,
  ledger: { db: LedgerDb; path: string },
): { before: Uint8Array; ticks: Iterable<HashedTick> } {
  if (source.segment === undefined) {
    const before = hashBefore(ledger.db, source.from)
    return { before, ticks: readJournal(ledger, source.from, source.to) }
  }
  const segment = readSegment(source.segment)
  if (segment.from !== source.from || segment.to !== source.to) throw misnamed(source.segment, segment)
  return segment
}

function hashBefore(db: LedgerDb, tick: number): Uint8Array {
  const select = 'SELECT hash FROM journal_base WHERE tick = ? UNION ALL SELECT hash FROM journal WHERE tick = ?'
  return (db.prepare(select).pluck().get(tick, tick) as Uint8Array | undefined) ?? firstHash
}

function misnamed(path: string, { from, to }: { from: number; to: number }): CorruptFile {
  return new CorruptFile(path, {
    what: `reading the journal of ${path}`,
    expected: 'the ticks of its name',
    got: `those after ${from}, up to ${to}`,
    next: 'Restore the file from a copy; nothing was changed.',
  })
}
