/** The figures of portfolios side by side: which are shown, under what name, in which unit. */

import { duration, grouped, percent } from './text.js'

type Values = Readonly<Record<string, unknown>>

const usd = (x: number) => `${grouped(x, 2)} USD`
const plain = (x: number) => grouped(x, 2)
const count = (x: number) => grouped(x)
const signed = (x: number) => percent(x, true)

/** `interval`: the metric that is half its 95 % interval. */
const shown: readonly (readonly [metric: string, name: string, show: (x: number) => string, interval?: string])[] = [
  ['equity', 'equity', usd],
  ['return', 'return', signed],
  ['cagr', 'CAGR', signed],
  ['sharpe', 'Sharpe, 95 %', plain, 'sharpe95'],
  ['sortino', 'Sortino, 95 %', plain, 'sortino95'],
  ['days', 'whole days', count],
  ['calmar', 'Calmar', plain],
  ['maxDrawdown', 'max drawdown', x => percent(x)],
  ['maxDrawdownHours', 'longest drawdown', hours => duration(hours * 3_600_000)],
  ['trades', 'trades', count],
  ['winRate', 'win rate', x => percent(x)],
  ['profitFactor', 'profit factor', plain],
  ['expectancy', 'mean P&L a trade, 95 %', usd, 'expectancy95'],
  ['exposure', 'exposure', x => percent(x)],
  ['fees', 'fees', usd],
  ['ideas', 'ideas', count],
  ['ignored', 'ideas ignored', count],
  ['expired', 'ideas expired', count],
  ['extended', 'horizons extended', count],
  ['barsHalted', 'bars halted', count],
  ['barsStale', 'bars with stale marks', count],
]

/** A row a metric, a column a portfolio; a dash where a portfolio has no such figure. */
export function metricRows(portfolios: readonly Values[]): string[][] {
  return shown
    .filter(([metric]) => portfolios.some(portfolio => typeof portfolio[metric] === 'number'))
    .map(([metric, name, show, interval = '']) => [
      name,
      ...portfolios.map(portfolio => `${cell(portfolio[metric], show)}${halfWidth(portfolio[interval])}`),
    ])
}

function cell(value: unknown, show: (x: number) => string): string {
  return typeof value === 'number' ? show(value) : '–'
}

function halfWidth(value: unknown): string {
  return typeof value === 'number' ? ` ± ${plain(value)}` : ''
}
