/** The files of a built page, read once: only what stood in the folder is served, so no path leads out of it. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { serverLimits } from './limits.js'

export interface StaticFile {
  readonly type: string
  readonly body: Uint8Array
  readonly etag: string
  readonly caching: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** The bundler puts a hash of the content into these names, so one of them never changes. */
const hashed = /^\/assets\/.+-[\w-]{8,}\.\w+$/

/** By path of the URL; `/` is `index.html`. Symbolic links are left out. Throws an `OperatorError` where there is no page, or too much. */
export function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(join(folder, 'index.html')))
    throw new OperatorError({
      what: 'the page of the viewer',
      expected: `index.html in ${folder}`,
      got: 'none',
      next: 'Run: npm run build',
    })
  const files = new Map<string, StaticFile>()
  let bytes = 0
  for (const path of pathsIn(folder, '')) {
    const body = readFileSync(join(folder, path))
    bytes += body.length
    if (files.size >= serverLimits.files || bytes > serverLimits.fileBytes) throw tooMuch(folder)
    files.set(path, described(path, body))
  }
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)
  return files
}

function* pathsIn(folder: string, under: string): IterableIterator<string> {
  for (const entry of readdirSync(join(folder, under), { withFileTypes: true })) {
    const path = `${under}/${entry.name}`
    if (entry.isDirectory()) yield* pathsIn(folder, path)
    else if (entry.isFile()) yield path
  }
}

function described(path: string, body: Uint8Array): StaticFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const caching = hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
  return { type: types[extname(path)] ?? 'application/octet-stream', body, etag, caching }
}

function tooMuch(folder: string): OperatorError {
  const { files, fileBytes } = serverLimits
  const expected = `at most ${files} files of ${fileBytes / 1024 / 1024} MB together`
  return new OperatorError({ what: `the page in ${folder}`, expected, got: 'more' })
}
