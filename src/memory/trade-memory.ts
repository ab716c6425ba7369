/** Memory of finished trades: what is remembered, which past trades are like a new one, and how many are kept. */

import { checkedCount, type TimeMs } from '../core/index.js'
import {
  featureWeights,
  type Neighbour,
  nearestOf,
  observeFeatures,
  type PastTradeCollection,
  pastTradeCollections,
  pastTradeOf,
  type TradeContext,
  tradeVector,
} from '../trading/index.js'
import type { Embedder } from './embedder.js'
import { KeptTrades } from './kept-trades.js'
import { vectorMemoryLimits } from './limits.js'
import { caseId, type FoundTrade, foundTrade, outcomeCollection, type PastCase, storedCase } from './past-case.js'
import { byDistance, type Filter, type VectorStore, vectorsIn } from './vector-store.js'

export interface TradeMemoryOptions {
  readonly embedder: Embedder
  readonly store: VectorStore
  /** Past trades kept in a scope; default 100,000. */
  readonly keep?: number
}

export interface CandidateQuery {
  readonly subject: TradeContext
  /** The scope. */
  readonly market: string
  /** Only trades that closed before this instant. */
  readonly before: TimeMs
  /** The run that asks: its own trades are named without it. */
  readonly run?: string | undefined
  /** Only this agent's. */
  readonly agent?: string | undefined
  /** Most that are found; default 100, to be ranked again by their features. */
  readonly k?: number | undefined
}

export interface TradeMemoryCounters {
  /** Stored by this process. */
  readonly remembered: number
  /** Known already, and not stored again. */
  readonly known: number
  /** Removed, or not stored at all, as `keep` later ones are there. */
  readonly retired: number
}

const outcomes: readonly PastTradeCollection[] = ['trading_patterns', 'failed_patterns']

export class TradeMemory {
  private readonly keep: number
  private readonly embedder: Embedder
  private readonly store: VectorStore
  private readonly scopes = new Map<string, Promise<KeptTrades>>()
  private remembered = 0
  private known = 0
  private retired = 0

  constructor({ embedder, store, keep = vectorMemoryLimits.tradesPerScope }: TradeMemoryOptions) {
    checkedCount('trades kept in memory', keep)
    this.embedder = embedder
    this.store = store
    this.keep = keep
  }

  counters(): TradeMemoryCounters {
    return { remembered: this.remembered, known: this.known, retired: this.retired }
  }

  /** Stores the trades that are not there yet. It may be repeated after a failure: no trade is stored twice. */
  async remember(cases: readonly PastCase[]): Promise<void> {
    for (const market of new Set(cases.map(each => each.market)))
      await this.rememberIn(
        market,
        cases.filter(each => each.market === market),
      )
  }

  /** The nearest past trades of the scope, nearest first. */
  async candidates({ subject, market, before, agent, k = 100 }: CandidateQuery): Promise<FoundTrade[]> {
    const vector = await this.questionOf(subject, market)
    const where: Filter = { market, closedAt: { lt: before }, ...(agent === undefined ? {} : { agent }) }
    const collections: readonly PastTradeCollection[] = agent === undefined ? outcomes : ['agent_knowledge']
    const found = await Promise.all(collections.map(name => this.store.query(name, { vector, k, where })))
    const nearest = found.flat().sort(byDistance).slice(0, k)
    return nearest.map(({ id, metadata, distance }) => foundTrade(id, metadata, distance))
  }

  /** The nearest of the candidates by their features, each weighted by what told wins from losses in the scope. */
  async similar({ k, ...question }: CandidateQuery): Promise<Neighbour[]> {
    const { moments } = await this.keptIn(question.market)
    const own = `${question.run}/`
    const found = (await this.candidates(question)).map(trade => ({ ...trade, id: withoutStart(trade.id, own) }))
    return nearestOf(found, { vector: tradeVector(question.subject), ...(k === undefined ? {} : { k }) }, featureWeights(moments))
  }

  private async questionOf(subject: TradeContext, market: string): Promise<Float32Array> {
    if (this.embedder.question !== undefined)
      return this.embedder.question(subject, featureWeights((await this.keptIn(market)).moments))
    const [vector = new Float32Array()] = await this.embedder.embed([subject])
    return vector
  }

  /** Forgets what it knows of the store's content, which another process may have changed. */
  lookAgain(): void {
    this.scopes.clear()
  }

  private async rememberIn(market: string, cases: readonly PastCase[]): Promise<void> {
    const kept = await this.keptIn(market)
    const fresh = new Map(cases.filter(each => !kept.has(caseId(each))).map(each => [caseId(each), each]))
    const wanted = [...fresh].filter(([id, { trade }]) => kept.wants(trade.exitTime, id)).map(([, each]) => each)
    await this.write(wanted)
    for (const each of wanted) {
      kept.add(each.trade.exitTime, caseId(each))
      const { vector, win } = pastTradeOf(each.trade)
      observeFeatures(kept.moments, vector, win)
    }
    this.known += cases.length - fresh.size
    this.remembered += wanted.length
    this.retired += fresh.size - wanted.length
    await this.retire(kept)
  }

  /** The collection of outcomes comes last, because a trade that is found there counts as stored. */
  private async write(cases: readonly PastCase[]): Promise<void> {
    if (cases.length === 0) return
    const vectors = await this.embedder.embed(cases.map(({ trade }) => trade))
    const items = cases.map((each, i) => storedCase(each, vectors[i] as Float32Array))
    await this.store.upsert('agent_knowledge', items)
    for (const name of outcomes) {
      const group = items.filter((_, i) => outcomeCollection(cases[i] as PastCase) === name)
      if (group.length > 0) await this.store.upsert(name, group)
    }
  }

  private async retire(kept: KeptTrades): Promise<void> {
    const ids = kept.excess()
    if (ids.length === 0) return
    // The mirror of writing: a trade that is still among the outcomes counts as stored, and is removed again.
    for (const name of [...pastTradeCollections].reverse()) await this.store.remove(name, ids)
    kept.removeFirst(ids.length)
    this.retired += ids.length
  }

  private keptIn(market: string): Promise<KeptTrades> {
    const known = this.scopes.get(market)
    if (known !== undefined) return known
    const reading = this.readKept(market)
    this.scopes.set(market, reading)
    reading.catch(() => this.scopes.delete(market))
    return reading
  }

  private async readKept(market: string): Promise<KeptTrades> {
    const kept = new KeptTrades(this.keep)
    for (const name of outcomes) {
      for await (const { id, metadata } of vectorsIn(this.store, name, { market })) {
        const { closedAt, vector, win } = foundTrade(id, metadata, 0)
        kept.add(closedAt, id)
        observeFeatures(kept.moments, vector, win)
      }
    }
    return kept
  }
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text
}
