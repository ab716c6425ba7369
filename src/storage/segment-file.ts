/**
 * A closed segment of the journal as a file: the rows of consecutive ticks, compressed. Rows carry no hash of their own: each follows
 * from the one before, and the last one stands at the end, so that a reader knows all or nothing.
 */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { ByteReader, ByteWriter, CorruptBytes, fault } from '../core/index.js'
import { CorruptFile, withRetry } from './errors.js'
import { type HashedTick, tickHash } from './journal-rows.js'

export interface SegmentHead {
  /** The ticks after `from`, up to and including `to`. */
  readonly from: number
  readonly to: number
  /** Times of the first and of the last one. */
  readonly fromTime: number
  readonly toTime: number
  /** The hash of tick `from`. */
  readonly before: Uint8Array
}

/** A segment that was read, and is whole. */
export interface Segment extends SegmentHead {
  readonly ticks: readonly HashedTick[]
  /** The hash of tick `to`. */
  readonly hash: Uint8Array
}

const magic = new TextEncoder().encode('MYCELIAJ')
const version = 1
const headBytes = 8 + 1 + 4 * 8 + 32
const Flag = { step: 1, chain: 2, chainAsBefore: 4, record: 8, recordAsBefore: 16 } as const

/** At this quality a day's journal is half of what gzip makes of it, in the same time. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

export function compressed(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, quality)
}

/** Throws `CorruptFile` where the bytes are not what {@link compressed} made. */
export function decompressed(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(brotliDecompressSync(bytes))
  } catch {
    throw notWritten(path, 'the bytes that were written')
  }
}

/** The bytes of a segment; there is at least one tick. */
export function encodeSegment(before: Uint8Array, ticks: readonly HashedTick[]): Uint8Array {
  const [first, last] = [ticks[0] as HashedTick, ticks.at(-1) as HashedTick]
  const out = new ByteWriter()
  out.raw(magic)
  out.u8(version)
  for (const n of [first.tick - 1, last.tick, first.time, last.time]) out.f64(n)
  out.raw(before)
  let [chain, record]: (Uint8Array | null)[] = [null, null]
  for (const tick of ticks) {
    const sameChain = isSame(chain ?? null, tick.chain)
    const sameRecord = isSame(record ?? null, tick.record)
    out.u8(
      (tick.isStep ? Flag.step : 0) +
        (sameChain ? Flag.chainAsBefore : tick.chain === null ? 0 : Flag.chain) +
        (sameRecord ? Flag.recordAsBefore : tick.record === null ? 0 : Flag.record),
    )
    out.f64(tick.time)
    if (!sameChain) short(out, tick.chain)
    if (!sameRecord) short(out, tick.record)
    out.u32(tick.inputs.length)
    out.raw(tick.inputs)
    chain = tick.chain
    record = tick.record
  }
  out.raw(last.hash)
  return compressed(out.written())
}

/** Reads a segment and checks every tick; `CorruptFile` where one is not as it was written. */
export function readSegment(path: string): Segment {
  const file = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return readFileSync(path)
  })
  const bytes = decompressed(path, file)
  try {
    return decoded(path, bytes)
  } catch (error) {
    throw error instanceof CorruptBytes || error instanceof RangeError ? notWritten(path, 'whole ticks') : error
  }
}

/** Reads only the beginning of a segment, unchecked. */
export function readSegmentHead(path: string): SegmentHead {
  const beginning = withRetry(path, 'reading', 0, () => {
    const file = openSync(path, 'r')
    try {
      const bytes = new Uint8Array(4_096)
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
    } finally {
      closeSync(file)
    }
  })
  try {
    const finishFlush = constants.BROTLI_OPERATION_FLUSH
    return head(path, new ByteReader(new Uint8Array(brotliDecompressSync(beginning, { finishFlush }))))
  } catch (error) {
    throw error instanceof CorruptFile ? error : notWritten(path, 'the beginning of a segment')
  }
}

function head(path: string, reader: ByteReader): SegmentHead {
  const isSegment = reader.raw(magic.length).every((byte, i) => byte === magic[i]) && reader.u8() === version
  if (!isSegment) throw notWritten(path, `a segment of version ${version}`)
  const [from, to, fromTime, toTime] = [reader.f64(), reader.f64(), reader.f64(), reader.f64()]
  return { from, to, fromTime, toTime, before: reader.raw(32).slice() }
}

function decoded(path: string, bytes: Uint8Array): Segment {
  const reader = new ByteReader(bytes)
  const about = head(path, reader)
  const writer = new ByteWriter()
  const ticks: HashedTick[] = []
  let hash = about.before
  let [chain, record]: (Uint8Array | null)[] = [null, null]
  for (let tick = about.from + 1; tick <= about.to; tick++) {
    const flags = reader.u8()
    const time = reader.f64()
    if ((flags & Flag.chainAsBefore) === 0) chain = (flags & Flag.chain) === 0 ? null : readShort(reader)
    if ((flags & Flag.recordAsBefore) === 0) record = (flags & Flag.record) === 0 ? null : readShort(reader)
    const inputs = reader.raw(reader.u32())
    const read = { tick, time, isStep: (flags & Flag.step) !== 0, inputs, chain: chain ?? null, record: record ?? null }
    hash = tickHash(writer, hash, read)
    ticks.push({ ...read, hash })
  }
  const written = reader.raw(32)
  if (Buffer.compare(hash, written) !== 0 || reader.at !== bytes.length) throw notWritten(path, 'the ticks that were written')
  if (bytes.length < headBytes) throw notWritten(path, 'a whole segment')
  return { ...about, ticks, hash }
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a !== null && b !== null ? Buffer.compare(a, b) === 0 : a === b
}

function short(out: ByteWriter, bytes: Uint8Array | null): void {
  if (bytes === null) return
  out.u8(bytes.length)
  out.raw(bytes)
}

function readShort(reader: ByteReader): Uint8Array {
  return reader.raw(reader.u8())
}

function notWritten(path: string, expected: string): CorruptFile {
  return new CorruptFile(path, {
    what: `reading the journal of ${path}`,
    expected,
    got: 'others',
    next: 'Restore the file from a copy; nothing was changed.',
  })
}
