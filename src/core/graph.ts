/**
 * Canonical encoding of object graphs: what a checkpoint holds and a digest covers. Plain data, typed arrays, `Map`,
 * `Set` and kernel objects; key order is kept; an object reached twice is written once and then by number.
 */

import { ByteReader, ByteWriter, CorruptBytes } from './bytes.js'
import { MyceliaError } from './errors.js'

/** An object that cannot be saved, by its path. */
export class NotSaveable extends MyceliaError {
  override name = 'NotSaveable'
}

/** A kernel object (set, space, stream …) that writes its own state and is rebuilt without its constructor. */
export interface Saveable {
  saveState(): unknown
  loadState(state: unknown): void
}

interface SaveableClass {
  readonly savedAs: string
  readonly prototype: Saveable
}

const kinds = new Map<string, Saveable>()
const names = new Map<object, string>()

/** Makes a class of kernel objects known to the encoder by its stable name. */
export function registerSaveable(kind: SaveableClass): void {
  kinds.set(kind.savedAs, kind.prototype)
  names.set(kind.prototype, kind.savedAs)
}

/** Objects the encoder does not own: agents and models, written as a number and found again by it. */
export interface References {
  /** The number of an outside object, or undefined where it is not one. */
  numberOf(object: object): number | undefined
  find(number: number): object
}

export const noReferences: References = {
  numberOf: () => undefined,
  find: n => {
    throw new CorruptBytes(`Unknown reference ${n}.`)
  },
}

const Tag = {
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

const typedKinds = [
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

/**
 * Digests hash the canonical form, in which −0 is 0; checkpoints keep −0 as it is, for `Math.atan2` and a division tell the
 * two apart, and a resumed run must not.
 */
export type EncodingForm = 'canonical' | 'exact'

/** Writes values into one byte stream; `again` numbers run over everything one encoder has written. */
export class GraphEncoder {
  private readonly seen = new Map<object, number>()
  private readonly buffers = new Set<ArrayBufferLike>()
  constructor(
    readonly out = new ByteWriter(),
    private readonly references: References = noReferences,
    private readonly form: EncodingForm = 'canonical',
  ) {}

  value(value: unknown, path = ''): void {
    const { out } = this
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
        throw new NotSaveable(
          `${path || 'value'} holds a ${typeof value}, which cannot be saved. Keep plain data, typed arrays, Map, Set or agents.`,
        )
    }
  }

  /** The own fields of an object in their order, without a tag: how an agent is written. */
  fields(object: object, keys: readonly string[], path: string): void {
    this.out.u32(keys.length)
    for (const key of keys) {
      this.out.text(key)
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
    const kernel = prototype === null ? undefined : names.get(prototype as object)
    if (kernel !== undefined) {
      out.u8(Tag.kernel)
      out.text(kernel)
      return this.value((object as Saveable).saveState(), path)
    }
    if (prototype !== Object.prototype && prototype !== null) {
      throw new NotSaveable(
        `${path || 'value'} holds a ${object.constructor?.name ?? 'object'}, which cannot be saved. Keep plain data, typed arrays, Map, Set or agents.`,
      )
    }
    out.u8(Tag.object)
    this.fields(object, Object.keys(object), path)
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
    if (kind < 0) throw new NotSaveable(`${path} holds a ${array.constructor.name}, which cannot be saved.`)
    if (this.buffers.has(array.buffer))
      throw new NotSaveable(`${path} shares its memory with another array, which cannot be saved.`)
    this.buffers.add(array.buffer)
    this.out.u8(Tag.typed)
    this.out.u8(kind)
    this.out.u32(array.byteLength)
    this.out.raw(bytesOfArray(array))
  }
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

function writeNumber(out: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    out.u8(Tag.integer)
    out.i64(value)
  } else {
    out.u8(Tag.double)
    out.f64(value)
  }
}

/** Reads what a `GraphEncoder` wrote, in the same order. */
export class GraphDecoder {
  private readonly seen: object[] = []
  constructor(
    readonly bytes: ByteReader,
    private readonly references: References = noReferences,
  ) {}

  value(): unknown {
    const { bytes } = this
    const tag = bytes.u8()
    switch (tag) {
      case Tag.undefined:
        return undefined
      case Tag.null:
        return null
      case Tag.false:
        return false
      case Tag.true:
        return true
      case Tag.double:
        return bytes.f64()
      case Tag.integer:
        return bytes.i64()
      case Tag.text:
        return bytes.text()
      case Tag.array:
        return this.array()
      case Tag.object:
        return this.fields(this.remember({}))
      case Tag.map:
        return this.map()
      case Tag.set:
        return this.set()
      case Tag.typed:
        return this.typed()
      case Tag.again:
        return this.again(bytes.u32())
      case Tag.reference:
        return this.references.find(bytes.u32())
      case Tag.kernel:
        return this.kernel()
      default:
        throw new CorruptBytes(`Unknown tag ${tag} at byte ${bytes.at - 1}.`)
    }
  }

  fields(into: object): object {
    const n = this.bytes.u32()
    for (let i = 0; i < n; i++) {
      const key = this.bytes.text()
      Object.defineProperty(into, key, { value: this.value(), writable: true, enumerable: true, configurable: true })
    }
    return into
  }

  private remember<T extends object>(object: T): T {
    this.seen.push(object)
    return object
  }

  private again(number: number): object {
    const object = this.seen[number]
    if (object === undefined) throw new CorruptBytes(`Reference to object ${number}, but only ${this.seen.length} were read.`)
    return object
  }

  private array(): unknown[] {
    const n = this.bytes.u32()
    const list: unknown[] = this.remember([])
    for (let i = 0; i < n; i++) list.push(this.value())
    return list
  }

  private map(): Map<unknown, unknown> {
    const n = this.bytes.u32()
    const map = this.remember(new Map<unknown, unknown>())
    for (let i = 0; i < n; i++) {
      const key = this.value()
      map.set(key, this.value())
    }
    return map
  }

  private set(): Set<unknown> {
    const n = this.bytes.u32()
    const set = this.remember(new Set<unknown>())
    for (let i = 0; i < n; i++) set.add(this.value())
    return set
  }

  private typed(): ArrayBufferView {
    const kind = typedKinds[this.bytes.u8()]
    if (kind === undefined) throw new CorruptBytes(`Unknown typed array at byte ${this.bytes.at}.`)
    const raw = this.bytes.raw(this.bytes.u32())
    return this.remember(new kind(raw.buffer as ArrayBuffer))
  }

  private kernel(): object {
    const name = this.bytes.text()
    const prototype = kinds.get(name)
    if (prototype === undefined) throw new CorruptBytes(`The bytes hold a "${name}", which this build does not know.`)
    const object = this.remember(Object.create(prototype) as Saveable)
    object.loadState(this.value())
    return object
  }
}

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

/** Appends a fact's canonical bytes: plain data, nothing shared, so no table of seen objects is kept. */
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
