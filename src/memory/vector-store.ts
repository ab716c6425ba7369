/** What memory asks of a store of vectors: in this process, or a server's. One conformance suite tests all. */

/** A value beside a vector. */
export type Scalar = string | number | boolean

export interface StoredVector {
  readonly id: string
  readonly vector: Float32Array
  readonly metadata: Readonly<Record<string, Scalar>>
  /** The text the vector stands for, for people who look into the store. */
  readonly document?: string
}

export interface FoundVector extends StoredVector {
  /** Squared Euclidean distance to the vector asked for. */
  readonly distance: number
}

/** Equal to a value, or less than a number, which is for fields of whole numbers. */
export type Condition = Scalar | { readonly lt: number }

/** Conditions on metadata, by field. Every one must hold; a field that is not there meets none. */
export type Filter = Readonly<Record<string, Condition>>

export interface VectorQuery {
  readonly vector: Float32Array
  /** Most vectors found. */
  readonly k: number
  readonly where?: Filter | undefined
}

export interface VectorStore {
  readonly name: 'embedded' | 'chroma'
  /** Of every vector. One of another length is refused with an `OperatorError`. */
  readonly dimension: number
  /** Stores each; one whose id is known replaces the old one, in its place. */
  upsert(collection: string, items: readonly StoredVector[]): Promise<void>
  /** The nearest first, and where two are equally near the smaller id. */
  query(collection: string, question: VectorQuery): Promise<FoundVector[]>
  count(collection: string, where?: Filter): Promise<number>
  /** At most `size` from the `from`th on, in the order in which their ids were first stored. */
  page(collection: string, where: Filter | undefined, from: number, size: number): Promise<StoredVector[]>
  /** Removes each; an id that is not there is no error. */
  remove(collection: string, ids: readonly string[]): Promise<void>
  /** Empties a collection, and forgets which embedding it is of. */
  drop(collection: string): Promise<void>
  close(): Promise<void>
}

const pageSize = 5_000

/** Every vector of a collection that meets the conditions, a page in memory at a time. */
export async function* vectorsIn(store: VectorStore, collection: string, where?: Filter): AsyncGenerator<StoredVector> {
  for (let from = 0, full = true; full; from += pageSize) {
    const page = await store.page(collection, where, from, pageSize)
    yield* page
    full = page.length === pageSize
  }
}

/** Whether metadata meets every condition. */
export function meets(metadata: Readonly<Record<string, Scalar>>, where: Filter | undefined): boolean {
  if (where === undefined) return true
  for (const field in where) {
    const condition = where[field] as Condition
    const value = metadata[field]
    if (typeof condition === 'object' ? !(typeof value === 'number' && value < condition.lt) : value !== condition) return false
  }
  return true
}

/** The order of answers: nearest first, then by id. */
export function byDistance(a: FoundVector, b: FoundVector): number {
  return a.distance - b.distance || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
