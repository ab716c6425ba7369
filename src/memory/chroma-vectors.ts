/**
 * Vectors in a Chroma server. Nothing is tried twice here: a request that fails with a `TransientError` is its caller's to repeat.
 * The space is squared Euclidean, because that is the distance between standardised features, which a cosine would lose.
 */

import type { ChromaClient, Collection, Metadata, Where } from 'chromadb'
import { OperatorError } from '../core/index.js'
import { chromaProblem, OtherEmbedding } from './chroma-problem.js'
import { checkDimension } from './dimension.js'
import { vectorMemoryLimits } from './limits.js'
import { type ChromaModule, loadChroma } from './load-chroma.js'
import {
  byDistance,
  type Condition,
  type Filter,
  type FoundVector,
  meets,
  type StoredVector,
  type VectorQuery,
  type VectorStore,
} from './vector-store.js'

export interface ChromaOptions {
  /** `http://127.0.0.1:8000` */
  readonly url: string
  /** Whose vectors these are. A collection of another embedding is refused. */
  readonly embedding: { readonly name: string; readonly dimension: number }
  /** Milliseconds an operation may take, with all its requests. */
  readonly requestMs?: number
  readonly load?: () => Promise<ChromaModule>
}

/** The server takes 5,461 at once at most. */
const batchSize = 5_000
/** How many are asked for in place of k, one after another, until enough are left when the filter is applied here. */
const widenings = [1.25, 5] as const
/** Neighbours the server's graph looks at: of 100,000 trades it then finds more than .99 of the nearest. */
const searchWidth = 200

/** A store in the server at `url`. The server is first asked when something is stored or looked up. */
export async function chromaVectors(options: ChromaOptions): Promise<VectorStore> {
  const { ChromaClient: Client } = await loadChroma(options.load)
  return new ChromaVectors(new Requests(Client, options), options.embedding)
}

/** Whether a Chroma server answers at `url` within `ms`. */
export async function chromaAnswers(url: string, ms = 1_000): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/api/v2/heartbeat', url), { signal: AbortSignal.timeout(ms) })
    return answer.ok && 'nanosecond heartbeat' in ((await answer.json()) as object)
  } catch {
    return false
  }
}

class ChromaVectors implements VectorStore {
  readonly name = 'chroma'
  readonly dimension: number
  /** Ids of the collections by name, looked up once. */
  private readonly ids = new Map<string, string>()

  constructor(
    private readonly requests: Requests,
    private readonly embedding: ChromaOptions['embedding'],
  ) {
    this.dimension = embedding.dimension
  }

  async upsert(name: string, items: readonly StoredVector[]): Promise<void> {
    for (const { vector } of items) checkDimension(vector, this.dimension)
    // A server refuses an id that comes twice in a request.
    const once = [...new Map(items.map(item => [item.id, item])).values()]
    for (let from = 0; from < once.length; from += batchSize) {
      const batch = once.slice(from, from + batchSize)
      await this.at(name, collection => collection.upsert(recordsOf(batch)))
    }
  }

  /**
   * A filter costs the server a look at every row (0.8 s of 100,000), so more are asked for without it and it is applied here. Where
   * too few are left, the server filters: it then compares all that meet the filter.
   */
  async query(name: string, { vector, k, where }: VectorQuery): Promise<FoundVector[]> {
    checkDimension(vector, this.dimension)
    if (k < 1) return []
    return this.at(name, async collection => {
      if (where === undefined) return nearest(collection, vector, k)
      for (const widening of widenings) {
        const wanted = Math.ceil(k * widening)
        const found = await nearest(collection, vector, wanted)
        const met = found.filter(({ metadata }) => meets(metadata, where))
        if (met.length >= k || found.length < wanted) return met.slice(0, k)
      }
      return nearest(collection, vector, k, where)
    })
  }

  count(name: string, where?: Filter): Promise<number> {
    return this.at(name, async collection => {
      if (where === undefined) return collection.count()
      return (await collection.get({ where: whereOf(where), include: [] })).ids.length
    })
  }

  page(name: string, where: Filter | undefined, from: number, size: number): Promise<StoredVector[]> {
    return this.at(name, async collection => {
      const found = await collection.get({
        ...(where === undefined ? {} : { where: whereOf(where) }),
        include: ['embeddings', 'metadatas', 'documents'],
        offset: from,
        limit: size,
      })
      return found.ids.map((id, i) => stored(id, found.embeddings[i], found.metadatas[i], found.documents[i]))
    })
  }

  async remove(name: string, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += batchSize) {
      await this.at(name, collection => collection.delete({ ids: ids.slice(from, from + batchSize) }))
    }
  }

  async drop(name: string): Promise<void> {
    this.ids.delete(name)
    await this.requests.ask(async client => {
      try {
        await client.deleteCollection({ name })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    })
  }

  async close(): Promise<void> {
    this.ids.clear()
  }

  /** Works on a collection, made where it is not there. */
  private at<T>(name: string, work: (collection: Collection) => Promise<T>): Promise<T> {
    return this.requests.ask(async client => {
      const id = this.ids.get(name) ?? (await this.open(client, name))
      this.ids.set(name, id)
      try {
        return await work(client.collection(id))
      } catch (error) {
        // Somebody made the collections anew: the next request looks its id up again.
        if (isNotFound(error)) this.ids.delete(name)
        throw error
      }
    })
  }

  private async open(client: ChromaClient, name: string): Promise<string> {
    const { id, metadata } = await getOrCreate(client, name, { embedding: this.embedding.name, dimension: this.dimension })
    if (metadata?.['embedding'] === this.embedding.name && metadata['dimension'] === this.dimension) return id
    throw new OtherEmbedding({
      what: `Chroma's collection "${name}" has vectors of ${embeddingText(metadata?.['embedding'], metadata?.['dimension'])}`,
      expected: `those of ${embeddingText(this.embedding.name, this.dimension)}`,
      next: 'Choose that embedding, or run: mycelia memory rebuild',
    })
  }
}

/** Requests with a limit of time. A client is made for each, as its signal is one of the client's. */
class Requests {
  private readonly server: { readonly host: string; readonly port: number; readonly ssl: boolean }
  private readonly requestMs: number

  constructor(
    private readonly Client: ChromaModule['ChromaClient'],
    { url, requestMs }: ChromaOptions,
  ) {
    this.server = addressOf(url)
    this.requestMs = requestMs ?? vectorMemoryLimits.requestMs
  }

  async ask<T>(work: (client: ChromaClient) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(this.requestMs)
    const place = { tenant: 'default_tenant', database: 'default_database' }
    try {
      return await work(new this.Client({ ...this.server, ...place, fetchOptions: { signal } }))
    } catch (error) {
      throw chromaProblem(error, signal.aborted ? this.requestMs : undefined)
    }
  }
}

function addressOf(url: string): { host: string; port: number; ssl: boolean } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new OperatorError({ what: "the address of Chroma's server", expected: 'one like http://127.0.0.1:8000', got: url })
  }
  const ssl = parsed.protocol === 'https:'
  return { host: parsed.hostname, port: Number(parsed.port) || (ssl ? 443 : 80), ssl }
}

/** Not `getOrCreateCollection`: that one writes its metadata over what is there. */
async function getOrCreate(client: ChromaClient, name: string, metadata: Metadata): Promise<Collection> {
  try {
    return await client.getCollection({ name })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  const configuration = { hnsw: { space: 'l2', ef_search: searchWidth } } as const
  try {
    return await client.createCollection({ name, metadata, embeddingFunction: null, configuration })
  } catch (error) {
    if ((error as Error).name !== 'ChromaUniqueError') throw error
    return client.getCollection({ name })
  }
}

async function nearest(collection: Collection, vector: Float32Array, k: number, where?: Filter): Promise<FoundVector[]> {
  const answer = await collection.query({
    queryEmbeddings: [[...vector]],
    nResults: k,
    include: ['distances', 'embeddings', 'metadatas', 'documents'],
    ...(where === undefined ? {} : { where: whereOf(where) }),
  })
  const { ids, distances, embeddings, metadatas, documents } = answer
  const found = (ids[0] ?? []).map((id, i) => ({
    ...stored(id, embeddings[0]?.[i], metadatas[0]?.[i], documents[0]?.[i]),
    distance: distances[0]?.[i] ?? Number.POSITIVE_INFINITY,
  }))
  return found.sort(byDistance)
}

function recordsOf(items: readonly StoredVector[]) {
  const documents = items.some(({ document }) => document !== undefined)
  return {
    ids: items.map(({ id }) => id),
    embeddings: items.map(({ vector }) => [...vector]),
    metadatas: items.map(({ metadata }) => metadata),
    ...(documents ? { documents: items.map(({ document }) => document ?? '') } : {}),
  }
}

function stored(
  id: string,
  embedding: readonly number[] | null | undefined,
  metadata: Metadata | null | undefined,
  document: string | null | undefined,
): StoredVector {
  const known = (metadata ?? {}) as StoredVector['metadata']
  const vector = Float32Array.from(embedding ?? [])
  return document ? { id, vector, metadata: known, document } : { id, vector, metadata: known }
}

/** One condition stands alone; more need an `$and`. */
function whereOf(where: Filter): Where {
  const conditions = Object.entries(where).map(([field, condition]): Where => ({ [field]: conditionOf(condition) }))
  return conditions.length === 1 ? (conditions[0] as Where) : { $and: conditions }
}

/** The server compares whole numbers with whole ones only: 9 is not less than its 9.5. */
function conditionOf(condition: Condition) {
  return typeof condition === 'object' ? { $lt: Math.ceil(condition.lt) } : { $eq: condition }
}

function embeddingText(name: unknown, dimension: unknown): string {
  return name === undefined ? 'no known embedding' : `the embedding "${String(name)}" with ${String(dimension)} numbers`
}

function isNotFound(error: unknown): boolean {
  return (error as { name?: unknown }).name === 'ChromaNotFoundError'
}
