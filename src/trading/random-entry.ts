/**
 * Random entry: what the baseline's trades would have earned at moments drawn by chance. Pair by pair the same number of trades, with the
 * same directions, holding times and costs, never two at once; only when they begin is random.
 */

import type { Rng } from '../core/index.js'
import type { ControlTrade, Opens, TradeCosts } from './control-recorder.js'
import { momentsOf, sampleSd } from './performance.js'
import { barsHeld, netReturn, tradesBy } from './repricing.js'

/** Draws unless another number is asked for. */
const standardDraws = 20

export interface RandomEntry {
  readonly draws: number
  /** Trades in each draw. */
  readonly trades: number
  /** Mean net return a trade over all draws, as a share of notional. */
  readonly net: number
  /** Standard deviation of that mean from draw to draw. */
  readonly sd: number
  /** Mean net return a trade of the trades themselves. */
  readonly own: number
  /** Draws that did at least as well as the trades themselves. */
  readonly atLeast: number
}

export interface RandomEntryOptions {
  readonly opens: ReadonlyMap<string, Opens>
  readonly costs: TradeCosts
  readonly rng: Rng
  readonly draws?: number
}

/** Null without a trade in a pair whose prices are known. */
export function randomEntry(trades: readonly ControlTrade[], options: RandomEntryOptions): RandomEntry | null {
  const { opens, rng, draws = standardDraws } = options
  const groups = [...tradesBy(trades, ({ pair }) => pair)].filter(([pair]) => (opens.get(pair)?.open.length ?? 0) > 1)
  const count = groups.reduce((sum, [, group]) => sum + group.length, 0)
  if (count === 0) return null
  const own = groups.reduce((sum, [, group]) => sum + group.reduce((part, trade) => part + trade.net, 0), 0) / count
  const means: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0
    for (const [pair, group] of groups) sum += drawnSum(group, opens.get(pair) as Opens, options.costs, rng)
    means.push(sum / count)
  }
  const moments = momentsOf(means)
  return {
    draws,
    trades: count,
    net: moments.mean,
    sd: sampleSd(moments),
    own,
    atLeast: means.filter(mean => mean >= own).length,
  }
}

/** Σ net of one pair's trades in a random order, with the bars that are left over spread at random before, between and after them. */
function drawnSum(trades: readonly ControlTrade[], opens: Opens, costs: TradeCosts, rng: Rng): number {
  const order = [...trades]
  rng.shuffle(order)
  const held = order.map(trade => barsHeld(opens, trade))
  const last = opens.open.length - 1
  const left = Math.max(0, last - held.reduce((sum, bars) => sum + bars, 0))
  const gaps = order.map(() => rng.int(left + 1)).sort((a, b) => a - b)
  let passed = 0
  let sum = 0
  order.forEach(({ direction }, i) => {
    const from = Math.min(last - 1, (gaps[i] as number) + passed)
    const to = Math.min(last, from + (held[i] as number))
    passed += held[i] as number
    sum += netReturn(opens, from, to, direction, costs)
  })
  return sum
}
