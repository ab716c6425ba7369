/**
 * Count-matched thinnings: does agreement of both kinds of ideas pay, or only trading less? From another portfolio's trades whose ideas
 * agreed with nothing, as many are drawn in each pair and direction as the synthesized portfolio made there.
 */

import { assert, DAY_MS, type Rng } from '../core/index.js'
import type { ControlTrade, Opens, TradeCosts } from './control-recorder.js'
import { momentsOf, sampleSd } from './performance.js'
import { barAt, barsHeld, netReturn, tradesBy } from './repricing.js'

/** Thinnings by which a run is ranked, unless another number is asked for. */
const standardDraws = 200

const weekMs = 7 * DAY_MS

export interface Thinning {
  /** Thinnings that the rank counts. */
  readonly draws: number
  /** Trades of each thinning, in each pair and direction at most as many as either side has. */
  readonly trades: number
  /** Trades they are drawn from. */
  readonly pool: number
  /** Mean net return a trade of the synthesized portfolio in those pairs and directions, as a share of notional. */
  readonly synthesized: number
  /** The same of the thinnings: the mean over all that there can be. */
  readonly net: number
  readonly difference: number
  /** 95 % interval of the difference, trades being taken as independent; null where either side has a single trade. */
  readonly interval: readonly [number, number] | null
  /** The share of thinnings that the synthesized trades beat, ties decided by chance: even between 0 and 1 where agreement means nothing. */
  readonly rank: number
}

export interface ThinningOptions {
  readonly rng: Rng
  readonly draws?: number
  /** What a trade that was drawn counts for, given the synthesized trade in whose place it stands; default: its own net return. */
  readonly price?: (drawn: ControlTrade, instead: ControlTrade) => number
}

/** Null where no pair and direction has a trade on both sides. */
export function thinning(
  synthesized: readonly ControlTrade[],
  pool: readonly ControlTrade[],
  { rng, draws = standardDraws, price = drawn => drawn.net }: ThinningOptions,
): Thinning | null {
  const sides = matched(synthesized, pool)
  const trades = sides.reduce((sum, side) => sum + side.count, 0)
  if (trades === 0) return null
  let own = 0
  let net = 0
  let variance = 0
  for (const { ours, theirs, count } of sides) {
    const weight = count / trades
    const earned = momentsOf(ours.map(trade => trade.net))
    // Every trade that can be drawn in the place of every one: what the mean over many thinnings comes to.
    const drawn = momentsOf(theirs.flatMap(trade => ours.map(instead => price(trade, instead))))
    own += weight * earned.mean
    net += weight * drawn.mean
    variance += weight ** 2 * (varianceOf(earned) / ours.length + varianceOf(drawn) / theirs.length)
  }
  const from = sides.reduce((sum, side) => sum + side.theirs.length, 0)
  const made = sides.reduce((sum, side) => sum + side.ours.length, 0)
  const difference = own - net
  const half = 1.96 * Math.sqrt(variance)
  return {
    draws,
    trades,
    pool: from,
    synthesized: own,
    net,
    difference,
    interval: made > 1 && from > 1 ? [difference - half, difference + half] : null,
    rank: rankOf(weeksOf(sides, trades, rng, price), rng, draws),
  }
}

/** The price of a baseline trade held as long as a synthesized one was; in pairs whose prices are known. */
export function repriced(
  opens: ReadonlyMap<string, Opens>,
  costs: TradeCosts,
): (drawn: ControlTrade, instead: ControlTrade) => number {
  return (drawn, instead) => {
    const bars = opens.get(drawn.pair)
    assert(bars !== undefined, 'a trade is priced again where its pair’s prices are known')
    const from = barAt(bars, drawn.entryTime)
    return netReturn(bars, from, Math.min(bars.open.length - 1, from + barsHeld(bars, instead)), drawn.direction, costs)
  }
}

/** The trades of one pair and direction on both sides, and how many are compared. */
interface Sides {
  readonly ours: readonly ControlTrade[]
  readonly theirs: readonly ControlTrade[]
  readonly count: number
}

function matched(synthesized: readonly ControlTrade[], pool: readonly ControlTrade[]): Sides[] {
  const theirs = byPairAndDirection(pool)
  return [...byPairAndDirection(synthesized)].flatMap(([key, ours]) => {
    const others = theirs.get(key) ?? []
    return others.length === 0 ? [] : [{ ours, theirs: others, count: Math.min(ours.length, others.length) }]
  })
}

function byPairAndDirection(trades: readonly ControlTrade[]): Map<string, ControlTrade[]> {
  return tradesBy(trades, ({ pair, direction }) => `${pair} ${direction}`)
}

/** What each week adds to the difference, returns being measured from the mean of their pair and direction. */
function weeksOf(sides: readonly Sides[], trades: number, rng: Rng, price: NonNullable<ThinningOptions['price']>): number[] {
  const weeks = new Map<number, number>()
  const add = ({ entryTime }: ControlTrade, part: number) => {
    const week = Math.floor(entryTime / weekMs)
    weeks.set(week, (weeks.get(week) ?? 0) + part)
  }
  for (const { ours, theirs, count } of sides) {
    const weight = count / trades
    const values = theirs.map(trade => price(trade, rng.pick(ours)))
    const { mean } = momentsOf([...ours.map(trade => trade.net), ...values])
    for (const trade of ours) add(trade, (weight * (trade.net - mean)) / ours.length)
    theirs.forEach((trade, i) => {
      add(trade, (-weight * ((values[i] as number) - mean)) / theirs.length)
    })
  }
  return [...weeks.values()]
}

/**
 * Where agreement means nothing, either side's trades of a week could as well be the other's: each thinning exchanges the sides of
 * every week at the toss of a coin. Whole weeks, because trades of one week rise and fall together.
 */
function rankOf(weeks: readonly number[], rng: Rng, draws: number): number {
  const seen = weeks.reduce((sum, part) => sum + part, 0)
  let below = 0
  let ties = 0
  for (let draw = 0; draw < draws; draw++) {
    const drawn = weeks.reduce((sum, part) => sum + (rng.chance(0.5) ? part : -part), 0)
    if (drawn < seen) below++
    else if (drawn === seen) ties++
  }
  return (below + rng.float() * (ties + 1)) / (draws + 1)
}

/** Sample variance; 0 of a single value. */
function varianceOf(moments: ReturnType<typeof momentsOf>): number {
  return moments.n < 2 ? 0 : sampleSd(moments) ** 2
}
