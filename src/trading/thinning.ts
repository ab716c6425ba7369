/**
 * Count-matched thinnings: does agreement of both kinds of ideas pay, or only trading less? From another portfolio's trades whose ideas
 * agreed with nothing, as many are drawn in each pair as the synthesized portfolio made there.
 */

import { assert, type Rng } from '../core/index.js'
import type { ControlTrade, Opens, TradeCosts } from './control-recorder.js'
import { momentsOf, sampleSd } from './performance.js'
import { barAt, barsHeld, byPair, netReturn } from './repricing.js'

/** Thinnings unless another number is asked for. */
const standardDraws = 20

export interface Thinning {
  readonly draws: number
  /** Trades of each thinning, pair by pair at most as many as either side has. */
  readonly trades: number
  /** Trades they were drawn from. */
  readonly pool: number
  /** Mean net return a trade of the synthesized portfolio in those pairs, and of the thinnings, as shares of notional. */
  readonly synthesized: number
  readonly net: number
  readonly difference: number
  /** 95 % interval of the difference, trades being taken as independent; null where either side has a single trade. */
  readonly interval: readonly [number, number] | null
}

export interface ThinningOptions {
  readonly rng: Rng
  readonly draws?: number
  /** What a trade that was drawn counts for, given the synthesized trade in whose place it stands; default: its own net return. */
  readonly price?: (drawn: ControlTrade, instead: ControlTrade) => number
}

/** Null where no pair has a trade on both sides. */
export function thinning(
  synthesized: readonly ControlTrade[],
  pool: readonly ControlTrade[],
  { rng, draws = standardDraws, price = drawn => drawn.net }: ThinningOptions,
): Thinning | null {
  const sides = matched(synthesized, pool)
  const trades = sides.reduce((sum, side) => sum + side.count, 0)
  if (trades === 0) return null
  const values = sides.map((): number[] => [])
  for (let draw = 0; draw < draws; draw++)
    for (const [i, side] of sides.entries()) drawFrom(side, rng, price, values[i] as number[])
  const net = momentsOf(values.flat()).mean
  const own = sides.reduce((sum, side) => sum + side.count * momentsOf(side.ours.map(trade => trade.net)).mean, 0) / trades
  const difference = own - net
  const from = sides.reduce((sum, side) => sum + side.theirs.length, 0)
  const ours = sides.flatMap(side => side.ours.map(trade => trade.net))
  const error = Math.sqrt(
    sides.reduce((sum, { ours, theirs, count }, i) => {
      const own = varianceOf(ours.map(trade => trade.net)) / ours.length
      return sum + (count / trades) ** 2 * (own + varianceOf(values[i] as number[]) / theirs.length)
    }, 0),
  )
  const interval: Thinning['interval'] =
    ours.length > 1 && from > 1 ? [difference - 1.96 * error, difference + 1.96 * error] : null
  return { draws, trades, pool: from, synthesized: own, net, difference, interval }
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

/** One pair's trades on both sides, and how many are compared. */
interface Sides {
  readonly ours: ControlTrade[]
  readonly theirs: ControlTrade[]
  readonly count: number
}

function matched(synthesized: readonly ControlTrade[], pool: readonly ControlTrade[]): Sides[] {
  const theirs = byPair(pool)
  return [...byPair(synthesized)].flatMap(([pair, ours]) => {
    const others = theirs.get(pair) ?? []
    return others.length === 0 ? [] : [{ ours, theirs: others, count: Math.min(ours.length, others.length) }]
  })
}

function drawFrom({ ours, theirs, count }: Sides, rng: Rng, price: NonNullable<ThinningOptions['price']>, into: number[]): void {
  rng.shuffle(ours)
  rng.shuffle(theirs)
  for (let i = 0; i < count; i++) into.push(price(theirs[i] as ControlTrade, ours[i] as ControlTrade))
}

/** Sample variance; 0 of a single value. */
function varianceOf(values: readonly number[]): number {
  return values.length < 2 ? 0 : sampleSd(momentsOf(values)) ** 2
}
