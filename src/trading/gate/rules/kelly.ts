/** Fractional Kelly: a stake in proportion to the edge that a strategy's finished trades have shown; none where they show none. */

import * as z from 'zod'
import type { QtyE8 } from '../../../core/index.js'
import { kellyStake, LEAST_TRADES } from '../edge.js'
import { higher, lower } from '../limit.js'
import { all, MOST_MOVE, none, quantityWithin, smallestQuantity } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'
import { closeDue, followRefused, newStrategyRecord, recordTrade, type StrategyRecord } from '../strategy-record.js'
import { smallestTrade } from './trade-size.js'

/** By strategy. */
type Records = Map<string, StrategyRecord>

const defaultTrades = 30
const defaultCap = 0.1

/**
 * A strategy begins with probes: until it has `kellyTrades` finished trades, each of its entries has the smallest size that its
 * exchange and `smallestTradeUsd` let through, and still do at its fill if the price moves no further than `MOST_MOVE`. From then on the record decides; what it refuses is followed on paper, so that
 * the record goes on. A stake below a probe is none, for another rule would refuse it and nothing be learnt. A profile
 * under which this rule refuses instead of shrinking lets only intents of a probe's size begin.
 */
export const kelly = defineRule({
  code: 'kelly',
  limits: {
    kellyFraction: lower(z.number().positive().max(1), 'share of the Kelly stake that may be staked'),
    kellyCap: lower(
      z.number().positive().max(1),
      `most that one stake may be, as a share of equity (${defaultCap} unless said)`,
      { standard: defaultCap },
    ),
    kellyTrades: higher(
      z.number().int().min(LEAST_TRADES).max(10_000),
      `finished trades of a strategy before which it only probes (${defaultTrades} unless said)`,
      { standard: defaultTrades },
    ),
    smallestTradeUsd: smallestTrade.limits.smallestTradeUsd,
  },
  unit: 'share of equity',
  boundary:
    'exactly the stake is allowed, at the order and at its fill; an edge of exactly 0 stakes nothing; with exactly kellyTrades trades the record decides',
  source: 'Kelly 1956; half of it, at a quantile of the estimated edge: Thorp 2006, Baker and McHale 2013',
  excess: 'shrink',
  begin: (): Records => new Map(),
  allows(intent, account, limits, own) {
    const { kellyFraction = 0.5, kellyCap = defaultCap, kellyTrades = defaultTrades, smallestTradeUsd = 0 } = limits
    const equity = account.equityE6()
    if (!(equity > 0)) return none
    const probe = probeQuantity(smallestTradeUsd, intent)
    const returns = provenReturns(own, intent, kellyTrades)
    if (returns === undefined) return probe
    const share = Math.min(kellyCap, kellyFraction * kellyStake(returns))
    return atLeast(probe, quantityWithin(Math.floor(equity * share), intent), intent)
  },
  // A probe fills at any price.
  boundsFill: (intent, { kellyTrades = defaultTrades }, own) => provenReturns(own, intent, kellyTrades) !== undefined,
  measures: (intent, account) => shareOf(intent.qtyE8, intent, account),
  bound: shareOf,
  onRefused(own, intent) {
    followRefused(recordOf(own, intent.strategy), intent)
  },
  onBar(own, bar) {
    for (const record of own.values()) closeDue(record, bar)
    return null
  },
  onTrade(own, trade) {
    recordTrade(recordOf(own, trade.portfolio), trade)
    return null
  },
})

function shareOf(qtyE8: number, { priceUsd }: Intent, account: Account): number {
  return (priceUsd * qtyE8) / 100 / account.equityE6()
}

/** The returns of the intent's strategy; undefined while they are too few to decide. */
function provenReturns(own: Records, { strategy }: Intent, trades: number): StrategyRecord['returns'] | undefined {
  const returns = own.get(strategy)?.returns
  return returns !== undefined && returns.n >= trades ? returns : undefined
}

/** The smallest trade, also at the least price at which it may fill. */
function probeQuantity(leastUsd: number, { priceUsd, slippage, instrument }: Intent): QtyE8 {
  return smallestQuantity(leastUsd, { priceUsd: priceUsd * (1 - slippage) * (1 - MOST_MOVE), instrument })
}

function atLeast(smallest: QtyE8, most: number, { qtyE8 }: Intent): number {
  if (most >= qtyE8) return all
  return most < smallest ? none : most
}

function recordOf(own: Records, strategy: string): StrategyRecord {
  let record = own.get(strategy)
  if (record === undefined) {
    record = newStrategyRecord()
    own.set(strategy, record)
  }
  return record
}
