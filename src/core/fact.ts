/** A fact's canonical bytes: what a message adds to the digest. */

import type { ByteWriter } from './bytes.js'
import { Tag, writeNumber } from './graph-format.js'
import { NotSaveable } from './saveable.js'

/** Appends a fact's canonical bytes: it is plain data without shared objects, so it needs no table of seen objects. */
export function writeFact(out: ByteWriter, value: unknown): void {
  switch (typeof value) {
    case 'number':
      return writeNumber(out, value)
    case 'string':
      out.u8(Tag.text)
      return out.text(value)
    case 'boolean':
      return out.u8(value ? Tag.true : Tag.false)
    case 'undefined':
      return out.u8(Tag.undefined)
    case 'object':
      return writePlainObject(out, value)
    default:
      throw new NotSaveable(`A fact holds a ${typeof value}; facts are plain data.`)
  }
}

function writePlainObject(out: ByteWriter, value: object | null): void {
  if (value === null) return out.u8(Tag.null)
  if (Array.isArray(value)) {
    out.u8(Tag.array)
    out.u32(value.length)
    for (const item of value) writeFact(out, item)
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new NotSaveable(`A fact holds a ${value.constructor.name}; facts are plain data.`)
  const keys = Object.keys(value)
  out.u8(Tag.object)
  out.u32(keys.length)
  for (const key of keys) {
    out.text(key)
    writeFact(out, (value as Record<string, unknown>)[key])
  }
}
