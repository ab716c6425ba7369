/** The contribution of each agent, and the state of the agents at the end. */

import { portfolioNames } from '../../trading/index.js'
import type { Contribution, ReportData, Spread, TradingData } from '../data.js'
import { change, decimal, general, integer, percent, spoken } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, type TableCell, table } from '../parts.js'

export function agentsSection({ trading, spreads }: ReportData & { trading: TradingData }): Html {
  const { contributions, contributors, byType } = trading
  const rest = contributors - contributions.length
  const some = rest > 0 ? `: ${contributions.length} of ${contributors}, those with the largest P&L` : ''
  return sectionOf({
    id: 'agents',
    title: 'Agents',
    lead: 'Ideas and patterns by the agent that published them; trades and their P&L by the agent whose idea they followed. A click on a column sorts by it.',
    body: html`${contributionTable('By type', byType)}
<h3>By agent</h3>
${contributionTable(`Contributions${some}`, contributions)}
${spreads.length > 0 && html`<h3>Learners at their last collection</h3>\n${spreadGrid(spreads)}`}`,
  })
}

function contributionTable(caption: string, rows: readonly Contribution[]): Html {
  const several = rows.some(({ agents }) => agents !== 1)
  return table({
    caption,
    sortable: true,
    empty: 'No agent published an idea or a pattern.',
    columns: [
      { label: 'agent' },
      ...(several ? [{ label: 'agents', number: true }] : []),
      { label: 'ideas', number: true },
      { label: 'candidates', number: true, hint: 'patterns announced after their screen' },
      { label: 'trades', number: true },
      { label: 'won', number: true },
      ...portfolioNames.map(portfolio => ({ label: `${portfolio} P&L`, number: true, hint: 'USD, after costs' })),
    ],
    rows: rows.map(row => contributionRow(row, several)),
  })
}

function contributionRow({ agent, agents, ideas, candidates, trades, wins, pnl }: Contribution, several: boolean): TableCell[] {
  const won = trades === 0 ? { show: '', by: -1 } : { show: percent(wins / trades, 0), by: wins / trades }
  const counts = [...(several ? [agents] : []), ideas, candidates, trades]
  return [
    agent,
    ...counts.map(n => ({ show: n === 0 ? '' : integer(n), by: n })),
    won,
    ...portfolioNames.map(portfolio => money(pnl[portfolio])),
  ]
}

function money(usd: number | undefined) {
  if (usd === undefined) return { show: '', by: 0 }
  return { show: html`<span class="${usd < 0 ? 'loss' : 'gain'}">${change(decimal(usd, 2))}</span>`, by: usd }
}

/** Histograms drawn as they are: they need no script. */
export function spreadGrid(spreads: readonly Spread[]): Html {
  return html`<div class="spreads">${spreads.map(spreadFigure)}</div>`
}

function spreadFigure({ type, column, agents, step, kind, bars, ends }: Spread): Html {
  return html`<figure class="spread">
<figcaption>${type}: ${spoken(column)}<br><span class="note">${integer(agents)} at step ${integer(step)}</span></figcaption>
${kind === 'words' ? wordList(bars) : barChart(bars, `${type}, ${column}`)}
${ends !== null && html`<p class="ends"><span>${general(ends[0])}</span><span>${general(ends[1])}</span></p>`}
</figure>
`
}

function barChart(bars: Spread['bars'], name: string): Html {
  const most = mostOf(bars)
  const width = 240 / bars.length
  const rects = bars.map(({ label, count }, i) => {
    const height = (count / most) * 90
    return html`<rect x="${(i * width + 1).toFixed(1)}" y="${(92 - height).toFixed(1)}" width="${Math.max(1, width - 2).toFixed(1)}" height="${height.toFixed(1)}"><title>${label}: ${integer(count)}</title></rect>`
  })
  const spoken = bars.map(({ label, count }) => `${label}: ${count}`).join('; ')
  return html`<svg viewBox="0 0 240 94" preserveAspectRatio="none" role="img" aria-label="${name}: ${spoken}">${rects}</svg>`
}

function wordList(bars: Spread['bars']): Html {
  const most = mostOf(bars)
  return html`<ul class="words">${bars.map(
    ({ label, count }) =>
      html`<li><span title="${label}">${label}</span><span>${integer(count)}</span><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="${((count / most) * 100).toFixed(1)}" height="4"/></svg></li>`,
  )}</ul>`
}

function mostOf(bars: Spread['bars']): number {
  return Math.max(...bars.map(({ count }) => count), 1)
}
