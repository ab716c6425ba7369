/** The tables of a spot and a futures portfolio: equity by step, decisions, orders, fills, trades, locks, and what the futures exchange did by itself. */

import { fromUsdE6, type ReadColumns, strictly } from '../../core/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import {
  Decisions,
  decisionColumns,
  divergenceReason,
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
import { Divergences, MarginEvents, type PairDivergence, type ReadHeadline, ReadHeadlines } from './topics.js'

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

const headlineColumns = {
  read_at: { type: 'time', meaning: 'When it was read.', read: h => h.readAt },
  published_at: { type: 'time', meaning: 'When it was published, as its outlet says.', read: h => h.publishedAt },
  outlet: { type: 'text', meaning: 'The outlet.', read: h => h.outlet },
  pair: { type: 'text', meaning: 'The pair it is about; one that names several has a row for each.', read: h => h.pair },
  score: { type: 'real', meaning: 'From −1, bad, to 1, good.', read: h => h.score },
  scorer: { type: 'text', meaning: 'What scored it.', read: h => h.scorer },
  text: { type: 'text', meaning: 'The headline.', read: h => h.text },
} satisfies ReadColumns<ReadHeadline>

const divergenceColumns = {
  time: { type: 'time', meaning: 'The end of the bar.', read: d => d.time },
  pair: { type: 'text', meaning: 'The pair.', read: d => d.pair },
  narrative: { type: 'real', meaning: 'Decayed sum of the scores of its stories.', read: d => d.narrative },
  news_z: { type: 'real', meaning: 'The narrative, in deviations from what is usual.', read: d => d.newsZ },
  price_z: { type: 'real', meaning: 'The last day’s return, in deviations from what is usual.', read: d => d.priceZ },
  price_score: { type: 'real', meaning: 'The same from −1 to 1: its hyperbolic tangent.', read: d => d.priceScore },
  volume_z: { type: 'real', nullable: true, meaning: 'The volume of the bar, likewise; null: not known.', read: d => d.volumeZ },
  size: { type: 'real', meaning: '`news_z` less `price_z`.', read: d => d.size },
  threshold: {
    type: 'real',
    meaning: 'Its size from which it acts: 1, or the 90 % quantile of its past.',
    read: d => d.threshold,
  },
  label: { type: 'text', meaning: '`news-leads` or `price-leads`.', read: d => d.label },
  reason: { type: 'text', meaning: 'Why, in a sentence.', read: divergenceReason },
} satisfies ReadColumns<PairDivergence>

/** What a run of both portfolios writes down. */
export const spotFuturesCollect: Collect<SpotFutures> = {
  model: strictly(modelColumns),
  messages: {
    decisions: rowsOf({ topics: [Decisions], columns: strictly(decisionColumns), isChained: true }),
    orders: rowsOf({ topics: [OrderEnds], columns: strictly(orderColumns) }),
    fills: rowsOf({ topics: [Fills], columns: strictly(fillColumns) }),
    trades: rowsOf({ topics: [TradeConfirmations], columns: strictly(tradeColumns) }),
    margin_events: rowsOf({ topics: [MarginEvents], columns: strictly(marginColumns) }),
    headlines: rowsOf({ topics: [ReadHeadlines], columns: strictly(headlineColumns) }),
    divergences: rowsOf({ topics: [Divergences], columns: strictly(divergenceColumns) }),
    locks: rowsOf({ topics: [SystemControl], columns: strictly(lockColumns) }),
    prices: rowsOf({ topics: [MarketData], columns: strictly(priceColumns) }),
  },
  roster: true,
}
