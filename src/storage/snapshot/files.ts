/** Snapshots as files: `user_<id>.json`, `.toon`, `.pb`; whole or not there, and readable by their owner alone. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../../core/index.js'
import { withRetry } from '../errors.js'
import { writeAtomic } from '../files.js'
import { type SnapshotFormat, snapshotBytes, snapshotFormats, snapshotFrom } from './formats.js'
import { type ReadSnapshot, readSnapshot } from './read.js'
import type { Snapshot } from './schema.js'

/** Nobody else reads what a user owns. */
const OWNER_ALONE = 0o600

/** The name of a user's file: an id that is no plain word becomes its hash, so that none becomes a path or another one's file. */
export function snapshotFile(userId: string, format: SnapshotFormat): string {
  const isPlain = /^[a-z0-9][a-z0-9_-]{0,63}$/.test(userId)
  const name = isPlain ? userId : `~${createHash('sha256').update(userId).digest('hex').slice(0, 32)}`
  return `user_${name}.${format}`
}

/** Writes one file, and gives its path. */
export async function writeSnapshot(folder: string, snapshot: Snapshot, format: SnapshotFormat): Promise<string> {
  const checked = readSnapshot(snapshot, `the snapshot of ${snapshot.userId}`)
  const path = join(folder, snapshotFile(snapshot.userId, format))
  writeAtomic(path, await snapshotBytes(checked.snapshot, format), true, OWNER_ALONE)
  return path
}

/** Reads one file by its ending. */
export async function readSnapshotFile(path: string): Promise<ReadSnapshot> {
  const format = snapshotFormats.find(ending => path.endsWith(`.${ending}`))
  if (format === undefined)
    throw new OperatorError({ what: path, expected: `a file that ends in .${snapshotFormats.join(', .')}`, got: 'another' })
  const bytes = withRetry(path, 'reading', 0, () => readFileSync(path))
  return snapshotFrom(bytes, format, path)
}
