/** Equity and drawdown of the three portfolios, and their statistics. */

import { type Cell, fromUsdE6 } from '../../../core/index.js'
import type { LinesPanel, TablePanel, TableRow } from '../../../model/index.js'
import { buyAndHoldMetrics, type Metrics, type PortfolioName, portfolioMetrics, portfolioNames } from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { percent, rounded } from './cells.js'

export const equity: LinesPanel<Swarm> = {
  kind: 'lines',
  tab: 'Portfolios',
  unit: 'USD',
  about: 'What each portfolio is worth: cash and positions at the last close. Buy-and-hold bought all pairs alike at the start.',
  columns: [...portfolioNames, 'buy_and_hold'],
}

const drawdownOf =
  (name: PortfolioName) =>
  (model: Swarm): number | null => {
    const trader = model.traders.at(0)
    if (!trader?.hasBegun) return null
    const { peakE6, lastE6 } = trader.portfolios[name].performance
    return (100 * (lastE6 - peakE6)) / peakE6
  }

export const drawdown: LinesPanel<Swarm> = {
  kind: 'lines',
  tab: 'Portfolios',
  unit: '%',
  about: 'How far each portfolio is below its highest value so far.',
  series: Object.fromEntries(portfolioNames.map(name => [name, drawdownOf(name)])),
}

export const statistics: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Portfolios',
  about:
    'Each portfolio so far, after all costs. The Sharpe ratio is of a year, from so many whole days; a click says why a figure is missing.',
  empty: 'The portfolios run in another process.',
  look: ({ model }) => {
    const trader = model.traders.at(0)
    if (trader === undefined) return []
    const start = model.params.capitalUsd
    const rows = portfolioNames.map(name => {
      const portfolio = trader.portfolios[name]
      return statisticsRow(name, portfolioMetrics(portfolio), fromUsdE6(portfolio.startE6))
    })
    return [...rows, statisticsRow('buy and hold', buyAndHoldMetrics(trader.buyAndHold), start)]
  },
}

function statisticsRow(name: string, { values, reasons }: Metrics, startUsd: number): TableRow {
  const cells: Record<string, Cell> = {
    portfolio: name,
    'net P&L, USD': values.equity === null ? null : rounded(values.equity - startUsd),
    'return, %': percent(values.return),
    Sharpe: rounded(values.sharpe),
    days: values.days,
    'largest drawdown, %': percent(values.maxDrawdown),
    trades: values.trades,
    'won, %': percent(values.winRate),
    'fees, USD': rounded(values.fees),
    'invested, %': percent(values.exposure),
  }
  const shown = ['sharpe', 'maxDrawdown', 'winRate', 'return'] as const
  const detail = shown.flatMap(metric => (reasons[metric] === undefined ? [] : [`${metric}: ${reasons[metric]}`]))
  return { cells, ...(detail.length > 0 && { detail }) }
}
