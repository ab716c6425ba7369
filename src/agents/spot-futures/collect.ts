/** The tables of a spot and a futures portfolio: equity by step, decisions, orders, fills, trades, locks, and what the futures exchange did by itself. */

import { fromUsdE6, type ReadColumns, strictly } from '../../core/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import {
  Decisions,
  decisionColumns,
  equityE6,
  Fills,
  fillColumns,
  lockColumns,
  MarketData,
  OrderEnds,
  orderColumns,
  priceColumns,
  SystemControl,
  TradeConfirmations,
  tradeColumns,
} from '../../trading/index.js'
import { marginColumns } from './margin-table.js'
import type { SpotFutures } from './spot-futures.js'
import { MarginEvents } from './topics.js'

const usd = 'USD'

const modelColumns = {
  time: { type: 'time', meaning: 'The model’s clock: the end of the bar.', read: m => m.now },
  spot_equity: {
    type: 'real',
    unit: usd,
    nullable: true,
    meaning: 'Equity of the spot portfolio; null where it cannot be computed.',
    read: m => {
      const spot = m.spots.at(0)
      return spot === undefined ? null : fromUsdE6(equityE6(spot.portfolio))
    },
  },
  futures_equity: {
    type: 'real',
    unit: usd,
    nullable: true,
    meaning: 'Equity of the futures portfolio at the marks; null where it cannot be computed.',
    read: m => {
      const futures = m.futures.at(0)
      return futures === undefined ? null : fromUsdE6(futures.equityE6)
    },
  },
  margin: {
    type: 'real',
    unit: usd,
    meaning: 'Margins of all futures positions together.',
    read: m => {
      let sum = 0
      for (const { marginE6 } of m.futures.at(0)?.account.positions.values() ?? []) sum += marginE6
      return fromUsdE6(sum)
    },
  },
  insurance_fund: {
    type: 'real',
    unit: usd,
    meaning: 'What the insurance fund of the futures exchange has.',
    read: m => fromUsdE6(m.futures.at(0)?.house.fundE6 ?? 0),
  },
  regime: {
    type: 'text',
    meaning: '`bull`, `bear`, `sideways` or `unknown`: of the pair that leads the market.',
    read: m => m.regime,
  },
} satisfies ReadColumns<SpotFutures>

/** What a run of both portfolios writes down. */
export const spotFuturesCollect: Collect<SpotFutures> = {
  model: strictly(modelColumns),
  messages: {
    decisions: rowsOf({ topics: [Decisions], columns: strictly(decisionColumns), isChained: true }),
    orders: rowsOf({ topics: [OrderEnds], columns: strictly(orderColumns) }),
    fills: rowsOf({ topics: [Fills], columns: strictly(fillColumns) }),
    trades: rowsOf({ topics: [TradeConfirmations], columns: strictly(tradeColumns) }),
    margin_events: rowsOf({ topics: [MarginEvents], columns: strictly(marginColumns) }),
    locks: rowsOf({ topics: [SystemControl], columns: strictly(lockColumns) }),
    prices: rowsOf({ topics: [MarketData], columns: strictly(priceColumns) }),
  },
  roster: true,
}
