/**
 * Canonical encoding of object graphs: what a checkpoint holds and a digest covers. Plain data, typed arrays, `Map`,
 * `Set` and kernel objects; key order is kept; an object reached twice is written once and then by number.
 */

import { ByteReader } from './bytes.js'
import { GraphDecoder } from './graph-decoder.js'
import { GraphEncoder } from './graph-encoder.js'

/** The canonical bytes of a plain value. */
export function encodeValue(value: unknown): Uint8Array {
  const encoder = new GraphEncoder()
  encoder.value(value)
  return encoder.out.copy()
}

/** As `encodeValue`, with −0 kept: what checkpoints are made of. */
export function encodeExact(value: unknown): Uint8Array {
  const encoder = new GraphEncoder(undefined, undefined, 'exact')
  encoder.value(value)
  return encoder.out.copy()
}

export function decodeValue(bytes: Uint8Array): unknown {
  return new GraphDecoder(new ByteReader(bytes)).value()
}
