/** How both portfolios are looked at: equity side by side, each futures position with its margin and its way to liquidation, funding, and what the exchange did. */

import { fromUsdE6, UNIT } from '../../core/index.js'
import { gainE6, liquidationUsd, nextRateE8, type PerpPosition } from '../../exchange/index.js'
import type { LinesPanel, Panel, TablePanel, TimelinePanel } from '../../model/index.js'
import type { FuturesAgent } from './futures.js'
import type { SpotFutures } from './spot-futures.js'

const tab = 'Spot and futures'

const equity: LinesPanel<SpotFutures> = {
  kind: 'lines',
  tab,
  about: 'Equity of the two portfolios, which share the market and nothing else.',
  unit: 'USD',
  columns: ['spot_equity', 'futures_equity'],
}

const margins: LinesPanel<SpotFutures> = {
  kind: 'lines',
  tab,
  about: 'Margins of all futures positions, and the insurance fund of their exchange.',
  unit: 'USD',
  columns: ['margin', 'insurance_fund'],
}

const positions: TablePanel<SpotFutures> = {
  kind: 'table',
  tab,
  about: 'Futures that are held: what stands behind each, and how far its mark may go before the exchange closes it.',
  empty: 'No future is held.',
  look: ({ model }) => {
    const futures = model.futures.at(0)
    if (futures === undefined) return []
    return [...futures.account.positions].map(([pair, position]) => ({ cells: cellsOf(futures, pair, position) }))
  },
}

function cellsOf({ market, house }: FuturesAgent, pair: string, position: PerpPosition) {
  const contract = market.contracts.get(pair)
  const markUsd = (contract?.markE8 ?? Number.NaN) / UNIT
  const liquidatedAt = liquidationUsd(house.terms, position)
  const rate = contract === undefined ? null : nextRateE8(contract)
  return {
    pair,
    side: position.way === 1 ? 'long' : 'short',
    quantity: position.qtyE8 / UNIT,
    mark: markUsd,
    'liquidated at': liquidatedAt,
    'way there, %': 100 * Math.abs(liquidatedAt / markUsd - 1),
    'margin, USD': fromUsdE6(position.marginE6),
    'gain, USD': contract === undefined ? null : fromUsdE6(gainE6(position, contract.markE8)),
    'next funding, %': rate === null ? null : (100 * rate) / UNIT,
  }
}

const events: TimelinePanel<SpotFutures> = {
  kind: 'timeline',
  tab,
  about: 'What the futures exchange did with positions by itself: funding that was paid, liquidations, deleveraging.',
  look: ({ model, rows }) => ({
    lanes: [...model.params.pairs],
    events: rows('margin_events').map(row => ({
      lane: String(row.pair),
      time: Number(row.time),
      group: String(row.kind),
      label: String(row.kind),
      detail: [`${row.kind} of ${row.portfolio}: ${(Number(row.cost_e6) / 1e6).toFixed(2)} USD at a mark of ${row.mark}.`],
    })),
  }),
}

/** The panels of every scenario of both portfolios. */
export const spotFuturesPanels: Readonly<Record<string, Panel<SpotFutures>>> = {
  'Both portfolios': equity,
  'Margins and insurance fund': margins,
  'Futures held': positions,
  'What the exchange did': events,
}
