/**
 * One writer a database: the operating system releases the lock when the process that holds it dies. It is SQLite's own
 * lock on a small hidden file beside the locked one. That file's `user_version` is the pid of the process.
 */

import { closeSync, fstatSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { fault } from '../core/index.js'
import { connection } from './better-sqlite3.js'
import { FileInUse, isBusy, storageError } from './errors.js'
import { storageLimits } from './limits.js'
import type { Lock } from './lock.js'

/** Locks of this process. Their files are not opened again: POSIX releases a process's lock when it closes any descriptor of the file. */
const held = new Set<string>()

/** Takes the lock of `path`, or throws {@link FileInUse} naming the holder's pid within a second. */
export function lockDatabase(path: string): Lock {
  const file = lockPath(path)
  if (held.has(file)) throw inUse(path, process.pid)
  let taken = take(path, file)
  while (taken === undefined) taken = take(path, file)
  held.add(file)
  return releaseOf(taken, file)
}

/** The file stays open beside SQLite's connection: closing it first would release the lock. */
interface Taken {
  readonly db: Database.Database
  readonly opened: number
}

/** Undefined where the previous holder has removed the file meanwhile: no other process will open the file that was locked. */
function take(path: string, file: string): Taken | undefined {
  let opened: number | undefined
  let db: Database.Database | undefined
  try {
    fault('storage.lock')
    opened = openSync(file, 'a')
    db = connection(file, { timeout: storageLimits.lockTimeoutMs })
    claim(db)
    const taken = { db, opened }
    if (statSync(file, { throwIfNoEntry: false })?.ino === fstatSync(opened).ino) return taken
    unlock(taken)
    return undefined
  } catch (error) {
    db?.close()
    if (opened !== undefined) closeSync(opened)
    throw isBusy(error) ? inUse(path, holder(file)) : storageError(error, file, 'locking', 8_192)
  }
}

/** Removes the file before releasing the lock, so that a waiting process sees that it has locked a removed file. */
function releaseOf(taken: Taken, file: string): Lock {
  return {
    release() {
      held.delete(file)
      try {
        rmSync(file, { force: true })
      } catch {
        // A system that cannot remove an open file keeps this one; the lock is released nevertheless.
      }
      unlock(taken)
    },
  }
}

function unlock({ db, opened }: Taken): void {
  db.close()
  closeSync(opened)
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
