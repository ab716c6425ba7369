/** A frame on its way: a header that names the parts, then their bytes, each aligned for any type of number. */

import { OperatorError } from '../core/index.js'
import { arrayTypes, jsonBytes, jsonOf, type Part, type PartType } from './part.js'

export interface Frame {
  readonly epoch: number
  readonly version: number
  readonly parts: readonly (readonly [string, Part])[]
}

interface Header {
  readonly epoch: number
  readonly version: number
  /** Name, type, length in bytes and version of each part, in the order of their bytes. */
  readonly parts: readonly (readonly [string, PartType, number, number])[]
}

const alignment = 8
const prefix = 4

export function encodeFrame({ epoch, version, parts }: Frame): Uint8Array<ArrayBuffer> {
  const header = jsonBytes({
    epoch,
    version,
    parts: parts.map(([name, part]) => [name, part.type, part.bytes.length, part.version]),
  } satisfies Header)
  const start = aligned(prefix + header.length)
  const frame = new Uint8Array(parts.reduce((end, [, { bytes }]) => end + aligned(bytes.length), start))
  new DataView(frame.buffer).setUint32(0, header.length, true)
  frame.set(header, prefix)
  let at = start
  for (const [, { bytes }] of parts) {
    frame.set(bytes, at)
    at += aligned(bytes.length)
  }
  return frame
}

/** The parts are views of the frame's bytes. Throws an `OperatorError` where it is cut short or no frame. */
export function decodeFrame(frame: Uint8Array): Frame {
  const { epoch, version, parts, start } = headerOf(frame)
  let at = start
  const decoded = parts.map(([name, type, length, partVersion]): [string, Part] => {
    if (!(type === 'json' || type in arrayTypes) || at + length > frame.length) throw noFrame('parts within its length')
    const bytes = frame.subarray(at, at + length)
    at += aligned(length)
    return [name, { type, bytes, version: partVersion }]
  })
  return { epoch, version, parts: decoded }
}

function headerOf(frame: Uint8Array): Header & { start: number } {
  if (frame.length < prefix) throw noFrame('a header')
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true)
  if (prefix + length > frame.length) throw noFrame('a whole header')
  try {
    const header = jsonOf(frame.subarray(prefix, prefix + length)) as Header
    return { ...header, start: aligned(prefix + length) }
  } catch {
    throw noFrame('a header of JSON')
  }
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

function noFrame(expected: string): OperatorError {
  return new OperatorError({ what: 'a frame of a view', expected, got: 'bytes that are none' })
}
