/** Failures of files as named errors: each says which file it is, what was expected, and what to do next. */

import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Explanation, MyceliaError, OperatorError } from '../core/index.js'
import { storageLimits } from './limits.js'

/** A file could not be opened, read or written. No partial result was kept. */
export class StorageError extends OperatorError {
  override name = 'StorageError'
  constructor(
    readonly path: string,
    explanation: Explanation,
    options?: ErrorOptions,
  ) {
    super(explanation, options)
  }
}

/** The bytes are not what was written: a flipped bit, a cut tail, another kind of file. */
export class CorruptFile extends StorageError {
  override name = 'CorruptFile'
}

/** The file was written by another version; it has not been changed. */
export class UnknownVersion extends StorageError {
  override name = 'UnknownVersion'
}

/** Another process writes this file. */
export class FileInUse extends StorageError {
  override name = 'FileInUse'
}

/** No room left on the device. */
export class DiskFull extends StorageError {
  override name = 'DiskFull'
  constructor(
    path: string,
    readonly bytesNeeded: number,
    options?: ErrorOptions,
  ) {
    const free = freeBytes(path)
    const explanation: Explanation = {
      what: `disk full while writing ${path}`,
      expected: `${bytesNeeded} bytes free`,
      next: 'Free that space and resume the run; what was committed before is safe.',
    }
    super(path, free === undefined ? explanation : { ...explanation, got: free }, options)
  }
}

/** The file or directory may not be written by this process. */
export class NotWritable extends StorageError {
  override name = 'NotWritable'
}

const writableCodes = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
])
const corruptCodes = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT'])

/** Names a failure of the file system or of SQLite; other errors pass through as they are. */
export function storageError(error: unknown, path: string, doing: string, bytesNeeded: number): unknown {
  if (error instanceof MyceliaError || !(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const primary = primaryCode(code)
  const options = { cause: error }
  const what = `${doing} ${path}`
  if (code === 'ENOSPC' || code === 'EDQUOT' || primary === 'SQLITE_FULL') return new DiskFull(path, bytesNeeded, options)
  if (corruptCodes.has(primary)) {
    const next = 'Restore it from a copy, or delete it if it can be made again.'
    return new CorruptFile(path, { what, expected: 'an intact SQLite database', got: error.message, next }, options)
  }
  if (writableCodes.has(primary)) {
    return new NotWritable(
      path,
      { what, expected: 'a place this process may write', got: code, next: 'Choose another directory with `out`.' },
      options,
    )
  }
  if (isBusy(error)) {
    const next = 'End the other process, or wait for it.'
    return new FileInUse(path, { what, expected: 'no other writer', got: code, next }, options)
  }
  if (code === 'ENOENT') {
    return new StorageError(
      path,
      { what, expected: 'an existing file or directory', got: code, next: 'Check the path.' },
      options,
    )
  }
  if (!/^(E[A-Z]+|SQLITE_IOERR.*|SQLITE_PROTOCOL|SQLITE_NOMEM)$/.test(code)) return error
  const next = 'Check the device, then resume the run; what was committed before is safe.'
  return new StorageError(path, { what, expected: 'the device to answer', got: code, next }, options)
}

/** Whether a file was not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.cause instanceof Error && codeOf(error.cause) === 'ENOENT'
}

/** Another connection holds the lock: the only failure that is retried at once. */
function isBusy(error: unknown): boolean {
  const primary = error instanceof Error ? primaryCode(codeOf(error) ?? '') : ''
  return primary === 'SQLITE_BUSY' || primary === 'SQLITE_LOCKED' || primary === 'EAGAIN' || primary === 'EBUSY'
}

const pause = new Int32Array(new SharedArrayBuffer(4))

/** Runs a piece of work that is atomic. A busy database is retried a bounded number of times; other failures become named errors. */
export function withRetry<T>(path: string, doing: string, bytesNeeded: number, work: () => T): T {
  for (let attempt = 0; ; attempt++) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || attempt >= storageLimits.busyRetries) throw storageError(error, path, doing, bytesNeeded)
      Atomics.wait(pause, 0, 0, 1 << attempt)
    }
  }
}

function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

/** `SQLITE_IOERR_WRITE` is an I/O error; the other extended codes read as their first two parts. */
function primaryCode(code: string): string {
  return code.startsWith('SQLITE_') ? code.split('_').slice(0, 2).join('_') : code
}

function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize
  } catch {
    return undefined
  }
}
