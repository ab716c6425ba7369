/** A part of what a viewer sees: one array of numbers, or one value as JSON, under a name. */

/** Arrays a part may be. */
export type PartArray = Uint8Array | Int32Array | Uint16Array | Uint32Array | Float32Array | Float64Array

export const arrayTypes = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const

export type ArrayType = keyof typeof arrayTypes
export type PartType = ArrayType | 'json'

/** A part as it is kept and sent: bytes that are never changed, and the version at which they last did. */
export interface Part {
  readonly type: PartType
  readonly bytes: Uint8Array
  readonly version: number
}

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()

export function typeOf(array: PartArray): ArrayType {
  for (const [type, kind] of Object.entries(arrayTypes)) if (array instanceof kind) return type as ArrayType
  return 'u8'
}

/** The bytes of an array, uncopied. */
export function bytesOf(array: PartArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

export function jsonBytes(value: unknown): Uint8Array {
  return utf8.encode(JSON.stringify(value))
}

export function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(fromUtf8.decode(bytes))
}

/** An array over the bytes; copied only where they are not aligned for its type. */
export function arrayOf(type: ArrayType, bytes: Uint8Array): PartArray {
  const kind = arrayTypes[type]
  const { BYTES_PER_ELEMENT: size } = kind
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  return new kind(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / size)
}

export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
