/**
 * One writer a file: a lock the operating system lets go when its process dies, whatever kills it. It is SQLite's own
 * lock on a small hidden file beside the locked one; the holder's pid stands in that file's `user_version`.
 */

import { closeSync, openSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { fault } from '../core/index.js'
import { FileInUse, isBusy, storageError } from './errors.js'
import { storageLimits } from './limits.js'

export interface Lock {
  release(): void
}

/** Locks of this process: reading a locked file's bytes here would let go of the lock (a rule of POSIX). */
const held = new Set<string>()

/** Takes the lock of `path`, or throws {@link FileInUse} naming the holder's pid within a second. */
export function lockFile(path: string): Lock {
  const file = lockPath(path)
  if (held.has(file)) throw inUse(path, process.pid)
  let db: Database.Database | undefined
  try {
    fault('storage.lock')
    db = new Database(file, { timeout: storageLimits.lockTimeoutMs })
    claim(db)
  } catch (error) {
    db?.close()
    throw isBusy(error) ? inUse(path, holder(file)) : storageError(error, file, 'locking', 8_192)
  }
  held.add(file)
  return releaseOf(db, file)
}

function releaseOf(db: Database.Database, file: string): Lock {
  return {
    release() {
      held.delete(file)
      db.close()
    },
  }
}

/** In `EXCLUSIVE` mode a connection keeps its lock after the commit that took it, until it closes. */
function claim(db: Database.Database): void {
  db.pragma('journal_mode = MEMORY')
  db.pragma('synchronous = OFF')
  db.pragma('locking_mode = EXCLUSIVE')
  db.pragma(`user_version = ${process.pid}`)
}

function lockPath(path: string): string {
  return join(realpathSync(dirname(path)), `.${basename(path)}.lock`)
}

/** The pid in the lock file, read past SQLite, which would wait for the lock: bytes 60–63 of the database header. */
function holder(file: string): number | undefined {
  try {
    const fd = openSync(file, 'r')
    const bytes = Buffer.alloc(4)
    const read = readSync(fd, bytes, 0, 4, 60)
    closeSync(fd)
    return read === 4 ? bytes.readUInt32BE() : undefined
  } catch {
    return undefined
  }
}

function inUse(path: string, pid: number | undefined): FileInUse {
  return new FileInUse(path, {
    what: `opening ${path}`,
    expected: 'to be its only writer',
    got: `process ${pid ?? '(unknown)'}, which has it open`,
    next: 'Stop that process first, or use another directory (`out`).',
  })
}
