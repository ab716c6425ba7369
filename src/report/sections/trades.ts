/** Every finished trade, and the same by pair, side, reason, month and pattern. */

import { meanInterval, momentsOf, sampleSd } from '../../trading/index.js'
import type { TradingReport } from '../data.js'
import { counted, integer } from '../format.js'
import { getOrInsert } from '../get-or-insert.js'
import { reportLimits } from '../limits.js'
import { columnTable, panel, type ReportPanel, type Section, table } from '../panels.js'
import { titleOf } from '../summary.js'
import type { Trade } from '../trade.js'

/** Of a trade of technical analysis. */
const noPattern = 'indicators, no pattern'

export function tradesSection({ trading }: TradingReport): Section[] {
  const { trades, threads } = trading
  if (trades.length === 0) return []
  const panels = [
    tradeTable(trades, threads),
    groupTable('Long and short', 'side', trades, sideOf),
    groupTable('By pair', 'pair', trades, ({ pair }) => pair),
    groupTable('By exit reason', 'reason', trades, ({ reason }) => reason),
    groupTable('By month', 'month', trades, ({ exit }) => minute(exit).slice(0, 7)),
    groupTable('By pattern', 'pattern', trades, ({ pattern }) => pattern ?? noPattern),
    returnHistogram(trades),
    excursions(trades),
  ]
  const lead = `${counted(trades.length, 'trade')}. bp are of the entry’s notional. ± is half the 95 % interval of the mean, with trades taken as independent.`
  return [{ id: 'trades', title: 'Trades', lead, panels }]
}

function sideOf({ direction }: Trade): string {
  return direction === 1 ? 'long' : 'short'
}

function minute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

const rounded = (value: number, unit: number) => known(Math.round(value * unit) / unit)
const inBp = (value: number) => rounded(1e4 * value, 100)

function tradeTable(all: readonly Trade[], threads: ReadonlyMap<string, readonly string[]>): ReportPanel {
  const latest = new Map<string, number>()
  const trades = all.toReversed().filter(({ portfolio }) => {
    const n = (latest.get(portfolio) ?? 0) + 1
    latest.set(portfolio, n)
    return n <= reportLimits.trades
  })
  const column = <T>(of: (trade: Trade) => T) => trades.map(of)
  const cells = {
    trade: column(t => t.id),
    portfolio: column(t => t.portfolio),
    pair: column(t => t.pair),
    side: column(sideOf),
    entered: column(t => minute(t.entry)),
    left: column(t => minute(t.exit)),
    bars: column(t => known(t.held)),
    'at, USD': column(t => t.entryPrice),
    'to, USD': column(t => t.exitPrice),
    'notional, USD': column(t => rounded(t.notionalUsd, 100)),
    'gross, bp': column(t => inBp(t.gross)),
    'costs, USD': column(t => rounded(t.feesUsd + t.slippageUsd + t.borrowUsd, 100)),
    'P&L, USD': column(t => rounded(t.pnlUsd, 100)),
    'net, bp': column(t => inBp(t.net)),
    'MAE, bp': column(t => inBp(t.mae)),
    'MFE, bp': column(t => inBp(t.mfe)),
    reason: column(t => t.reason),
    pattern: column(t => t.pattern ?? noPattern),
    agent: column(t => t.agent),
  }
  const some =
    trades.length < all.length
      ? ` The latest ${integer(reportLimits.trades)} of a portfolio, ${integer(all.length)} there are.`
      : ''
  const untold = trades.some(({ id }) => !threads.has(id)) ? ' Those without one: mycelia explain tells them.' : ''
  const about = `A click on a trade tells its thread: the signal, the pattern and its tests, the idea, each rule’s word, the money.${untold} MAE and MFE: the worst and the best price on the way, in the direction of the trade.${some}`
  return columnTable(
    'Trades',
    cells,
    { about, links: { pattern: 'Approved patterns' } },
    trades.map(({ id }) => threads.get(id) ?? null),
  )
}

/** By a word of each trade, the group that moved most first. */
function groupTable(title: string, name: string, trades: readonly Trade[], wordOf: (trade: Trade) => string): ReportPanel {
  const groups = new Map<string, Trade[]>()
  for (const trade of trades) getOrInsert(groups, `${trade.portfolio}\n${wordOf(trade)}`, () => []).push(trade)
  const rows = [...groups]
    .map(([key, own]) => {
      const [portfolio = '', word = ''] = key.split('\n')
      return { [name]: word, portfolio: titleOf(portfolio), ...summed(own) }
    })
    .sort((a, b) => Math.abs(Number(b['P&L, USD'])) - Math.abs(Number(a['P&L, USD'])))
  return table(title, rows, name === 'pattern' ? { links: { pattern: 'Trades' } } : {})
}

function summed(trades: readonly Trade[]) {
  const total = trades.reduce((sum, { pnlUsd }) => sum + pnlUsd, 0)
  const net = momentsOf(trades.flatMap(t => known(t.net) ?? []))
  return {
    trades: trades.length,
    'won, %': rounded((100 * trades.filter(({ pnlUsd }) => pnlUsd > 0).length) / trades.length, 10),
    'P&L, USD': rounded(total, 100),
    'mean net, bp': net.n === 0 ? null : inBp(net.mean),
    '± mean': net.n < 5 ? null : inBp(meanInterval(sampleSd(net), net.n)),
  }
}

function returnHistogram(trades: readonly Trade[]): ReportPanel {
  const names = [...new Set(trades.map(({ portfolio }) => portfolio))]
  const of = (name: string) => Float64Array.from(trades.filter(t => t.portfolio === name).flatMap(t => inBp(t.net) ?? []))
  const about = 'How often a trade returned how much after costs, in bp of the entry.'
  return {
    description: { title: 'Returns of trades', kind: 'histogram', about, choices: names.map(titleOf) },
    shown: Object.fromEntries(names.map(name => [titleOf(name), { value: of(name) }])),
  }
}

/** Points of a scatter, at most: the latest. */
const mostPoints = 3_000

function excursions(trades: readonly Trade[]): ReportPanel {
  const shown = trades.filter(({ mae, net }) => Number.isFinite(mae) && Number.isFinite(net)).slice(-mostPoints)
  const names = [...new Set(shown.map(({ portfolio }) => portfolio))]
  const column = (of: (trade: Trade) => number) => Float64Array.from(shown, of)
  const about =
    'How far each trade was against itself at worst, and what it returned: points near the left that ended well were nearly lost.'
  const fields = {
    x: column(t => inBp(t.mae) ?? 0),
    y: column(t => inBp(t.net) ?? 0),
    group: column(t => names.indexOf(t.portfolio)),
    groups: names.map(titleOf),
  }
  return panel('Adverse excursion and result', 'scatter', fields, { about, xLabel: 'MAE, bp', yLabel: 'net, bp' })
}
