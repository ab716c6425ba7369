/** Looks for values that cannot be saved: what a checkpoint would find, among some values at a bounded price, or among all of them. */

import { typedKinds } from './graph-format.js'
import { cannotSave, type References, saveableNames } from './saveable.js'

/** How much is looked at of one array, `Map` or `Set`, and below one object. */
const limits = {
  some: { elements: 16, values: 2_000 },
  all: { elements: Number.POSITIVE_INFINITY, values: Number.POSITIVE_INFINITY },
} as const

export class SaveableProbe {
  private readonly seen = new Set<object>()
  private left = 0

  constructor(
    private readonly references: References,
    private readonly howMuch: keyof typeof limits = 'some',
  ) {}

  /** Looks below some fields of an object. Throws `NotSaveable` with the path of the first value found that cannot be saved. */
  fields(object: object, keys: readonly string[], path: string): void {
    this.left = limits[this.howMuch].values
    this.properties(object, keys, path)
  }

  /** Looks at a value, and below it. */
  value(value: unknown, path: string): void {
    this.left = limits[this.howMuch].values
    this.visit(value, path)
  }

  private properties(object: object, keys: readonly string[], path: string): void {
    for (const key of keys) {
      if (this.left <= 0) return
      this.visit((object as Record<string, unknown>)[key], `${path}.${key}`)
    }
  }

  private visit(value: unknown, path: string): void {
    this.left--
    const kind = typeof value
    if (kind === 'function' || kind === 'symbol' || kind === 'bigint') throw cannotSave(value, path)
    if (typeof value === 'object' && value !== null && !this.isKnown(value)) this.below(value, path)
  }

  /** Agents, the model and their sets are looked at for themselves, and kernel objects know how to save themselves. */
  private isKnown(object: object): boolean {
    if (this.seen.has(object) || this.references.numberOf(object) !== undefined) return true
    this.seen.add(object)
    return saveableNames.has(Object.getPrototypeOf(object) as object)
  }

  private below(object: object, path: string): void {
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype === Array.prototype) return this.elements(object as unknown[], path)
    if (prototype === Map.prototype) return this.entries(object as Map<unknown, unknown>, path)
    if (prototype === Set.prototype) return this.items(object as Set<unknown>, path)
    if (prototype === Object.prototype || prototype === null) return this.properties(object, Object.keys(object), path)
    if (!typedKinds.some(kind => kind.prototype === prototype)) throw cannotSave(object, path)
  }

  /** The first, the last, and some between. */
  private elements(list: readonly unknown[], path: string): void {
    const stride = Math.max(1, Math.floor(list.length / limits[this.howMuch].elements))
    for (let i = 0; i < list.length && this.left > 0; i += stride) this.visit(list[i], `${path}[${i}]`)
    if (list.length > 0) this.visit(list[list.length - 1], `${path}[${list.length - 1}]`)
  }

  private entries(map: ReadonlyMap<unknown, unknown>, path: string): void {
    let n = 0
    for (const [key, value] of map) {
      if (n++ >= limits[this.howMuch].elements || this.left <= 0) return
      this.visit(key, `${path} key`)
      this.visit(value, `${path}[${String(key)}]`)
    }
  }

  private items(set: ReadonlySet<unknown>, path: string): void {
    let n = 0
    for (const item of set) {
      if (n >= limits[this.howMuch].elements || this.left <= 0) return
      this.visit(item, `${path}[${n++}]`)
    }
  }
}
