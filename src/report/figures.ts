/** The figures of portfolios as a reader sees them: each with its interval, or with why there is none. */

import type { MetricName } from '../trading/index.js'
import { change, decimal, integer, percent, usd } from './format.js'
import { type Figures, figure, reason } from './summary.js'

/** The figure, and half its 95 % interval where it has one. */
export function shownFigure(figures: Figures, name: ShownMetric): string {
  const value = figure(figures, name)
  if (value === undefined) return `– (${reason(figures, name)})`
  const { show, interval } = metricText[name]
  return `${show(value)}${interval === undefined ? '' : halfWidth(figures, interval)}`
}

/** Nothing for a run of an older version, which says neither the width nor why there is none. */
function halfWidth(figures: Figures, { metric, show }: Interval): string {
  const half = figure(figures, metric)
  if (half !== undefined) return ` ±\u00a0${show(half)}`
  return metric in figures.reasons ? ` ±\u00a0– (${reason(figures, metric)})` : ''
}

type HalfWidth = Extract<MetricName, `${string}95`>

/** Half-widths stand behind the figure they belong to. */
export type ShownMetric = Exclude<MetricName, HalfWidth>

interface MetricText {
  readonly label: string
  readonly show: (value: number) => string
  readonly interval?: Interval
}

interface Interval {
  readonly metric: HalfWidth
  readonly show: (value: number) => string
}

const two = (value: number) => decimal(value, 2)

/** In the order of the table; units as in the trading room's `MetricName`. */
export const metricText: Readonly<Record<ShownMetric, MetricText>> = {
  return: { label: 'Return', show: value => change(percent(value, 2)) },
  equity: { label: 'Equity at the end', show: value => usd(value) },
  cagr: { label: 'CAGR', show: value => change(percent(value)) },
  sharpe: { label: 'Sharpe', show: two, interval: { metric: 'sharpe95', show: two } },
  sortino: { label: 'Sortino', show: two, interval: { metric: 'sortino95', show: two } },
  calmar: { label: 'Calmar', show: two },
  maxDrawdown: { label: 'Max drawdown', show: value => percent(value) },
  maxDrawdownBars: { label: 'Longest drawdown, bars', show: integer },
  maxDrawdownHours: { label: 'Longest drawdown, hours', show: integer },
  trades: { label: 'Trades', show: integer },
  winRate: { label: 'Won', show: value => percent(value) },
  profitFactor: { label: 'Profit factor', show: two },
  expectancy: {
    label: 'Mean P&L of a trade',
    show: value => change(usd(value, 2)),
    interval: { metric: 'expectancy95', show: value => usd(value, 2) },
  },
  expectancyReturn: {
    label: 'Mean return of a trade',
    show: value => change(percent(value, 3)),
    interval: { metric: 'expectancyReturn95', show: value => percent(value, 3) },
  },
  sqn: { label: 'SQN', show: two },
  exposure: { label: 'Mean exposure', show: value => percent(value, 2) },
  turnover: { label: 'Turnover, × equity', show: two },
  fees: { label: 'Fees', show: value => usd(value) },
  slippage: { label: 'Slippage', show: value => usd(value) },
  borrow: { label: 'Borrowing', show: value => usd(value, 2) },
  interest: { label: 'Interest on idle cash', show: value => usd(value, 2) },
  ideas: { label: 'Ideas', show: integer },
  ignored: { label: 'Ideas ignored', show: integer },
  expired: { label: 'Ideas expired', show: integer },
  extended: { label: 'Horizons extended', show: integer },
  collisions: { label: 'Collisions', show: integer },
  barsHalted: { label: 'Bars halted', show: integer },
  days: { label: 'Whole days', show: integer },
  barsStale: { label: 'Bars with a position marked at an old close', show: integer },
}
