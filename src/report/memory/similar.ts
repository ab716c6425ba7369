/** The past trades nearest to a trade, among those that a memory would have kept at its entry: the latest closed before, as many as it keeps. */

import { closest, OperatorError } from '../../core/index.js'
import { finishedTrade, RunDirectory } from '../../storage/index.js'
import {
  distanceByFeature,
  exactPastTradeStore,
  featureWeights,
  newFeatureMoments,
  observeFeatures,
  pastTradeOf,
  type Recall,
  recallOf,
} from '../../trading/index.js'
import { reportLimits } from '../limits.js'
import { type FoundTrade, foundTrade, ledgerOf } from './found.js'
import { type KnownTrade, pastTradesOf } from './past-trades.js'

/** Trades whose names a misspelt one is compared with: the latest. */
const idsCompared = 2_000

export interface SimilarTrades {
  readonly trade: string
  /** Trades closed before its entry: all that may be near. */
  readonly closedBefore: number
  /** What their record does to a confidence. */
  readonly recall: Recall
  readonly nearest: readonly FoundTrade[]
}

/** Refuses a trade that the mycelial portfolio of the run did not finish. */
export function similarTrades(run: string, tradeId: string): SimilarTrades {
  const ledger = ledgerOf(run)
  const subject = tradeIn(ledger, tradeId)
  const store = exactPastTradeStore(RunDirectory.read(run).manifest.verb === 'live' ? reportLimits.searchedTrades : undefined)
  const moments = newFeatureMoments()
  let closedBefore = 0
  for (const { exitTime, past } of pastTradesOf(ledger)) {
    if (!(exitTime < subject.entryTime)) continue
    store.add(past)
    observeFeatures(moments, past.vector, past.win)
    closedBefore++
  }
  const neighbours = store.query({ vector: subject.past.vector, before: subject.entryTime, k: reportLimits.foundTrades })
  const weights = featureWeights(moments)
  const known = byId(ledger, new Set(neighbours.map(({ id }) => id)))
  const nearest = neighbours.flatMap(({ id }) => {
    const near = known.get(id)
    return near === undefined
      ? []
      : [foundTrade(near, distanceByFeature(weights, subject.past.vector, near.past.vector), subject.past.vector)]
  })
  return { trade: tradeId, closedBefore, recall: recallOf(neighbours, subject.past.moat), nearest }
}

function tradeIn(ledger: string, tradeId: string): KnownTrade {
  const found = finishedTrade(ledger, tradeId)
  if (found !== undefined) return { ...found, past: pastTradeOf(found) }
  const ids = Array.from(pastTradesOf(ledger), trade => trade.tradeId).slice(-idsCompared)
  const near = closest(tradeId, ids)
  const last = near === undefined ? `The latest is "${ids.at(-1)}".` : `Did you mean "${near}"?`
  throw new OperatorError({
    what: `Unknown trade "${tradeId}"`,
    next:
      ids.length === 0
        ? 'The mycelial portfolio of this run finished no trade, and memory knows no other.'
        : `Memory knows the finished trades of the mycelial portfolio. ${last}`,
  })
}

function byId(ledger: string, wanted: ReadonlySet<string>): Map<string, KnownTrade> {
  const found = new Map<string, KnownTrade>()
  for (const trade of pastTradesOf(ledger)) if (wanted.has(trade.tradeId)) found.set(trade.tradeId, trade)
  return found
}
