/** One part of the page for each moat: its product, the outcome of its patterns, and its latest stream values. */

import type { ApprovedPattern, MoatProduct, ReportData, Stream, TradingData } from '../data.js'
import { counted, decimal, integer } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, sparkline, tag } from '../parts.js'

export function moatsSection({ trading, patterns }: ReportData & { trading: TradingData }): Html {
  return sectionOf({
    id: 'moats',
    title: 'Moats',
    lead: 'Each moat is a product of its own: streams read by its learners, standardised, and offered to finance as drivers.',
    body:
      trading.moats.length === 0
        ? html`<p class="empty">No moat announced anything.</p>`
        : html`<div class="moats">${trading.moats.map(moat => moatPart(moat, patterns?.approved ?? []))}</div>`,
  })
}

function moatPart({ moat, products, signalTypes, counts, streams }: MoatProduct, approved: readonly ApprovedPattern[]): Html {
  const own = approved.filter(pattern => pattern.moat === moat)
  return html`<article class="moat" id="moat-${moat.toLowerCase().replace(/[^a-z0-9]+/g, '-')}">
<h3>${moat}</h3>
<p class="product">${products.length === 0 ? 'No pattern announced' : products.join(', ')}</p>
<p class="note">${signalTypes.length > 0 && html`<code>${signalTypes.join(' ')}</code> · `}${[
    'candidate',
    'confirmed',
    'approved',
    'retired',
  ]
    .filter(status => (counts[status] ?? 0) > 0)
    .map(status => statusText(status, counts[status] ?? 0))
    .join(' · ')}</p>
${own.length > 0 && html`<ul class="own">${own.slice(0, 12).map(ownPattern)}${own.length > 12 && html`<li>and ${own.length - 12} more</li>`}</ul>`}
${streams.length > 0 && streamList(streams)}
</article>
`
}

function ownPattern({ driver, transform, pair, lag, horizon, sign, truth }: ApprovedPattern): Html {
  const wrong = truth === 'placebo' || truth === 'not planted'
  return html`<li>${streamName(driver)} ${transform === 'level' ? '' : transform} → ${pair} <span class="note">lag ${lag}, ${counted(horizon, 'bar')}, ${sign > 0 ? 'lifts' : 'lowers'}</span>${wrong && html` ${tag('bad', 'false discovery')}`}</li>`
}

function streamList(streams: readonly Stream[]): Html {
  const length = Math.max(...streams.map(({ recent }) => recent.length))
  return html`<table class="streams"><caption>z of the last ${counted(length, 'value')}</caption><tbody>
${streams.map(streamRow)}</tbody></table>`
}

function streamRow({ driver, placebo, recent }: Stream): Html {
  const last = recent.at(-1)
  return html`<tr><th scope="row">${streamName(driver)}${placebo && html` ${tag('calm', 'placebo')}`}</th><td>${sparkline(recent, 'stream', `${driver}: z of late`, [-4, 4])}</td><td class="number">${last === undefined ? '' : decimal(last, 1)}</td></tr>\n`
}

/** `code:Rust` is Rust, in a part of the page that is about code. */
function streamName(driver: string): string {
  return driver.slice(driver.indexOf(':') + 1)
}

function statusText(status: string, n: number): string {
  return status === 'candidate' ? counted(n, status) : `${integer(n)} ${status}`
}
