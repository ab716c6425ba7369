/** Open positions, and orders that wait. */

import type { RowOrder, TablePanel, TableRow } from '../../../model/index.js'
import {
  orderId,
  type Portfolio,
  type PortfolioName,
  type PositionStatus,
  portfolioNames,
  positionsOf,
  swarmPortfolio,
} from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { rounded } from './cells.js'

function portfoliosOf(model: Swarm): Portfolio[] {
  const trader = model.traders.at(0)
  return trader === undefined ? [] : portfolioNames.map(name => trader.portfolios[name])
}

export const positions: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Portfolios',
  about: 'What each portfolio holds now, at the last price. P&L is after the fee of the entry and borrowing so far.',
  empty: 'No position is open.',
  look: ({ model }) =>
    portfoliosOf(model).flatMap(portfolio =>
      positionsOf(portfolio).map(position => positionRow(swarmPortfolio(portfolio.name), position)),
    ),
}

function positionRow(portfolio: PortfolioName, position: PositionStatus): TableRow {
  const { pair, direction, qty, entryPriceUsd, priceUsd, valueUsd, pnlUsd, stopUsd, targetUsd, barsHeld, tradeId, leaving } =
    position
  return {
    cells: {
      portfolio,
      pair,
      side: direction > 0 ? 'long' : 'short',
      quantity: qty,
      'entry, USD': entryPriceUsd,
      'price, USD': priceUsd,
      'value, USD': rounded(valueUsd),
      'P&L, USD': rounded(pnlUsd),
      'stop, USD': rounded(stopUsd, 6),
      'target, USD': rounded(targetUsd, 6),
      'held, bars': barsHeld,
    },
    detail: [`Trade ${tradeId}.`, ...(leaving === null ? [] : [`It is being closed: ${leaving}.`])],
    ...(leaving !== 'operator' && { order: closing(portfolio, pair) }),
  }
}

function closing(portfolio: PortfolioName, pair: string): RowOrder {
  const says = `The ${portfolio} portfolio leaves its position in ${pair} at the next price. Other portfolios keep theirs.`
  return { label: 'Close', says, order: { do: 'close', pair, portfolio } }
}

export const orders: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Portfolios',
  about: 'Orders that wait for their fill: entries, and exits of positions that are being closed.',
  empty: 'No order waits.',
  look: ({ model }) => portfoliosOf(model).flatMap(ordersOf),
}

function ordersOf({ name: portfolio, instruments }: Portfolio): TableRow[] {
  return [...instruments.values()].flatMap(({ entry, exit }) =>
    [entry?.order, exit].flatMap(order => {
      if (order === undefined || order === null) return []
      const { pair, side, qtyE8, filledE8, reduces, clientId } = order
      const cells = { portfolio, pair, what: reduces ? 'exit' : 'entry', side, quantity: qtyE8 / 1e8, filled: filledE8 / 1e8 }
      return [
        {
          cells,
          detail: [`Trade ${clientId}.`],
          order: cancelling(swarmPortfolio(portfolio), cells.what, pair, orderId(clientId, !reduces)),
        },
      ]
    }),
  )
}

function cancelling(portfolio: PortfolioName, what: string, pair: string, id: string): RowOrder {
  const says = `The ${what} of the ${portfolio} portfolio in ${pair} that waits is cancelled.`
  return { label: 'Cancel', says, order: { do: 'cancel', what: id } }
}
