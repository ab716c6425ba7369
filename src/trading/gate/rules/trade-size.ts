/** The smallest and the largest trade, in dollars: of the order at its price, and of the fill at the price that it gets. */

import * as z from 'zod'
import { toUsdE6, type UsdE6 } from '../../../core/index.js'
import { higher, type LimitsOf, lower } from '../limit.js'
import { all, costE6, none, quantityWithin } from '../quantity.js'
import { defineRule } from '../rule.js'

const usd = z.number().min(0).max(1e9)
const exactly = { unit: 'USD', boundary: 'exactly the limit is allowed', source: 'order size limits of brokers' } as const

export const largestTrade = defineRule({
  ...exactly,
  code: 'largestTrade',
  limits: { largestTradeUsd: lower(usd, 'most that one trade may cost at its entry, USD') },
  excess: 'shrink',
  // It is measured again at the fill.
  boundsFill: () => false,
  allows: (intent, _, { largestTradeUsd = 1e9 }) => quantityWithin(toUsdE6(largestTradeUsd), intent),
  measures: intent => costE6(intent) / 1e6,
})

/** Stands after all rules that shrink: what they left may be too little. */
export const smallestTrade = defineRule({
  ...exactly,
  code: 'smallestTrade',
  limits: { smallestTradeUsd: higher(usd, 'least that one trade may cost at its entry, USD') },
  allows: (intent, _, { smallestTradeUsd = 0 }) => (costE6(intent) >= toUsdE6(smallestTradeUsd) ? all : none),
  measures: intent => costE6(intent) / 1e6,
})

type SizeLimits = LimitsOf<typeof largestTrade.limits & typeof smallestTrade.limits>

/** Least and most that a trade may cost. */
export function tradeSizeE6({ smallestTradeUsd, largestTradeUsd }: SizeLimits): {
  readonly leastE6: UsdE6
  readonly mostE6: UsdE6
} {
  return {
    leastE6: smallestTradeUsd === undefined ? 0 : toUsdE6(smallestTradeUsd),
    mostE6: largestTradeUsd === undefined ? Number.POSITIVE_INFINITY : toUsdE6(largestTradeUsd),
  }
}
