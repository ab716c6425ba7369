/** `notices.jsonl`: one line a notice, exactly one also after a crash, because the outbox says which lines are missing. */

import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs'
import type { StoredNotice } from '../../storage/index.js'
import { opsLimits } from '../limits.js'

/** Bytes of the end of the file that are read: more than a line has. */
const tailBytes = 65_536

export class Audit {
  /** The number of the last notice that has its line. */
  last: number
  /** Lines that could not be written; they are, once the disk takes them. */
  unwritten = 0

  constructor(private readonly path: string) {
    cutTornLine(path)
    this.last = lastIn(path) ?? lastIn(`${path}.1`) ?? 0
  }

  /** Writes what has no line yet. */
  append(notices: readonly StoredNotice[]): void {
    const missing = notices.filter(({ id }) => id > this.last)
    const newest = missing.at(-1)
    if (newest === undefined) return
    try {
      this.rotate()
      appendFileSync(this.path, missing.map(lineOf).join(''))
      this.last = newest.id
    } catch {
      this.unwritten += missing.length
      cutTornLine(this.path)
    }
  }

  private rotate(): void {
    if (existsSync(this.path) && statSync(this.path).size > opsLimits.auditBytes) renameSync(this.path, `${this.path}.1`)
  }
}

function lineOf({ id, severity, key, text, runId, time, state }: StoredNotice): string {
  return `${JSON.stringify({ id, time: new Date(time).toISOString(), severity, key, run: runId, text, repeats: state === 'repeated' })}\n`
}

function lastIn(path: string): number | undefined {
  const lines = tailOf(path).split('\n').filter(Boolean)
  const { id } = lines.length === 0 ? {} : (JSON.parse(lines.at(-1) ?? '{}') as { id?: number })
  return id
}

/** A crash may leave half a line at the end. */
function cutTornLine(path: string): void {
  const tail = tailOf(path)
  const torn = Buffer.byteLength(tail.slice(tail.lastIndexOf('\n') + 1))
  if (torn > 0) truncateSync(path, statSync(path).size - torn)
}

function tailOf(path: string): string {
  if (!existsSync(path)) return ''
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, tailBytes))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString('utf8')
  } finally {
    closeSync(file)
  }
}
