/** Fractional Kelly: without an edge hardly anything is staked, and a small edge is used nearly as well as by the one who knows it. */

import { HOUR_MS, math, rootOf, Stream } from '../../src/core/index.js'
import {
  type Estimate,
  estimate,
  interval,
  median,
  type Part,
  ratioEstimate,
  sumOf,
  wilson,
} from '../../src/experiment/statistics/index.js'
import { type GateKeeper, gateOnBar, gateOnTrade, houseRules, judge, newGate } from '../../src/trading/index.js'
import { brief, type Check, percent, seeds } from './check.js'
import { madeAccount, madeIntent, madeTrade } from './made-trades.js'

const trades = 2_000
const sharpe = 0.1
/** Large enough that half-Kelly is below the account's equity. */
const deviation = 0.2
const equityE6 = 1e12
/** The account wants all its equity in every trade: what is left is the rule's stake. */
const wantedE8 = 1e12
const mostStaked = 0.25
const leastGrowth = 0.6

/** What the rule made of one stream of trades. */
export interface KellyRun {
  /** Shares of equity, trade by trade; the probes of the beginning too. */
  readonly stakes: readonly number[]
  /** Σ log(1 + stake · return), and that of true half-Kelly on the same returns. */
  readonly growth: number
  readonly bestGrowth: number
}

export interface KellyOptions {
  /** Mean of a trade's return divided by its deviation. */
  readonly ratio: number
  readonly length?: number
  /** Whether bars show what a refused trade would have brought. */
  readonly onPaper?: boolean
}

/** Independent normal trades through a whole gate. A refused one is seen by its bar alone. */
export function kellyRun(seed: number, { ratio, length = trades, onPaper = true }: KellyOptions): KellyRun {
  const rng = new Stream(rootOf(seed), 'kelly')
  const keeper = newKeeper()
  const best = (0.5 * ratio) / deviation
  const stakes: number[] = []
  let [growth, bestGrowth] = [0, 0]
  for (let i = 0; i < length; i++) {
    const time = 2 * i * HOUR_MS
    const result = Math.max(-0.95, deviation * rng.normal(ratio))
    const { qtyE8 } = judge(keeper, madeIntent(time, wantedE8), 'entry')
    const stake = qtyE8 / wantedE8
    if (stake > 0) gateOnTrade(keeper, madeTrade(time, time + HOUR_MS, Math.round(result * 100e6)))
    else if (onPaper) gateOnBar(keeper, barTo(time, 100 * (1 + result)))
    stakes.push(stake)
    growth += math.log1p(stake * result)
    bestGrowth += math.log1p(best * result)
  }
  return { stakes, growth, bestGrowth }
}

function newKeeper(): GateKeeper {
  const gate = newGate('portfolio', 'mycelial', { kellyFraction: 0.5, kellyCap: 1 }, houseRules)
  return { gate, rules: houseRules, account: madeAccount(equityE6), announce: () => undefined }
}

function barTo(time: number, close: number) {
  return {
    pair: 'A',
    time,
    barMs: HOUR_MS,
    flags: 0,
    open: 100,
    high: Math.max(100, close),
    low: Math.min(100, close),
    close,
    volume: 1,
  }
}

/** Of several runs: the median stake of all trades, and the share of them with any. */
export function pooledStakes(runs: readonly KellyRun[]): { median: number; staked: number; trades: number } {
  const all = runs.flatMap(run => run.stakes)
  return { median: median(all), staked: all.filter(stake => stake > 0).length, trades: all.length }
}

export const kellyCheck: Check = {
  name: 'kelly',
  promise: 'the Kelly stake needs an edge',
  measured: `400 seeds × ${trades} trades through the gate, refused ones on paper: without an edge the pooled median stake is 0 and at most ${100 * mostStaked} % of trades have any; at a Sharpe ratio of ${sharpe} a trade the mean log growth is at least ${100 * leastGrowth} % of true half-Kelly’s`,
  async run(context) {
    const chosen = seeds(context, 400)
    const none = chosen.map(seed => kellyRun(seed, { ratio: 0 }))
    const some = chosen.map(seed => kellyRun(seed, { ratio: sharpe }))
    const pooled = pooledStakes(none)
    const shares = none.map(run => run.stakes.filter(stake => stake > 0).length / trades)
    const share = estimate(shares)
    const ratio = growthRatio(some)
    const blind = growthRatio(chosen.map(seed => kellyRun(seed, { ratio: sharpe, onPaper: false })))
    const kept = pooled.median === 0 && share.mean <= mostStaked && ratio.mean >= leastGrowth
    return {
      kept,
      says: `no edge: median stake ${brief(pooled.median)}, any stake on ${brief(100 * share.mean)} % of trades (95 % ${percent(interval(share))}); Sharpe ${sharpe}: growth ${brief(ratio.mean)} of true half-Kelly’s (95 % ${percent(interval(ratio))}), were refused trades not followed on paper ${brief(blind.mean)}`,
      figures: {
        withoutEdge: {
          medianStake: pooled.median,
          stakedShare: share,
          meanStake: sumOf(none.map(run => sumOf(run.stakes))) / pooled.trades,
          growth: estimate(none.map(run => run.growth)),
          everStaked: wilson(shares.filter(x => x > 0.1).length, shares.length),
        },
        withEdge: {
          ratio: { ...ratio, interval95: interval(ratio) },
          growth: estimate(some.map(run => run.growth)),
          halfKelly: estimate(some.map(run => run.bestGrowth)),
          withoutPaper: { ...blind, interval95: interval(blind) },
          stakedShare: estimate(some.map(run => run.stakes.filter(stake => stake > 0).length / trades)),
        },
      },
      inputs: { firstSeed: chosen[0], seeds: chosen.length, trades, sharpe, deviation },
    }
  },
}

function growthRatio(runs: readonly KellyRun[]): Estimate {
  return ratioEstimate(runs.map((run): Part => ({ sum: run.growth, count: run.bestGrowth })))
}
