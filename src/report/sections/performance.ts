/** What a quant asks of a track record: months, worst drawdowns, rolling Sharpe, the benchmark, the spread of trades and days, from gross to net. */

import { meanInterval, momentsOf, portfolioNames, sampleSd } from '../../trading/index.js'
import { returnsOf } from '../curve/daily.js'
import { worstDrawdowns } from '../curve/drawdowns.js'
import { regressionOf } from '../curve/regression.js'
import { rollingSharpe, windowDays } from '../curve/rolling.js'
import type { Daily, TradingReport } from '../data.js'
import { counted, day } from '../format.js'
import { reportLimits } from '../limits.js'
import { pointsOf, type ReportPanel, type Section, table } from '../panels.js'
import { titleOf } from '../summary.js'
import type { Trade } from '../trade.js'

export function performanceSection({ trading }: TradingReport): Section[] {
  const { daily, trades } = trading
  if (daily.days.length < 2) return []
  const panels = [
    monthTable(daily),
    drawdownTable(daily),
    ...rollingPanel(daily),
    ...benchmarkTable(daily),
    returnHistogram(daily),
    ...waterfall(trades),
  ]
  const lead = `${counted(daily.days.length - 1, 'whole day')}, UTC, by the equity at their ends.`
  return [{ id: 'performance', title: 'Performance', lead, panels }]
}

function monthTable({ days, equity }: Daily): ReportPanel {
  const monthOf = (i: number) => new Date((days[i] as number) - 1).toISOString().slice(0, 7)
  const months = [...new Set(days.map((_, i) => monthOf(i)))]
  const rows = months.map(month => {
    const last = days.findLastIndex((_, i) => monthOf(i) === month)
    const first = days.findIndex((_, i) => monthOf(i) === month)
    const from = Math.max(0, first - 1)
    const of = (values: Float64Array) => {
      const change = (values[last] as number) / (values[from] as number) - 1
      return Number.isFinite(change) ? 100 * change : null
    }
    return { month, days: last - from, ...byTitle(equity, of) }
  })
  return table('Returns by month', rows, { about: 'In %, from the end of the month before, or of the first day.' })
}

function byTitle<T>(equity: Daily['equity'], of: (values: Float64Array, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(equity).map(([name, values]) => [titleOf(name), of(values, name)]))
}

function drawdownTable({ days, equity }: Daily): ReportPanel {
  const date = (row: number) => day(days[row] as number)
  const rows = Object.entries(equity).flatMap(([name, values]) =>
    worstDrawdowns(values, reportLimits.worst).map(({ depth, from, trough, until }) => ({
      portfolio: titleOf(name),
      'depth, %': 100 * depth,
      from: date(from),
      'lowest on': date(trough),
      'days down': trough - from,
      'reached again': until === null ? 'not yet' : date(until),
      'days in all': (until ?? days.length - 1) - from,
    })),
  )
  return table('Worst drawdowns', rows, {
    about: `The ${reportLimits.worst} deepest of each, by the ends of days.`,
    empty: 'No day ended lower than one before.',
  })
}

function rollingPanel(daily: Daily): ReportPanel[] {
  const all = Object.entries(daily.equity).map(([name, values]) => [titleOf(name), rollingSharpe(daily, values)] as const)
  const known = all.filter(([, { sharpe }]) => sharpe.some(value => value !== null))
  if (known.length === 0) return []
  const about = `Annual, over the last ${windowDays} days; the band is the 95 % interval of a Sharpe ratio of independent days (Lo 2002).`
  const shown = known.map(([title, { x, sharpe, least, most }]) => [
    title,
    { 'Sharpe/block/0': pointsOf(x, sharpe, least, most) },
  ])
  return [
    {
      description: {
        title: 'Rolling Sharpe',
        kind: 'lines',
        about,
        isTime: true,
        series: ['Sharpe'],
        choices: known.map(([title]) => title),
      },
      shown: Object.fromEntries(shown),
    },
  ]
}

function benchmarkTable({ equity }: Daily): ReportPanel[] {
  const { buy_and_hold: benchmark } = equity
  if (benchmark === undefined) return []
  const rows = portfolioNames.flatMap(name => {
    const own = equity[name]
    if (own === undefined) return []
    const both = Array.from(own, (value, i) => [value, benchmark[i] as number] as const).filter(pair =>
      pair.every(Number.isFinite),
    )
    const returns = (which: 0 | 1) => returnsOf(Float64Array.from(both, pair => pair[which]))
    const found = regressionOf(returns(0), returns(1))
    if (found === undefined) return []
    const { days, alpha, alphaError, beta, betaError, r2 } = found
    return [
      {
        portfolio: titleOf(name),
        days,
        'alpha, bp a day': 1e4 * alpha,
        '± alpha': 1.96e4 * alphaError,
        beta,
        '± beta': 1.96 * betaError,
        'R²': r2,
      },
    ]
  })
  const about =
    'Daily returns on those of buy and hold: what is left beyond the market, and how far it follows it. ± is 1.96 errors by Newey and West.'
  return [table('Against buy and hold', rows, { about, empty: 'Fewer than ten days, or a benchmark that never moved.' })]
}

function returnHistogram({ equity }: Daily): ReportPanel {
  const shown = Object.entries(equity).map(([name, values]) => [
    titleOf(name),
    { value: Float64Array.from(returnsOf(values), r => 100 * r) },
  ])
  const about = 'How often a day returned how much, in %.'
  return {
    description: { title: 'Returns of days', kind: 'histogram', about, choices: Object.keys(equity).map(titleOf) },
    shown: Object.fromEntries(shown),
  }
}

interface Costs {
  readonly own: readonly Trade[]
  readonly gross: number
  readonly fees: number
  readonly slippage: number
  readonly borrow: number
  readonly net: number
}

/** What finished trades that tell their costs brought, and what was taken of it, by portfolio. */
function costsOf(trades: readonly Trade[]): ReadonlyMap<string, Costs> {
  const known = trades.filter(({ notionalUsd }) => Number.isFinite(notionalUsd))
  const costs = new Map<string, Costs>()
  for (const name of portfolioNames) {
    const own = known.filter(({ portfolio }) => portfolio === name)
    if (own.length === 0) continue
    const sum = (of: (trade: Trade) => number) => own.reduce((total, trade) => total + of(trade), 0)
    const [fees, slippage, borrow, net] = [
      sum(t => t.feesUsd),
      sum(t => t.slippageUsd),
      sum(t => t.borrowUsd),
      sum(t => t.pnlUsd),
    ]
    costs.set(titleOf(name), { own, gross: net + fees + slippage + borrow, fees, slippage, borrow, net })
  }
  return costs
}

/** From what the price did to what was left, as a picture and in figures. */
function waterfall(trades: readonly Trade[]): ReportPanel[] {
  const costs = costsOf(trades)
  const title = 'From gross to net'
  const rows = [...costs].map(([portfolio, { own, gross, fees, slippage, borrow, net }]) => {
    const half = own.length < 5 ? null : meanInterval(sampleSd(momentsOf(own.map(t => t.pnlUsd))), own.length) * own.length
    const traded = own.reduce((sum, trade) => sum + trade.tradedUsd, 0)
    return {
      portfolio,
      trades: own.length,
      'gross, USD': gross,
      '− fees': -fees,
      '− spread and slippage': -slippage,
      '− borrowing': -borrow,
      '= net, USD': net,
      '± net': half,
      'costs, bp of traded': (1e4 * (fees + slippage + borrow)) / traded,
    }
  })
  const about =
    'What the price brought in the direction of the trades, what each cost took of it, and what was left. ± is half the 95 % interval of the sum, with trades taken as independent.'
  const figures = table(title, rows, { about, empty: 'No finished trade tells its costs.' })
  return costs.size === 0 ? [figures] : [waterfallPicture(costs), figures]
}

function waterfallPicture(costs: ReadonlyMap<string, Costs>): ReportPanel {
  const names = ['gross', 'fees', 'slippage', 'borrowing', 'net']
  const shown = [...costs].map(([portfolio, { gross, fees, slippage, borrow, net }]) => [
    portfolio,
    { names, values: Float64Array.of(gross, -fees, -slippage, -borrow, net), totals: ['gross', 'net'] },
  ])
  const about = 'Slippage has the half spread in it.'
  return {
    description: { title: 'What costs took', kind: 'waterfall', about, unit: 'USD', choices: [...costs.keys()] },
    shown: Object.fromEntries(shown),
  }
}
