/** Writes object graphs: plain data, typed arrays, `Map`, `Set` and kernel objects, each object once and then by number. */

import { ByteWriter } from './bytes.js'
import { Tag, typedKinds, writeNumber } from './graph-format.js'
import { cannotSave, NotSaveable, noReferences, type References, type Saveable, saveableNames } from './saveable.js'

/**
 * Digests hash the canonical form, in which −0 is 0; checkpoints keep −0 as it is, for `Math.atan2` and a division tell the
 * two apart, and a resumed run must not.
 */
export type EncodingForm = 'canonical' | 'exact'

/** A byte of what is written, and the path of the innermost value that it belongs to. */
export interface Trace {
  readonly at: number
  path: string
  /** Where the byte is of a number of fields: where that number ends. */
  fieldsFrom?: number
}

/** Writes values into one byte stream; `again` numbers run over everything one encoder has written. */
export class GraphEncoder {
  private readonly seen = new Map<object, number>()
  private readonly buffers = new Set<ArrayBufferLike>()
  constructor(
    readonly out = new ByteWriter(),
    private readonly references: References = noReferences,
    private readonly form: EncodingForm = 'canonical',
    /** Filled with the path at its byte, to say in what two encodings differ. */
    private trace?: Trace,
  ) {}

  value(value: unknown, path = ''): void {
    const { out } = this
    if (this.trace !== undefined) this.note(path)
    switch (typeof value) {
      case 'number':
        return value === 0 && this.form === 'exact' && Object.is(value, -0) ? writeNegativeZero(out) : writeNumber(out, value)
      case 'string':
        out.u8(Tag.text)
        return out.text(value)
      case 'boolean':
        return out.u8(value ? Tag.true : Tag.false)
      case 'undefined':
        return out.u8(Tag.undefined)
      case 'object':
        return value === null ? out.u8(Tag.null) : this.object(value, path)
      default:
        throw cannotSave(value, path)
    }
  }

  /** The own fields of an object in their order, without a tag: how an agent is written. `names`: those saved under another name. */
  fields(object: object, keys: readonly string[], path: string, names?: ReadonlyMap<string, string>): void {
    if (this.trace !== undefined) this.noteCount(path, this.trace)
    this.out.u32(keys.length)
    for (const key of keys) {
      if (this.trace !== undefined) this.note(`${path}.${key}`)
      this.out.text(names?.get(key) ?? key)
      this.value((object as Record<string, unknown>)[key], `${path}.${key}`)
    }
  }

  private object(object: object, path: string): void {
    const { out } = this
    const reference = this.references.numberOf(object)
    if (reference !== undefined) {
      out.u8(Tag.reference)
      return out.u32(reference)
    }
    const again = this.seen.get(object)
    if (again !== undefined) {
      out.u8(Tag.again)
      return out.u32(again)
    }
    this.seen.set(object, this.seen.size)
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype === Array.prototype) return this.list(Tag.array, object as unknown[], (object as unknown[]).length, path)
    if (prototype === Map.prototype) return this.entries(object as Map<unknown, unknown>, path)
    if (prototype === Set.prototype) return this.list(Tag.set, object as Set<unknown>, (object as Set<unknown>).size, path)
    if (ArrayBuffer.isView(object)) return this.typed(object, path)
    const kernel = prototype === null ? undefined : saveableNames.get(prototype as object)
    if (kernel !== undefined) {
      out.u8(Tag.kernel)
      out.text(kernel)
      return this.kernelObject(object as Saveable, path)
    }
    if (prototype !== Object.prototype && prototype !== null) throw cannotSave(object, path)
    out.u8(Tag.object)
    this.fields(object, Object.keys(object), path)
  }

  private kernelObject(object: Saveable, path: string): void {
    const state = object.saveState()
    const { trace } = this
    if (trace !== undefined && !isOwnFields(state, object)) this.trace = undefined
    this.value(state, path)
    this.trace = trace
  }

  /** Values are noted in the order they are written in, so that the last note at or before the byte is the innermost one. */
  private note(path: string): void {
    if (this.trace !== undefined && this.out.length <= this.trace.at) this.trace.path = path
  }

  private noteCount(path: string, trace: Trace): void {
    const end = this.out.length + 4
    this.note(path)
    if (this.out.length <= trace.at && trace.at < end) trace.fieldsFrom = end
  }

  private noteElement(array: ArrayBufferView, path: string, byte: number): void {
    const { BYTES_PER_ELEMENT: size } = array as Float64Array
    if (byte >= 0 && byte < array.byteLength) this.note(`${path}[${Math.floor(byte / size)}]`)
  }

  private list(tag: number, items: Iterable<unknown>, size: number, path: string): void {
    this.out.u8(tag)
    this.out.u32(size)
    let i = 0
    for (const item of items) this.value(item, `${path}[${i++}]`)
  }

  private entries(map: Map<unknown, unknown>, path: string): void {
    this.out.u8(Tag.map)
    this.out.u32(map.size)
    for (const [key, value] of map) {
      this.value(key, `${path} key`)
      this.value(value, `${path}[${String(key)}]`)
    }
  }

  private typed(array: ArrayBufferView, path: string): void {
    const kind = typedKinds.findIndex(k => Object.getPrototypeOf(array) === k.prototype)
    if (kind < 0) throw cannotSave(array, path)
    if (this.buffers.has(array.buffer))
      throw new NotSaveable(`${path} shares its memory with another array, which cannot be saved.`, path)
    this.buffers.add(array.buffer)
    this.out.u8(Tag.typed)
    this.out.u8(kind)
    this.out.u32(array.byteLength)
    if (this.trace !== undefined) this.noteElement(array, path, this.trace.at - this.out.length)
    this.out.raw(bytesOfArray(array))
  }
}

/** Whether a state names fields of its object, as a layer's does: then a trace can say which. What else a kernel object saves is its own affair. */
function isOwnFields(state: unknown, object: object): boolean {
  return typeof state === 'object' && state !== null && Object.keys(state).every(name => Object.hasOwn(object, name))
}

/** The bytes of an array, every NaN with the same ones: a processor makes them with either sign. */
function bytesOfArray(array: ArrayBufferView): Uint8Array {
  const isFloat = array instanceof Float64Array || array instanceof Float32Array
  const clean = isFloat && hasNaN(array) ? array.map(x => (Number.isNaN(x) ? Number.NaN : x)) : array
  return new Uint8Array(clean.buffer, clean.byteOffset, clean.byteLength)
}

function hasNaN(array: Float64Array | Float32Array): boolean {
  for (let i = 0; i < array.length; i++) if (Number.isNaN(array[i])) return true
  return false
}

function writeNegativeZero(out: ByteWriter): void {
  out.u8(Tag.double)
  out.negativeZero()
}
