/** The map of past trades as a picture that needs no script: wins are dots, losses crosses. */

import type { TradeMap } from '../data.js'
import { counted, integer, percent } from '../format.js'
import { type Html, html } from '../html.js'

const [width, height, edge] = [640, 360, 14]

export function mapFigure({ x, y, won, axes, total }: TradeMap): Html {
  if (x.length === 0) return html`<p class="empty">No trade of the mycelial portfolio was finished.</p>`
  const [right, up] = axes
  const some = x.length < total ? `, the latest ${integer(x.length)} of ${integer(total)}` : ''
  const wins = won.filter(Boolean).length
  return html`<figure class="chart trade-map">
<figcaption><span class="chart-title">Map of past trades${some}</span> <span class="note">near each other: alike when they were entered</span></figcaption>
<p class="map-key"><svg viewBox="-6 -6 12 12" aria-hidden="true"><path class="win" d="M0 0h0"/></svg> ${counted(wins, 'win')} <svg viewBox="-6 -6 12 12" aria-hidden="true"><path class="loss" d="M-3 -3l6 6m0 -6l-6 6"/></svg> ${counted(x.length - wins, 'loss', 'losses')}</p>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${counted(wins, 'win')} and ${counted(x.length - wins, 'loss', 'losses')} on the plane of the two principal components">
<path class="axes" d="${axisLines(x, y)}"/>
<path class="loss" d="${places(x, y, i => won[i] !== true)
    .map(([px, py]) => `M${px - 3} ${py - 3}l6 6m0-6l-6 6`)
    .join('')}"/>
<path class="win" d="${places(x, y, i => won[i] === true)
    .map(([px, py]) => `M${px} ${py}h0`)
    .join('')}"/>
</svg>
<p class="note">To the right: ${axisWords(right)}. Upwards: ${axisWords(up)}. What has a sign counts in the direction of the trade.</p>
</figure>
`
}

function axisWords(axis: TradeMap['axes'][number] | undefined): string {
  return axis === undefined || axis.share === 0
    ? 'nothing, as no feature varies'
    : `${axis.name} (${percent(axis.share, 0)} of the variance)`
}

/** Pixels of the trades that are asked for, whole ones: the page stays small. */
function places(x: readonly number[], y: readonly number[], isWanted: (i: number) => boolean): [number, number][] {
  const [across, down] = [scale(x, edge, width - edge), scale(y, height - edge, edge)]
  return x.flatMap((value, i): [number, number][] => (isWanted(i) ? [[across(value), down(y[i] ?? 0)]] : []))
}

/** Where both components are 0: the mean trade. */
function axisLines(x: readonly number[], y: readonly number[]): string {
  return `M${scale(x, edge, width - edge)(0)} 0V${height}M0 ${scale(y, height - edge, edge)(0)}H${width}`
}

function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const least = values.reduce((a, b) => Math.min(a, b), 0)
  const most = values.reduce((a, b) => Math.max(a, b), 0)
  return value => Math.round(from + ((value - least) / (most - least || 1)) * (to - from))
}
