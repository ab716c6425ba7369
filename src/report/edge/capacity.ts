/**
 * Capacity: how much money a portfolio's edge could carry if every order moved the market against itself by the square-root law,
 * I = Y · σ · √(Q / V) with Y = 1: σ a day's volatility, V a day's volume, Q the order (Almgren, Thum, Hauptmann & Li 2005; Tóth et
 * al. 2011). The paper broker charges spread and slippage but no impact, so this is the part that paper trading cannot show.
 */

import type { Trade } from '../trade.js'
import type { PairTurnover } from './turnover.js'

/** The law's constant: real markets lie between ½ and 1. */
const impactConstant = 1

export interface Capacity {
  readonly portfolio: string
  readonly trades: number
  readonly netUsd: number
  /** Mean impact of entry and exit together at the sizes traded, a fraction of notional. */
  readonly impact: number
  /** Multiples of the present sizes: the one that earns most, and the one at which impact has eaten all. Null without a gain. */
  readonly best: number | null
  readonly most: number | null
}

/**
 * With sizes times s, a portfolio earns s·A − s^1.5·B: A is its net P&L, B the impact at the present sizes in USD. That is greatest at
 * s = (2A/3B)² and 0 at s = (A/B)². Undefined where it has no trade in a pair whose volume is known.
 */
export function capacityOf(
  portfolio: string,
  trades: readonly Trade[],
  turnovers: ReadonlyMap<string, PairTurnover>,
): Capacity | undefined {
  let netUsd = 0
  let impactUsd = 0
  let notionalUsd = 0
  let n = 0
  for (const trade of trades) {
    const turnover = turnovers.get(trade.pair)
    if (trade.portfolio !== portfolio || turnover === undefined || !(turnover.dailyUsd > 0)) continue
    const { dailyUsd, dailyVolatility } = turnover
    n++
    netUsd += trade.pnlUsd
    notionalUsd += trade.notionalUsd
    impactUsd += trade.notionalUsd * 2 * impactConstant * dailyVolatility * Math.sqrt(trade.notionalUsd / dailyUsd)
  }
  if (n === 0) return undefined
  const gains = netUsd > 0 && impactUsd > 0
  return {
    portfolio,
    trades: n,
    netUsd,
    impact: impactUsd / notionalUsd,
    best: gains ? ((2 * netUsd) / (3 * impactUsd)) ** 2 : null,
    most: gains ? (netUsd / impactUsd) ** 2 : null,
  }
}
