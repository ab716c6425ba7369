/** Vectors in this process, compared one by one: exact, deterministic, bounded. */

import { checkedCount } from '../core/index.js'
import { checkDimension } from './dimension.js'
import { vectorMemoryLimits } from './limits.js'
import {
  byDistance,
  type Filter,
  type FoundVector,
  meets,
  type StoredVector,
  type VectorQuery,
  type VectorStore,
} from './vector-store.js'

export interface EmbeddedVectors extends VectorStore {
  readonly name: 'embedded'
  /** Vectors that made room for newer ones. */
  evicted(): number
}

/** An empty store for vectors of `dimension`, at most `capacity` a collection. */
export function embeddedVectors(dimension: number, capacity: number = vectorMemoryLimits.embeddedVectors): EmbeddedVectors {
  checkedCount('capacity of the embedded store', capacity)
  const collections = new Map<string, Collection>()
  const of = (name: string) => {
    const known = collections.get(name) ?? new Collection(dimension, capacity)
    collections.set(name, known)
    return known
  }
  return {
    name: 'embedded',
    dimension,
    async upsert(collection, items) {
      for (const { vector } of items) checkDimension(vector, dimension)
      for (const item of items) of(collection).put(item)
    },
    async query(collection, question) {
      checkDimension(question.vector, dimension)
      return of(collection).nearest(question)
    },
    count: async (collection, where) => of(collection).count(where),
    page: async (collection, where, from, size) => of(collection).page(where, from, size),
    remove: async (collection, ids) => of(collection).remove(ids),
    async drop(collection) {
      collections.delete(collection)
    },
    async close() {
      collections.clear()
    },
    evicted: () => [...collections.values()].reduce((sum, { evicted }) => sum + evicted, 0),
  }
}

/** The vectors stand in one array, a row a slot, so that a query reads memory in order. A map from id to slot keeps the order of storing. */
class Collection {
  evicted = 0
  private readonly slots = new Map<string, number>()
  private readonly items: StoredVector[] = []
  private rows: Float32Array

  constructor(
    private readonly dimension: number,
    private readonly capacity: number,
  ) {
    this.rows = new Float32Array(0)
  }

  put(item: StoredVector): void {
    const known = this.slots.get(item.id)
    if (known === undefined && this.items.length === this.capacity) this.evict()
    const slot = known ?? this.items.length
    if (slot * this.dimension === this.rows.length) this.grow()
    this.slots.set(item.id, slot)
    this.items[slot] = item
    this.rows.set(item.vector, slot * this.dimension)
  }

  count(where: Filter | undefined): number {
    return where === undefined ? this.items.length : this.items.filter(({ metadata }) => meets(metadata, where)).length
  }

  page(where: Filter | undefined, from: number, size: number): StoredVector[] {
    const found: StoredVector[] = []
    let passed = 0
    for (const slot of this.slots.values()) {
      if (found.length === size) break
      const item = this.items[slot] as StoredVector
      if (meets(item.metadata, where) && passed++ >= from) found.push(item)
    }
    return found
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.removeOne(id)
  }

  /** The k nearest. A filter is looked at only where the distance is short enough, as most are not. */
  nearest({ vector, k, where }: VectorQuery): FoundVector[] {
    const best: FoundVector[] = []
    if (k < 1) return best
    let limit = Number.POSITIVE_INFINITY
    const wanted = Float64Array.from(vector)
    for (let slot = 0; slot < this.items.length; slot++) {
      const distance = squaredDistance(this.rows, slot * this.dimension, wanted, limit)
      if (distance > limit || !meets((this.items[slot] as StoredVector).metadata, where)) continue
      insert(best, { ...(this.items[slot] as StoredVector), distance }, k)
      if (best.length === k) limit = (best[k - 1] as FoundVector).distance
    }
    return best
  }

  private evict(): void {
    const [oldest] = this.slots.keys()
    if (oldest === undefined) return
    this.removeOne(oldest)
    this.evicted++
  }

  /** The last slot's vector moves into the gap. */
  private removeOne(id: string): void {
    const slot = this.slots.get(id)
    if (slot === undefined) return
    this.slots.delete(id)
    const last = this.items.pop() as StoredVector
    if (last.id === id) return
    this.items[slot] = last
    this.slots.set(last.id, slot)
    this.rows.set(last.vector, slot * this.dimension)
  }

  private grow(): void {
    const slots = Math.min(this.capacity, Math.max(64, this.items.length * 2))
    const larger = new Float32Array(slots * this.dimension)
    larger.set(this.rows)
    this.rows = larger
  }
}

/** Numbers of a row between two looks at whether it is too far already. */
const stride = 8

/**
 * From the row at `from`; where that is more than `limit`, any number above it, as most rows are too far after a few numbers.
 * Two sums, as one would wait for itself at every addition: a third less time.
 */
function squaredDistance(rows: Float32Array, from: number, wanted: Float64Array, limit: number): number {
  let even = 0
  let odd = 0
  let d = 0
  while (d + 1 < wanted.length) {
    for (const end = Math.min(d + stride, wanted.length - 1); d < end; d += 2) {
      const a = (rows[from + d] as number) - (wanted[d] as number)
      const b = (rows[from + d + 1] as number) - (wanted[d + 1] as number)
      even += a * a
      odd += b * b
    }
    if (even + odd > limit) return even + odd
  }
  if (d < wanted.length) even += ((rows[from + d] as number) - (wanted[d] as number)) ** 2
  return even + odd
}

/** Into its place among at most `k`. */
function insert(best: FoundVector[], found: FoundVector, k: number): void {
  let at = best.length
  while (at > 0 && byDistance(best[at - 1] as FoundVector, found) > 0) at--
  if (at >= k) return
  best.splice(at, 0, found)
  if (best.length > k) best.pop()
}
