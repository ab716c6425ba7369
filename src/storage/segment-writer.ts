/** Writes a segment of the journal from the ledger's rows. It only reads the ledger, so it may run in another thread. */

import { readFileSync, rmSync } from 'node:fs'
import { fault } from '../core/index.js'
import { StorageError, withRetry } from './errors.js'
import { writeAtomic } from './files.js'
import { firstHash, type HashedTick, readJournal } from './journal-rows.js'
import { compressed, encodeSegment } from './segment-file.js'
import { compressedPath, segmentPath, statesIn } from './segments.js'
import { openReadOnly } from './sqlite.js'

/** The ticks after `from`, up to and including `to`, of a ledger, for a folder. */
export interface SegmentTask {
  readonly ledger: string
  readonly folder: string
  readonly from: number
  readonly to: number
}

/**
 * When this returns, the segment and the checkpoints beside it are on disk, and the ledger's rows may go. The checkpoints come first:
 * a segment that is there has the checkpoint after it.
 */
export function writeSegment({ ledger, folder, from, to }: SegmentTask): void {
  compressStates(folder)
  const { before, ticks } = rowsOf(ledger, from, to)
  if (ticks.length !== to - from) throw incomplete(ledger, from, to, ticks.length)
  fault('storage.segment')
  writeAtomic(segmentPath(folder, from, to), encodeSegment(before, ticks))
}

function rowsOf(path: string, from: number, to: number): { before: Uint8Array; ticks: HashedTick[] } {
  const db = openReadOnly(path)
  try {
    return withRetry(path, 'reading', 0, () => {
      const select = 'SELECT hash FROM journal WHERE tick = ? UNION ALL SELECT hash FROM journal_base WHERE tick = ?'
      const before = db.prepare(select).pluck().get(from, from) as Uint8Array | undefined
      return { before: before ?? firstHash, ticks: [...readJournal({ db, path }, from, to)] }
    })
  } finally {
    db.close()
  }
}

function compressStates(folder: string): void {
  for (const { path, isCompressed } of statesIn(folder)) {
    if (isCompressed) continue
    writeAtomic(compressedPath(path), compressed(readFileSync(path)))
    rmSync(path, { force: true })
  }
}

function incomplete(path: string, from: number, to: number, got: number): StorageError {
  return new StorageError(path, {
    what: `closing a segment of the journal of ${path}`,
    expected: `the ticks from ${from + 1} to ${to}`,
    got: `${got} of them`,
    next: 'Restore the whole directory from one copy; nothing was changed.',
  })
}
