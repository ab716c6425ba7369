/** What trading cost, pair by pair, beside what the market trades there. */

import { getOrInsert } from '../get-or-insert.js'
import type { Trade } from '../trade.js'
import type { PairTurnover } from './turnover.js'

export interface PairCosts {
  readonly pair: string
  trades: number
  /** Both sides. */
  tradedUsd: number
  feesUsd: number
  slippageUsd: number
  borrowUsd: number
  /** USD the market trades a day; null where no volumes are known. */
  readonly marketUsd: number | null
}

/** Costs of all portfolios by pair, the pair with the largest market first. */
export function costsByPair(trades: readonly Trade[], turnovers: ReadonlyMap<string, PairTurnover>): PairCosts[] {
  const pairs = new Map<string, PairCosts>()
  for (const trade of trades) {
    const sums = getOrInsert(pairs, trade.pair, () => fresh(trade.pair, turnovers.get(trade.pair)))
    sums.trades++
    sums.tradedUsd += trade.tradedUsd
    sums.feesUsd += trade.feesUsd
    sums.slippageUsd += trade.slippageUsd
    sums.borrowUsd += trade.borrowUsd
  }
  return [...pairs.values()].sort((a, b) => (b.marketUsd ?? 0) - (a.marketUsd ?? 0) || (a.pair < b.pair ? -1 : 1))
}

function fresh(pair: string, turnover: PairTurnover | undefined): PairCosts {
  const dailyUsd = turnover?.dailyUsd ?? 0
  const marketUsd = dailyUsd > 0 ? dailyUsd : null
  return { pair, trades: 0, tradedUsd: 0, feesUsd: 0, slippageUsd: 0, borrowUsd: 0, marketUsd }
}
