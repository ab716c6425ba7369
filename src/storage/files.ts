/** Atomic replacement of files: the new one is written under a temporary name, synced, and renamed. */

import { closeSync, existsSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fault } from '../core/index.js'
import { withRetry } from './errors.js'

/** Replaces a file in one step; survives a crash at any instant. `mode`: who may read it, where that is not left to the system. */
export function writeAtomic(path: string, content: string | Uint8Array, sync = true, mode?: number): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  replaceFile(path, bytes.length, sync, beside => {
    const file = openSync(beside, 'w', mode)
    try {
      // A temporary file that a crash left may be open to others.
      if (mode !== undefined) fchmodSync(file, mode)
      writeAll(file, bytes)
      if (sync) fsyncSync(file)
    } finally {
      closeSync(file)
    }
  })
}

/** Lets `write` make the file under a temporary name, then puts it in place; leaves nothing behind where it fails. */
export function replaceFile(path: string, bytesNeeded: number, sync: boolean, write: (beside: string) => void): void {
  const beside = `${path}.tmp`
  withRetry(path, 'writing', bytesNeeded, () => {
    try {
      fault('storage.file')
      write(beside)
      fault('storage.rename')
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
    if (sync) syncDirectory(dirname(path))
  })
}

/** `writeSync` may write less than it was given. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at)
}

export function makeDirectory(path: string): void {
  withRetry(path, 'making directory', 4_096, () => {
    fault('storage.directory')
    makeWithParents(path)
  })
}

/** Node's own recursive `mkdir` never returns where a file system refuses with ENOENT, as /proc does. */
function makeWithParents(path: string): void {
  if (existsSync(path)) return
  makeWithParents(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Makes a rename durable. Some systems cannot sync a directory; there the file system decides. */
function syncDirectory(path: string): void {
  let directory: number | undefined
  try {
    directory = openSync(path, 'r')
    fsyncSync(directory)
  } catch {
    // Windows and some network file systems refuse; the file itself has been synced.
  } finally {
    if (directory !== undefined) closeSync(directory)
  }
}
