/** Past trades that fit a question, ranked by the features it names. */

import {
  distanceByFeature,
  featureWeights,
  newFeatureMoments,
  observeFeatures,
  type PastTradeFeature,
  pastTradeFeatureNames,
  type TradeVector,
  tradeVector,
} from '../../trading/index.js'
import { reportLimits } from '../limits.js'
import { type FoundTrade, foundTrade, ledgerOf } from './found.js'
import { Latest } from './map.js'
import { type KnownTrade, pastTradesOf } from './past-trades.js'
import { namedMoats, readQuestion, type TradeQuestion } from './question.js'

export interface FoundTrades {
  readonly question: TradeQuestion
  /** Of each feature named, the value that the trades found are nearest to: the 95th or the 5th percentile of the run's trades. */
  readonly near: Readonly<Partial<Record<PastTradeFeature, number>>>
  /** Trades that fit, and of all that were looked at. */
  readonly fitting: number
  readonly of: number
  /** The best ones; without a feature the newest. */
  readonly trades: readonly FoundTrade[]
}

const percentiles = { high: 0.95, low: 0.05 } as const

/** Refuses a word that the question's grammar does not know. */
export function searchTrades(run: string, text: string): FoundTrades {
  const latest = new Latest<KnownTrade>(reportLimits.searchedTrades)
  const moments = newFeatureMoments()
  for (const trade of pastTradesOf(ledgerOf(run))) {
    observeFeatures(moments, trade.past.vector, trade.past.win)
    latest.add(trade)
  }
  const all = latest.list()
  const question = readQuestion(text, namesIn(all))
  const near = targetsOf(question, all)
  const weights = featureWeights(moments)
  const fitting = all.filter(trade => fits(trade, question))
  const ranked = fitting
    .map(trade => {
      const subject = askedVector(near, trade)
      return foundTrade(trade, distanceByFeature(weights, subject, trade.past.vector), subject)
    })
    .sort((a, b) => a.distance - b.distance || b.closed - a.closed || (a.trade < b.trade ? -1 : 1))
  return { question, near, fitting: fitting.length, of: all.length, trades: ranked.slice(0, reportLimits.foundTrades) }
}

function namesIn(trades: readonly KnownTrade[]) {
  return {
    pairs: new Set(trades.map(({ pair }) => pair)),
    agents: new Set(trades.map(({ agent }) => agent)),
    moats: new Set([...namedMoats, ...trades.flatMap(({ past }) => past.moat ?? [])]),
  }
}

/** What is asked of a feature must be known of a trade. */
function fits(trade: KnownTrade, { won, direction, pair, regime, moat, agent, features }: TradeQuestion): boolean {
  const agrees = (wanted: unknown, is: unknown) => wanted === null || wanted === is
  return (
    agrees(won, trade.past.win) &&
    agrees(direction, trade.direction) &&
    agrees(pair, trade.pair) &&
    agrees(regime, trade.features.regime) &&
    agrees(moat, trade.past.moat) &&
    agrees(agent, trade.agent) &&
    features.every(({ name }) => Number.isFinite(reading(trade, name)))
  )
}

/** The value as people read it: RSI from 0 to 100, whatever the direction; a prediction in the direction of the trade. */
function reading({ features, direction, prediction, crossMoatScore }: KnownTrade, name: PastTradeFeature): number {
  if (name === 'prediction') return direction * (prediction ?? Number.NaN)
  if (name === 'crossMoat') return crossMoatScore
  return name === 'direction' ? direction : (features[name] ?? Number.NaN)
}

function targetsOf({ features }: TradeQuestion, trades: readonly KnownTrade[]): Partial<Record<PastTradeFeature, number>> {
  const targets: Partial<Record<PastTradeFeature, number>> = {}
  for (const { name, high } of features) {
    const values = trades
      .map(trade => reading(trade, name))
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    const place = Math.round((high ? percentiles.high : percentiles.low) * (values.length - 1))
    targets[name] = values[place] ?? Number.NaN
  }
  return targets
}

/** The targets as a trade of this direction would have them; all other features unknown, so that they add nothing. */
function askedVector(near: Partial<Record<PastTradeFeature, number>>, { direction, past }: KnownTrade): TradeVector {
  const of = (name: PastTradeFeature) => near[name] ?? null
  const made = tradeVector({
    direction,
    prediction: near.prediction === undefined ? null : direction * near.prediction,
    crossMoatScore: near.crossMoat ?? Number.NaN,
    features: {
      rsi: of('rsi'),
      macd: of('macd'),
      bollinger: of('bollinger'),
      atr: of('atr'),
      volume: of('volume'),
      trend: of('trend'),
      regime: Number.NaN,
    },
  })
  return past.vector.map((_, d) =>
    near[pastTradeFeatureNames[d] as PastTradeFeature] === undefined ? Number.NaN : (made[d] as number),
  )
}
