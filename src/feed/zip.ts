/** Zip archives, read in place: exchanges offer their candles so. An entry's path is the archive's, a slash, and its own name. */

import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'

/** True for names of archives. */
export function isZip(path: string): boolean {
  return /\.zip$/i.test(path)
}

/** The paths of an archive's files; hidden ones and those of macOS are left out. */
export async function zipEntries(path: string): Promise<string[]> {
  const names: string[] = []
  for await (const { fileName } of (await open(path)).eachEntry()) {
    if (!fileName.endsWith('/') && !/(?:^|\/)(?:\.|__MACOSX\/)/.test(fileName)) names.push(`${path}/${fileName}`)
  }
  return names
}

/** The bytes of an entry; undefined where the path is not one of an entry. */
export async function openZipEntry(path: string): Promise<Readable | undefined> {
  const [, archive, name] = /^(.+?\.zip)[\\/](.+)$/i.exec(path) ?? []
  if (archive === undefined || !(await stat(archive)).isFile()) return undefined
  const zip = await open(archive)
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === name) return zip.openReadStreamPromise(entry)
  }
  return undefined
}

async function open(path: string) {
  const { default: yauzl } = await import('yauzl')
  return yauzl.openPromise(path)
}
