/** Reads text files from disk, gzipped, zipped or neither, piece by piece with one piece in memory, and hashes them. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { OperatorError } from '../core/index.js'
import { isZip, openZipEntry, zipEntries } from './zip.js'

/** Files a folder may hold before it is refused: more is a wrong path. */
const MAX_FILES = 100_000
const PIECE_BYTES = 1 << 18

/**
 * Reads a file's text piece by piece, gunzipping what ends in .gz; resolves to the SHA-256 (hex) of the file as found, of an entry
 * of an archive as it was before it was packed.
 */
export async function readText(path: string, take: (piece: string) => void): Promise<string> {
  const hash = createHash('sha256')
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const file = await openBytes(path)
  const zipped = path.endsWith('.gz')
  const text = zipped ? file.pipe(createGunzip({ chunkSize: PIECE_BYTES })) : file
  if (zipped) file.on('data', bytes => hash.update(bytes)).on('error', error => text.destroy(error))
  try {
    for await (const bytes of text) {
      if (!zipped) hash.update(bytes as Uint8Array)
      take(decoder.decode(bytes as Uint8Array, { stream: true }))
    }
    take(decoder.decode())
  } catch (error) {
    throw readable(error, path)
  } finally {
    file.destroy()
  }
  return hash.digest('hex')
}

async function openBytes(path: string): Promise<Readable> {
  try {
    return (await openZipEntry(path)) ?? createReadStream(path, { highWaterMark: PIECE_BYTES })
  } catch (error) {
    throw readable(error, path)
  }
}

/** The files under a path (the path itself where it is a file), those in archives too, hidden ones left out, in order of their names. */
export async function listFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return isZip(path) ? (await zipEntries(path)).sort() : [path]
    const files: string[] = []
    await walk(path, files)
    return files.sort()
  } catch (error) {
    throw readable(error, path)
  }
}

async function walk(folder: string, files: string[]): Promise<void> {
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await walk(path, files)
    else if (files.push(...(isZip(path) ? await zipEntries(path) : [path])) > MAX_FILES) {
      throw new OperatorError({ what: path, expected: `a folder with at most ${MAX_FILES} files`, got: 'more' })
    }
  }
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'no permission to read it',
  EISDIR: 'a folder',
  ENOTDIR: 'a file where a folder was expected',
  Z_DATA_ERROR: 'damaged gzip data',
  Z_BUF_ERROR: 'gzip data that end early',
}

/** System errors that a user can resolve become OperatorErrors; others stay unchanged. */
export function readable(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const got =
    meanings[code] ?? (isZip(path) && code === '' && error instanceof Error ? `a damaged archive: ${error.message}` : undefined)
  if (got === undefined) return error
  return new OperatorError({ what: path, expected: 'a readable file or folder', got, next: 'Check the path.' }, { cause: error })
}
