/** The edge: P&L of every pattern, predicted against realised, costs by pair, and capacity. */

import type { ReportData } from '../data.js'
import type { Calibration } from '../edge/calibration.js'
import type { Capacity } from '../edge/capacity.js'
import type { PairCosts } from '../edge/costs.js'
import type { Edge } from '../edge/index.js'
import type { Mean } from '../edge/mean.js'
import type { PatternPnl } from '../edge/pattern-pnl.js'
import { change, counted, decimal, integer, usd } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, type TableCell, table, undefinedValue } from '../parts.js'
import { number, titles } from '../summary.js'

export function edgeSection({ manifest, edge }: ReportData & { edge: Edge }): Html {
  return sectionOf({
    id: 'edge',
    title: 'Edge, costs, capacity',
    lead: 'What each pattern promised and what it earned, what trading cost, and how much money the edge could carry. ± is 1.96 standard errors, with trades taken as independent.',
    body: html`${patternTable(edge)}
<h3>Predicted against realised</h3>
${edge.calibration === undefined ? html`<p class="empty">Fewer than two trades carried a prediction.</p>` : calibrationPart(edge.calibration)}
<h3>Costs by pair</h3>
${costTable(edge.costs)}
<h3>Capacity</h3>
${capacityPart(edge.capacity, number(manifest.parameters.capitalUsd))}`,
  })
}

function patternTable({ patterns, traded }: Edge): Html {
  const some = traded > patterns.length ? `, the ${patterns.length} that moved most of ${traded}` : ''
  return table({
    caption: `Traded patterns${some}`,
    sortable: true,
    empty: 'No pattern was traded.',
    columns: [
      { label: 'pattern' },
      { label: 'trades', number: true, hint: 'of the mycelial portfolio' },
      { label: 'predicted, bp', number: true, hint: 'mean move its ideas predicted' },
      { label: 'realised, bp', number: true, hint: 'mean move in the direction of the trade, before costs' },
      { label: 'net, bp', number: true, hint: 'after all costs' },
      { label: 'mycelial P&L', number: true, hint: 'USD, after costs' },
      { label: 'synthesized P&L', number: true, hint: 'USD, after costs' },
    ],
    rows: patterns.map(patternRow),
  })
}

function patternRow({ pattern, predicted, gross, net, pnl }: PatternPnl): TableCell[] {
  return [
    pattern,
    { show: integer(gross.n), by: gross.n },
    predicted === null ? '' : { show: bp(predicted), by: predicted },
    meanCell(gross),
    meanCell(net),
    money(pnl.mycelial),
    money(pnl.synthesized),
  ]
}

function calibrationPart(calibration: Calibration): Html {
  const { trades, groups, slope, slopeError, meanPredicted, meanRealised } = calibration
  const line =
    slope === null
      ? 'All predictions were alike.'
      : `Each predicted basis point brought ${decimal(slope, 2)}${slopeError === null ? '' : ` ± ${decimal(1.96 * slopeError, 2)}`}: 1 is perfect, below 1 predictions are too bold.`
  return html`<p>${counted(trades, 'mycelial trade')} in ${counted(groups.length, 'group')} of rising prediction: ${bp(meanPredicted)} bp predicted, ${bp(meanRealised)} bp realised before costs. ${line}</p>
${groups.length > 1 && calibrationFigure(calibration)}`
}

const size = { width: 420, height: 260, left: 46, bottom: 34 } as const

/** Points with error bars beside the diagonal; drawn as it is, so that it needs no script. */
function calibrationFigure({ groups }: Calibration): Html {
  const reach = ({ mean, error }: Mean) => (Number.isNaN(error) ? 0 : 1.96 * error) + Math.abs(mean)
  const most = Math.max(...groups.map(g => Math.max(g.predicted, reach(g.realised))))
  const least = Math.min(0, ...groups.map(g => g.realised.mean - (Number.isNaN(g.realised.error) ? 0 : 1.96 * g.realised.error)))
  const x = (value: number) => (size.left + (value / most) * (size.width - size.left - 10)).toFixed(1)
  const y = (value: number) => (10 + ((most - value) / (most - least)) * (size.height - size.bottom - 10)).toFixed(1)
  const spoken = groups.map(g => `predicted ${bp(g.predicted)} bp, realised ${bp(g.realised.mean)} bp`).join('; ')
  return html`<figure class="chart calibration">
<figcaption><span class="chart-title">Realised over predicted, bp</span> <span class="note">the line is a perfect forecast</span></figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${spoken}">
<path class="zero" d="M${size.left} ${y(0)}H${size.width - 10}"/><path class="perfect" d="M${x(0)} ${y(0)}L${x(most)} ${y(most)}"/>
${groups.map(({ predicted, realised }) => {
  const half = Number.isNaN(realised.error) ? 0 : 1.96 * realised.error
  return html`<path class="bar" d="M${x(predicted)} ${y(realised.mean - half)}V${y(realised.mean + half)}"/><circle cx="${x(predicted)}" cy="${y(realised.mean)}" r="4"><title>${bp(predicted)} bp predicted, ${bp(realised.mean)} bp realised in ${counted(realised.n, 'trade')}</title></circle>\n`
})}
<text x="${size.left - 6}" y="${y(most)}" text-anchor="end">${bp(most)}</text><text x="${size.left - 6}" y="${y(0)}" text-anchor="end">0</text>
<text x="${x(most)}" y="${size.height - 8}" text-anchor="end">${bp(most)} predicted</text>
</svg>
</figure>`
}

function costTable(costs: readonly PairCosts[]): Html {
  return table({
    caption: 'Costs of the three portfolios together; the pair with the largest market first',
    sortable: true,
    columns: [
      { label: 'pair' },
      { label: 'market, USD a day', number: true, hint: 'what the market itself traded on a day with bars' },
      { label: 'trades', number: true },
      { label: 'traded, USD', number: true, hint: 'entries and exits' },
      { label: 'fees', number: true, hint: 'USD' },
      { label: 'spread and slippage', number: true, hint: 'USD' },
      { label: 'borrowing', number: true, hint: 'USD' },
      { label: 'cost, bp', number: true, hint: 'of what was traded, one side' },
    ],
    rows: costs.map(({ pair, trades, tradedUsd, feesUsd, slippageUsd, borrowUsd, marketUsd }) => {
      const share = (feesUsd + slippageUsd + borrowUsd) / tradedUsd
      return [
        pair,
        marketUsd === null ? { show: undefinedValue('no volumes are known'), by: 0 } : { show: usd(marketUsd), by: marketUsd },
        { show: integer(trades), by: trades },
        { show: usd(tradedUsd), by: tradedUsd },
        { show: usd(feesUsd, 2), by: feesUsd },
        { show: usd(slippageUsd, 2), by: slippageUsd },
        { show: usd(borrowUsd, 2), by: borrowUsd },
        { show: bp(share), by: share },
      ]
    }),
  })
}

function capacityPart(capacity: readonly Capacity[], capitalUsd: number | undefined): Html {
  if (capacity.length === 0) return html`<p class="empty">No trade was in a pair whose volume is known.</p>`
  const times = (factor: number | null): TableCell => {
    if (factor === null) return undefinedValue('the portfolio earned nothing that impact could eat')
    const capital = capitalUsd === undefined ? '' : ` (${usd(Number((factor * capitalUsd).toPrecision(2)))})`
    return { show: `× ${decimal(factor, factor < 10 ? 2 : 0)}${capital}`, by: factor }
  }
  return html`<p>Each order is taken to move the price against itself by the square-root law, σ·√(Q/V): a day’s volatility times the root of the order over a day’s volume. Paper trading charges none of this.</p>
${table({
  caption: 'How much capital the edge could carry',
  columns: [
    { label: 'portfolio' },
    { label: 'net P&L', number: true, hint: 'USD, without impact' },
    { label: 'impact now, bp', number: true, hint: 'of entry and exit together, at the sizes traded' },
    { label: 'earns most at', number: true, hint: 'multiple of the present sizes, and the capital' },
    { label: 'earns nothing at', number: true, hint: 'multiple of the present sizes, and the capital' },
  ],
  rows: capacity.map(({ portfolio, netUsd, impact, best, most }) => [
    titles[portfolio] ?? portfolio,
    money(netUsd),
    { show: bp(impact), by: impact },
    times(best),
    times(most),
  ]),
})}`
}

function meanCell({ n, mean, error }: Mean): TableCell {
  if (n === 0) return ''
  return { show: Number.isNaN(error) ? change(bp(mean)) : `${change(bp(mean))} ± ${bp(1.96 * error)}`, by: mean }
}

function money(amount: number | undefined): TableCell {
  if (amount === undefined) return { show: '', by: 0 }
  return { show: html`<span class="${amount < 0 ? 'loss' : 'gain'}">${change(decimal(amount, 2))}</span>`, by: amount }
}

function bp(fraction: number): string {
  return decimal(fraction * 1e4, 1)
}
