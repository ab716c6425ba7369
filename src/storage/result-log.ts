/**
 * Results by number, as they come: an append-only file of lines, each a checksum and JSON. What is appended survives the death of the
 * process at once, and a power cut from the next sync on; a line that was cut off in its middle is dropped when the file is opened.
 */

import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { fault } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { storageLimits } from './limits.js'

const newline = 10

export class ResultLog {
  private readonly file: number
  /** Where the line of each result begins, and its bytes; 0 bytes: there is none. */
  private readonly begins: Float64Array
  private readonly bytes: Uint32Array
  private readonly encoder = new TextEncoder()
  private readonly decoder = new TextDecoder()
  /** Bytes of whole lines. */
  private length = 0
  private count = 0

  private constructor(
    readonly path: string,
    results: number,
    flags: string,
  ) {
    this.begins = new Float64Array(results)
    this.bytes = new Uint32Array(results)
    this.file = withRetry(path, 'opening', 0, () => {
      fault('storage.open')
      return openSync(path, flags)
    })
  }

  /**
   * Opens the log of so many results for writing, or begins it; what was cut off is removed from its end. One process may have it open.
   * @throws CorruptFile where a line before the last ones is damaged.
   */
  static open(path: string, results: number): ResultLog {
    const log = new ResultLog(path, results, existsSync(path) ? 'r+' : 'w+')
    try {
      log.readLines()
      withRetry(path, 'cutting back', 0, () => ftruncateSync(log.file, log.length))
      return log
    } catch (error) {
      log.close()
      throw error
    }
  }

  /** Opens an existing log for reading alone. */
  static read(path: string, results: number): ResultLog {
    const log = new ResultLog(path, results, 'r')
    try {
      log.readLines()
      return log
    } catch (error) {
      log.close()
      throw error
    }
  }

  /** How many results there are. */
  get size(): number {
    return this.count
  }

  has(index: number): boolean {
    return (this.bytes[index] ?? 0) > 0
  }

  /** Writes a result down, plain data; one that is there already stays. */
  append(index: number, result: unknown): void {
    if (this.has(index)) return
    const json = `${index} ${JSON.stringify(result)}`
    const line = this.encoder.encode(`${checksum(json)} ${json}\n`)
    withRetry(this.path, 'writing', line.length, () => {
      fault('storage.result')
      // At a fixed place, so that a failed write can be repeated.
      for (let at = 0; at < line.length; ) at += writeSync(this.file, line, at, line.length - at, this.length + at)
    })
    this.know(index, this.length, line.length)
    this.length += line.length
  }

  /** What was appended under this number. */
  get(index: number): unknown {
    const size = this.bytes[index] ?? 0
    if (size === 0) return undefined
    const line = parsed(this.decoder.decode(this.readAt(this.begins[index] ?? 0, size - 1)))
    if (line === undefined) throw this.corrupt(`result ${index}`)
    return line.result()
  }

  /** From here on a power cut loses nothing of what was appended. */
  sync(): void {
    withRetry(this.path, 'syncing', 0, () => {
      fault('storage.sync')
      fsyncSync(this.file)
    })
  }

  close(): void {
    closeSync(this.file)
  }

  private know(index: number, begins: number, bytes: number): void {
    if (index >= this.bytes.length) throw this.corrupt(`a result below ${this.bytes.length}`)
    if (!this.has(index)) this.count++
    this.begins[index] = begins
    this.bytes[index] = bytes
  }

  /** Learns the places of all whole lines, a piece of the file in memory at a time. */
  private readLines(): void {
    const { size } = fstatSync(this.file)
    let rest = new Uint8Array(0)
    for (let at = 0; at < size; ) {
      const piece = this.readAt(at, Math.min(storageLimits.spoolBufferBytes, size - at))
      at += piece.length
      const text = joined(rest, piece)
      let from = 0
      for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, from)) {
        if (!this.readLine(text.subarray(from, end), size)) return
        from = end + 1
      }
      rest = text.slice(from)
    }
  }

  /** False at the damaged end of the file. */
  private readLine(bytes: Uint8Array, size: number): boolean {
    const line = parsed(this.decoder.decode(bytes))
    if (line === undefined) {
      // A power cut may leave the end of a file without what was written there; a write at a time is lost so, at most.
      if (size - this.length > storageLimits.spoolBufferBytes) throw this.corrupt('whole lines')
      return false
    }
    this.know(line.index, this.length, bytes.length + 1)
    this.length += bytes.length + 1
    return true
  }

  private readAt(begins: number, size: number): Uint8Array {
    const bytes = new Uint8Array(size)
    withRetry(this.path, 'reading', 0, () => {
      fault('storage.read')
      for (let at = 0; at < size; ) {
        const got = readSync(this.file, bytes, at, size - at, begins + at)
        if (got === 0) throw this.corrupt(`${size} bytes at ${begins}`)
        at += got
      }
    })
    return bytes
  }

  private corrupt(expected: string): CorruptFile {
    return new CorruptFile(this.path, {
      what: `reading ${this.path}`,
      expected,
      got: 'a damaged file',
      next: 'Remove it, and make its runs again.',
    })
  }
}

/** A line's number, and its result when it is asked for; undefined where the line is damaged. */
function parsed(line: string): { index: number; result: () => unknown } | undefined {
  const [, sum, json = '', index, result = ''] = /^([0-9a-f]{8}) ((\d+) (.*))$/s.exec(line) ?? []
  if (sum === undefined || sum !== checksum(json)) return undefined
  return { index: Number(index), result: () => JSON.parse(result) }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
