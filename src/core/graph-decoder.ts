/** Reads object graphs back. */

import { type ByteReader, CorruptBytes } from './bytes.js'
import { Tag, typedKinds } from './graph-format.js'
import { noReferences, type References, type Saveable, saveableKinds } from './saveable.js'

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

  /** `names`: from saved names to those of the fields, where they differ. */
  fields(into: object, names?: ReadonlyMap<string, string>): object {
    const n = this.bytes.u32()
    for (let i = 0; i < n; i++) {
      const saved = this.bytes.text()
      const key = names?.get(saved) ?? saved
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
    const prototype = saveableKinds.get(name)
    if (prototype === undefined) throw new CorruptBytes(`The bytes hold a "${name}", which this build does not know.`)
    const object = this.remember(Object.create(prototype) as Saveable)
    object.loadState(this.value())
    return object
  }
}
