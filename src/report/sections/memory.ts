/** Memory: what it did to ideas, the past trades it compared them with, and a map of all past trades. */

import type { Near, NearTrade, RecalledIdea, ReportData, TradingData } from '../data.js'
import { change, counted, decimal, instant, integer, percent, usd } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, table, tag, undefinedValue } from '../parts.js'
import { number, record } from '../summary.js'
import { mapFigure } from './trade-map.js'

const noSummary = 'The run has no summary yet, which says how many ideas memory changed.'

export function memorySection({ manifest, trading: { memory } }: ReportData & { trading: TradingData }): Html {
  const effect = remembered(manifest.summary)
  return sectionOf({
    id: 'memory',
    title: 'Memory',
    lead: effect !== '' ? effect : memory === undefined ? 'No memory was asked in this run.' : noSummary,
    body:
      memory === undefined
        ? html`<p class="empty">This run kept no record of what memory said.</p>`
        : html`<h3>Past trades</h3>
${mapFigure(memory.map)}
<h3>Ideas that memory changed most</h3>
${ideaList(memory.ideas)}`,
  })
}

/** What memory did to the ideas it was asked about. */
function remembered(summary: Readonly<Record<string, unknown>>): string {
  const effect = record(summary.memory)
  const [ideas, changed, mean] = [effect.ideas, effect.changed, effect.meanFactor].map(number)
  if (ideas === undefined || changed === undefined || mean === undefined) return ''
  if (ideas === 0) return 'Memory was asked about no idea.'
  const [refused, up, down] = [effect.refused, effect.sizedUp, effect.sizedDown].map(value => integer(number(value) ?? 0))
  const how = changed === 0 ? '' : `, by ${decimal(mean, 3)} on average: ${refused} refused, ${up} sized up, ${down} sized down`
  return `Memory changed the confidence of ${integer(changed)} of ${counted(ideas, 'idea')}${how}.`
}

function ideaList(ideas: readonly RecalledIdea[]): Html {
  if (ideas.length === 0) return html`<p class="empty">Memory knew no similar trade for any idea.</p>`
  return html`<p class="note">The nearest past trades that were closed before the idea, those that became trades first. Distance: the mean squared difference of the features, each in its own scale and weighted by what it told of wins and losses. The parts of a distance are in the scale of the end of the run, when more trades were known, so they need not sum to it.</p>
${ideas.map(ideaPart)}`
}

function ideaPart({ idea, time, factor, sentences, trade, nearest }: RecalledIdea): Html {
  return html`<details class="recalled"><summary><code>${idea}</code>, ${instant(new Date(time).toISOString())}: confidence × ${decimal(factor, 2)}${trade !== null && html`, and it ${outcome(trade)}`}</summary>
<p>${sentences.join(' ')}</p>
${table({
  caption: 'The nearest past trades',
  columns: [
    { label: 'trade' },
    { label: 'pair' },
    { label: 'side' },
    { label: 'result' },
    { label: 'P&L', number: true },
    { label: 'of the entry', number: true },
    { label: 'distance', number: true },
    { label: 'which features make it' },
  ],
  rows: nearest.map(nearRow),
})}</details>
`
}

function nearRow({ id, pair, direction, pnlUsd, result, distance, why }: Near) {
  const code = html`<code>${id}</code>`
  const far = { show: decimal(distance, 3), by: distance }
  const unknown = undefinedValue('the trade is of an earlier run')
  if (pnlUsd === undefined) return [code, unknown, unknown, unknown, unknown, unknown, far, unknown]
  return [
    code,
    pair ?? '',
    direction === 1 ? 'long' : 'short',
    pnlUsd > 0 ? tag('good', 'won') : tag('bad', 'lost'),
    { show: change(usd(pnlUsd, 2)), by: pnlUsd },
    result === null || result === undefined
      ? undefinedValue('the entry is not known')
      : { show: change(percent(result, 2)), by: result },
    far,
    why ?? undefinedValue('no finished trade came of the idea, so its features are not in the ledger'),
  ]
}

function outcome({ pnlUsd }: NearTrade): string {
  return pnlUsd > 0 ? `won ${usd(pnlUsd, 2)}` : `lost ${usd(-pnlUsd, 2)}`
}
