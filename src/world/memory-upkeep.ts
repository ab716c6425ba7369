/** Upkeep of a memory in Chroma: filled again from a run's ledger, and compared with it. */

import { existsSync } from 'node:fs'
import {
  caseId,
  chromaVectors,
  type Embedder,
  embedderNamed,
  OtherEmbedding,
  outcomeCollection,
  type PastCase,
  scopeOf,
  TradeMemory,
  type VectorStore,
  vectorMemoryLimits,
  vectorsIn,
} from '../memory/index.js'
import { finishedTradePages, type RunDirectory } from '../storage/index.js'
import { type PastTradeCollection, pastTradeCollections } from '../trading/index.js'

interface RebuiltMemory {
  /** Trades of the ledger: stored now, there already, and too old to be kept. */
  readonly trades: number
  readonly stored: number
  readonly known: number
  readonly retired: number
  /** Trades of the run that its ledger does not have, and the store no longer. */
  readonly removed: number
  /** Whether the collections were of another embedding, and were emptied first. */
  readonly emptied: boolean
}

interface CollectionCheck {
  readonly collection: PastTradeCollection
  /** Trades of the run: in the ledger and in the store. */
  readonly ledger: number
  readonly store: number
  /** In the ledger and not in the store, and the other way round; ids of the first of them. */
  readonly missing: number
  /** Not in the store because later ones of the scope took their place. */
  readonly retired: number
  readonly orphans: number
  readonly first: readonly string[]
}

export interface MemoryCheck {
  readonly embedding: string
  readonly dimension: number
  readonly collections: readonly CollectionCheck[]
}

interface MemoryUpkeep {
  /** `show` hears how many trades of how many are done. */
  rebuild(show: (done: number, of: number) => void): Promise<RebuiltMemory>
  /** Refuses collections of another embedding. */
  check(): Promise<MemoryCheck>
  close(): Promise<void>
}

const idsListed = 5

interface UpkeepOptions {
  readonly run: RunDirectory
  readonly embedder: Embedder
  readonly store: VectorStore
}

/** @param url where Chroma is. */
export async function openMemoryUpkeep(run: RunDirectory, url: string): Promise<MemoryUpkeep> {
  const embedder = await embedderNamed(process.env.MYCELIA_EMBEDDING || undefined)
  return memoryUpkeep({ run, embedder, store: await chromaVectors({ url, embedding: embedder }) })
}

/** @internal */
export function memoryUpkeep(options: UpkeepOptions): MemoryUpkeep {
  return {
    rebuild: show => rebuild(options, show),
    check: () => check(options),
    close: () => options.store.close(),
  }
}

async function rebuild(
  { run, embedder, store }: UpkeepOptions,
  show: (done: number, of: number) => void,
): Promise<RebuiltMemory> {
  const emptied = await emptyOthers(store)
  const memory = new TradeMemory({ embedder, store })
  let of = 0
  for (const page of pagesOf(run)) of += page.length
  let trades = 0
  for (const page of pagesOf(run)) {
    await memory.remember(page)
    trades += page.length
    show(trades, of)
  }
  const removed = await removeOrphans({ run, embedder, store })
  const { remembered: stored, known, retired } = memory.counters()
  return { trades, stored, known, retired, removed, emptied }
}

/** What no ledger knows must not answer. */
async function removeOrphans({ run, store }: UpkeepOptions): Promise<number> {
  const known = new Set<string>()
  for (const page of pagesOf(run)) for (const past of page) known.add(caseId(past))
  const own = { run: placeOf(run).run }
  let removed = 0
  for (const name of pastTradeCollections) {
    const orphans: string[] = []
    for await (const { id } of vectorsIn(store, name, own)) if (!known.has(id)) orphans.push(id)
    if (orphans.length > 0) await store.remove(name, orphans)
    if (name === 'agent_knowledge') removed = orphans.length
  }
  return removed
}

/** Collections of another embedding are of no use to anyone any more. */
async function emptyOthers(store: VectorStore): Promise<boolean> {
  try {
    for (const name of pastTradeCollections) await store.count(name)
    return false
  } catch (error) {
    if (!(error instanceof OtherEmbedding)) throw error
    for (const name of pastTradeCollections) await store.drop(name)
    return true
  }
}

/** When each trade was closed, by the id of its case. */
type Closed = ReadonlyMap<string, number>

async function check({ run, embedder, store }: UpkeepOptions): Promise<MemoryCheck> {
  const expected = new Map(pastTradeCollections.map(name => [name, new Map<string, number>()]))
  for (const page of pagesOf(run))
    for (const past of page)
      for (const name of ['agent_knowledge', outcomeCollection(past)] as const)
        expected.get(name)?.set(caseId(past), past.trade.exitTime)
  const place = placeOf(run)
  const full = await oldestOfFull(store, place.market)
  const collections: CollectionCheck[] = []
  for (const [name, trades] of expected) collections.push(await checkCollection(store, place.run, name, trades, full))
  return { embedding: embedder.name, dimension: embedder.dimension, collections }
}

/** When the oldest trade of a full scope was closed: what is older made room. −∞: there is room. */
async function oldestOfFull(store: VectorStore, market: string): Promise<number> {
  if ((await store.count('agent_knowledge', { market })) < vectorMemoryLimits.tradesPerScope) return Number.NEGATIVE_INFINITY
  let oldest = Number.POSITIVE_INFINITY
  for await (const { metadata } of vectorsIn(store, 'agent_knowledge', { market }))
    oldest = Math.min(oldest, Number(metadata.closedAt))
  return oldest
}

async function checkCollection(
  store: VectorStore,
  run: string,
  collection: PastTradeCollection,
  trades: Closed,
  oldestKept: number,
): Promise<CollectionCheck> {
  const absent = new Map(trades)
  const orphans: string[] = []
  let found = 0
  for await (const { id } of vectorsIn(store, collection, { run })) {
    found++
    if (!absent.delete(id)) orphans.push(id)
  }
  const missing = [...absent].filter(([, closedAt]) => !(closedAt <= oldestKept)).map(([id]) => id)
  const [retired, first] = [absent.size - missing.length, [...missing, ...orphans].slice(0, idsListed)]
  return { collection, ledger: trades.size, store: found, missing: missing.length, retired, orphans: orphans.length, first }
}

function* pagesOf(run: RunDirectory): Generator<PastCase[]> {
  const ledger = run.file('trades.db')
  if (!existsSync(ledger)) return
  const place = placeOf(run)
  for (const page of finishedTradePages(ledger)) yield page.map(trade => ({ ...place, trade }))
}

function placeOf({ manifest: { runId, verb, scenario } }: RunDirectory): { run: string; market: string } {
  return { run: runId, market: scopeOf({ verb, scenario }) }
}
