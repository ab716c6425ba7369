/** The edge: P&L of every pattern, predicted against realised, costs by pair, and capacity. */

import type { ReportData } from '../data.js'
import type { Calibration } from '../edge/calibration.js'
import type { Capacity } from '../edge/capacity.js'
import type { PairCosts } from '../edge/costs.js'
import type { Edge } from '../edge/index.js'
import type { PatternPnl } from '../edge/pattern-pnl.js'
import { bp, counted, decimal, usd } from '../format.js'
import { panel, type ReportPanel, type Section, table, text } from '../panels.js'
import { number, titleOf } from '../summary.js'

export function edgeSection({ manifest, trading }: ReportData): Section[] {
  const edge = trading?.edge
  if (edge === undefined) return []
  const lead =
    'What each pattern promised and what it earned, what trading cost, and how much money the edge could carry. ± is 1.96 standard errors, with trades taken as independent.'
  const panels = [
    patternTable(edge),
    ...calibrationPanels(edge),
    costTable(edge.costs),
    ...capacityPanels(edge, number(manifest.parameters.capitalUsd)),
  ]
  return [{ id: 'edge', title: 'Edge, costs, capacity', lead, panels }]
}

function patternTable({ patterns, traded }: Edge): ReportPanel {
  const some = traded > patterns.length ? ` The ${patterns.length} that moved most of ${traded}.` : ''
  const about = `Of the mycelial portfolio’s trades: what their ideas predicted, what the price did in their direction before costs, and what was left after all costs.${some}`
  return table('Traded patterns', patterns.map(patternRow), {
    about,
    empty: 'No pattern was traded.',
    links: { pattern: 'Trades' },
  })
}

function patternRow({ pattern, predicted, gross, net, pnl }: PatternPnl) {
  const half = ({ error }: PatternPnl['gross']) => (Number.isNaN(error) ? null : 1.96e4 * error)
  const of = (mean: number) => (gross.n === 0 ? null : 1e4 * mean)
  return {
    pattern,
    trades: gross.n,
    'predicted, bp': predicted === null ? null : 1e4 * predicted,
    'realised, bp': of(gross.mean),
    '± realised': half(gross),
    'net, bp': of(net.mean),
    '± net': half(net),
    'mycelial P&L, USD': pnl.mycelial ?? null,
    'synthesized P&L, USD': pnl.synthesized ?? null,
  }
}

function calibrationPanels({ calibration }: Edge): ReportPanel[] {
  if (calibration === undefined) return [text('Predicted against realised', ['Fewer than two trades carried a prediction.'])]
  const { trades, groups, slope, slopeError, meanPredicted, meanRealised } = calibration
  const line =
    slope === null
      ? 'All predictions were alike.'
      : `Each predicted basis point brought ${decimal(slope, 2)}${slopeError === null ? '' : ` ± ${decimal(1.96 * slopeError, 2)}`}: 1 is perfect, below 1 predictions are too bold.`
  const about = `${counted(trades, 'mycelial trade')} in ${counted(groups.length, 'group')} of rising prediction: ${bp(meanPredicted)} bp predicted, ${bp(meanRealised)} bp realised before costs. ${line}`
  return groups.length > 1 ? [calibrationPanel(groups, about)] : [text('Predicted against realised', [about])]
}

/** Points with error bars beside the diagonal. */
function calibrationPanel(groups: Calibration['groups'], about: string): ReportPanel {
  const most = 1e4 * Math.max(...groups.map(({ predicted }) => predicted))
  const fields = {
    x: Float64Array.from(groups, ({ predicted }) => 1e4 * predicted),
    y: Float64Array.from(groups, ({ realised }) => 1e4 * realised.mean),
    error: Float64Array.from(groups, ({ realised }) => (Number.isNaN(realised.error) ? 0 : 1.96e4 * realised.error)),
    labels: groups.map(({ realised }) => counted(realised.n, 'trade')),
    line: Float64Array.of(0, 0, most, most),
  }
  const labels = { xLabel: 'predicted, bp', yLabel: 'realised, bp' }
  return panel('Predicted against realised', 'scatter', fields, { about: `${about} The line is a perfect forecast.`, ...labels })
}

function costTable(costs: readonly PairCosts[]): ReportPanel {
  const about =
    'Of the three portfolios together; the pair with the largest market first. The market’s volume is that of a day with bars; the cost is a share of what was traded, one side.'
  const rows = costs.map(({ pair, trades, tradedUsd, feesUsd, slippageUsd, borrowUsd, marketUsd }) => ({
    pair,
    'market, USD a day': marketUsd ?? 'no volumes are known',
    trades,
    'traded, USD': tradedUsd,
    'fees, USD': feesUsd,
    'spread and slippage, USD': slippageUsd,
    'borrowing, USD': borrowUsd,
    'cost, bp': (1e4 * (feesUsd + slippageUsd + borrowUsd)) / tradedUsd,
  }))
  return table('Costs by pair', rows, { about })
}

function capacityPanels({ capacity }: Edge, capitalUsd: number | undefined): ReportPanel[] {
  if (capacity.length === 0) return [text('Capacity', ['No trade was in a pair whose volume is known.'])]
  const times = (factor: number | null) => {
    if (factor === null) return '– (it earned nothing that impact could eat)'
    const capital = capitalUsd === undefined ? '' : ` (${usd(Number((factor * capitalUsd).toPrecision(2)))})`
    return `× ${decimal(factor, factor < 10 ? 2 : 0)}${capital}`
  }
  const about =
    'How much capital the edge could carry. Each order is taken to move the price against itself by the square-root law, σ·√(Q/V): a day’s volatility times the root of the order over a day’s volume. Paper trading charges none of this. Multiples are of the present sizes.'
  const row = ({ portfolio, trades, netUsd, impact, best, most }: Capacity) => ({
    portfolio: titleOf(portfolio),
    trades,
    'net P&L, USD': netUsd,
    'impact now, bp': 1e4 * impact,
    'earns most at': times(best),
    'earns nothing at': times(most),
  })
  return [table('Capacity', capacity.map(row), { about })]
}
