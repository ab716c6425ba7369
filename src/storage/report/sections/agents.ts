/** Who contributed what, and how the agents stand at the end. */

import { bookNames } from '../../../trading/index.js'
import type { Contribution, ReportData, Spread, TradingData } from '../data.js'
import { change, decimal, integer, percent, spoken } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, table } from '../parts.js'
import { titles } from '../summary.js'

export function agentsSection({ trading, spreads }: ReportData & { trading: TradingData }): Html {
  const { contributions, contributors } = trading
  const rest = contributors - contributions.length
  return sectionOf({
    id: 'agents',
    title: 'Agents',
    lead: 'Ideas and patterns by the agent that published them, trades and their P&L by the agent whose idea they followed. Click a column to sort.',
    body: html`${table({
      caption: `Contributions${rest > 0 ? `: ${contributions.length} of ${contributors} agents, those who moved most` : ''}`,
      sortable: true,
      empty: 'No agent published an idea or a pattern.',
      columns: [
        { label: 'agent' },
        { label: 'ideas', number: true },
        { label: 'candidates', number: true, hint: 'patterns announced after their screen' },
        { label: 'trades', number: true },
        { label: 'won', number: true },
        ...bookNames.map(book => ({ label: `${titles[book] ?? book} P&L, USD`, number: true })),
      ],
      rows: contributions.map(contributionRow),
    })}
${spreads.length > 0 && html`<h3>Learners at their last collection</h3>\n${spreadGrid(spreads)}`}`,
  })
}

function contributionRow({ agent, ideas, candidates, trades, wins, pnl }: Contribution) {
  const won = trades === 0 ? { show: '', by: -1 } : { show: percent(wins / trades, 0), by: wins / trades }
  const count = (n: number) => ({ show: n === 0 ? '' : integer(n), by: n })
  return [agent, count(ideas), count(candidates), count(trades), won, ...bookNames.map(book => money(pnl[book]))]
}

function money(usd: number | undefined) {
  if (usd === undefined) return { show: '', by: 0 }
  return { show: html`<span class="${usd < 0 ? 'loss' : 'gain'}">${change(decimal(usd, 2))}</span>`, by: usd }
}

/** Histograms drawn as they are: they need no script. */
export function spreadGrid(spreads: readonly Spread[]): Html {
  return html`<div class="spreads">${spreads.map(spreadFigure)}</div>`
}

function spreadFigure({ type, column, agents, step, bars }: Spread): Html {
  const most = Math.max(...bars.map(({ count }) => count), 1)
  const width = 240 / bars.length
  const rects = bars.map(({ label, count }, i) => {
    const height = (count / most) * 90
    return html`<rect x="${(i * width + 1).toFixed(1)}" y="${(92 - height).toFixed(1)}" width="${Math.max(1, width - 2).toFixed(1)}" height="${height.toFixed(1)}"><title>${label}: ${integer(count)}</title></rect>`
  })
  return html`<figure class="spread">
<figcaption>${type}: ${spoken(column)} <span class="note">${integer(agents)} at step ${integer(step)}</span></figcaption>
<svg viewBox="0 0 240 94" preserveAspectRatio="none" role="img" aria-label="${type}, ${column}: ${bars.map(({ label, count }) => `${label}: ${count}`).join('; ')}">${rects}</svg>
<p class="ends"><span>${bars[0]?.label}</span><span>${bars.at(-1)?.label}</span></p>
</figure>
`
}
