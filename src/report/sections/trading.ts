/** Equity, prices with trades, contagion: the charts of a run that trades. */

import { dataEndedSentence, type EndedPair } from '../../trading/index.js'
import type { ReportData, TradingData } from '../data.js'
import { counted, decimal, integer, percent, usd } from '../format.js'
import { type Html, html } from '../html.js'
import { choice, frame, sectionOf } from '../parts.js'
import { number, record, titles } from '../summary.js'

const scale = choice('scale', [
  ['linear', 'linear'],
  ['log', 'log'],
])

/** Buy-and-hold and the baseline often move ten times as far, so that the other lines look flat. */
const learnt = choice('lines', [
  ['all', 'all'],
  ['mycelial synthesized', 'mycelial, synthesized'],
])

export function equitySection({ manifest, trading }: ReportData & { trading: TradingData }): Html {
  const capital = number(manifest.parameters.capitalUsd)
  const halts = trading.halted.length
  const byKind = Object.entries(record(manifest.summary.haltsByKind)).filter(([, n]) => number(n) !== 0)
  const { drawdownRule } = manifest.summary
  const rebased = typeof drawdownRule === 'string' ? `; ${drawdownRule}` : ''
  const why = byKind.length === 0 ? '' : ` (${byKind.map(([kind, n]) => `${kind} ${n}`).join(', ')}${rebased})`
  const lead = `${capital === undefined ? 'Equal capital' : usd(capital)} a portfolio, equal rules, costs paid. ${
    halts === 0
      ? 'No portfolio was halted.'
      : `Shaded: ${counted(halts, 'stretch', 'stretches')} in which a portfolio made no entries${why}.`
  }`
  return sectionOf({
    id: 'equity',
    title: 'Equity',
    lead,
    body: html`${frame({ chart: 'equity', title: 'Equity, USD', note: 'drag to zoom, double-click to reset, click a name to hide its line', tools: html`${learnt}${scale}` })}
${frame({ chart: 'drawdown', title: 'Drawdown from the highest equity so far', small: true })}${ended(manifest)}`,
  })
}

/** Pairs whose data ended while a position was open. */
function ended({ summary, parameters }: ReportData['manifest']): Html | false {
  const pairs = summary.dataEnded
  if (!Array.isArray(pairs) || pairs.length === 0) return false
  const loss = number(summary.dataEndedLoss) ?? number(parameters.dataEndedLoss)
  return html`<p>${dataEndedSentence(pairs as EndedPair[], loss)}</p>`
}

export function priceSection({ manifest, trading }: ReportData & { trading: TradingData }): Html {
  const { prices, trades } = trading
  const pairs = Object.keys(prices.lines)
  const shown = trades.portfolio.length
  const some = shown < trades.total ? ` The latest ${integer(shown)} of them are marked.` : ''
  const left = prices.total > pairs.length ? ` The ${pairs.length} pairs traded most, of ${prices.total}.` : ''
  const coarse =
    prices.barsPerPoint > 1 ? `; two points tell the least and the greatest of about ${2 * prices.barsPerPoint} bars` : ''
  const busiest = trades.pairs.filter(pair => pairs.includes(pair))
  return sectionOf({
    id: 'prices',
    title: 'Prices and trades',
    lead: `${counted(trades.total, 'finished trade')} in three portfolios.${collisions(manifest.summary)}${some}${left} ▲ a long entry, ▼ a short one, ○ the exit.`,
    body:
      pairs.length === 0
        ? html`<p class="empty">This run wrote no prices.</p>`
        : html`<div class="controls">
<label>Pair <select id="pair">${[...new Set([...busiest, ...pairs])].sort().map(pair => html`<option>${pair}</option>`)}</select></label>
<fieldset><legend>Trades of</legend>${trades.portfolios.map(portfolio => html`<label class="${portfolio}"><input type="checkbox" name="portfolio" value="${portfolio}" checked> ${titles[portfolio] ?? portfolio}</label>`)}</fieldset>
<span class="tools" role="group" aria-label="Zoom">${[
            ['earlier', '←'],
            ['later', '→'],
            ['closer', '+'],
            ['wider', '−'],
            ['all', 'all'],
          ].map(([move, label]) => html`<button type="button" data-zoom="${move}" aria-label="${move}">${label}</button>`)}</span>
</div>
${frame({ chart: 'price', title: 'Close, USD', note: `drag to zoom, double-click to reset${coarse}`, tools: scale })}
<p class="readout" id="trade-readout">Point at the chart to read a trade.</p>`,
  })
}

/** Agreements of ideas, which the synthesized portfolio trades, and disagreements, each beside what chance gives. */
function collisions(summary: Readonly<Record<string, unknown>>): string {
  const same = record(summary.collisions)
  const opposite = record(same.opposite)
  const [times, against] = [number(same.seen), number(opposite.seen)]
  if (times === undefined) return ''
  const disagreed =
    against === undefined ? '' : ` In opposite directions they met ${counted(against, 'time')}${byChance(opposite)}.`
  return ` Ideas of both kinds collided ${counted(times, 'time')}${byChance(same)}.${disagreed}`
}

/** Mean, standard deviation and one-sided p over circular shifts of the swarm’s ideas in time. */
function byChance(coincidences: Readonly<Record<string, unknown>>): string {
  const [mean, sd, p] = [coincidences.byChance, coincidences.sd, coincidences.p].map(number)
  if (mean === undefined) return ''
  const spread = sd === undefined ? '' : ` ± ${decimal(sd, 1)}`
  return `, where chance alone gives ${decimal(mean, 1)}${spread}${p === undefined ? '' : ` (p ${decimal(p, 3)})`}`
}

export function contagionSection({ manifest, trading }: ReportData & { trading: TradingData }): Html {
  const [pause, resume] = [number(manifest.parameters.contagionPause), number(manifest.parameters.contagionResume)]
  const values = trading.contagion.filter(value => value !== null)
  const most =
    values.length === 0 ? 'Too few learners led a policy for it to be judged.' : `At most ${percent(Math.max(...values))}.`
  const rule =
    pause === undefined || resume === undefined
      ? ''
      : ` At ${percent(pause, 0)} every portfolio pauses its entries; below ${percent(resume, 0)} for long enough they resume.`
  return sectionOf({
    id: 'contagion',
    title: 'Contagion',
    lead: `The share of finance learners that follow the same leading policy. ${most}${rule}`,
    body:
      values.length === 0
        ? html``
        : frame({ chart: 'contagion', title: 'Share of finance learners with one policy', small: true }),
  })
}
