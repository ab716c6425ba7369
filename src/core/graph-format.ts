/** The tags of the canonical encoding, and how a number is written: what encoder, decoder and facts agree on. */

import type { ByteWriter } from './bytes.js'

export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  double: 4,
  integer: 5,
  text: 6,
  array: 7,
  object: 8,
  map: 9,
  set: 10,
  typed: 11,
  again: 12,
  reference: 13,
  kernel: 14,
} as const

export const typedKinds = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
] as const

export function writeNumber(out: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    out.u8(Tag.integer)
    out.i64(value)
  } else {
    out.u8(Tag.double)
    out.f64(value)
  }
}
