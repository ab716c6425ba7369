/** The contribution of each agent, the agents over time, and how their values are spread at the end. */

import type { Cell } from '../../core/index.js'
import { portfolioNames } from '../../trading/index.js'
import type { AgentsOverTime, Contribution, ReportData, Spread } from '../data.js'
import { counted, general, integer, spoken } from '../format.js'
import { linesPanel, panel, pointsOf, type ReportPanel, type Section, table } from '../panels.js'
import { titles } from '../summary.js'

export function agentsSection({ trading, spreads, agents }: ReportData): Section[] {
  const ofTrading = trading === null ? [] : contributionTables(trading)
  const panels = [...ofTrading, ...agents.types.flatMap(overTime), ...spreads.map(spreadPanel)]
  if (panels.length === 0) return []
  const lead =
    trading === null
      ? `${counted(new Set([...agents.types, ...spreads].map(({ type }) => type)).size, 'type')} of agents, over time and at their last collection.${agents.leftOut === null ? '' : ` ${agents.leftOut}`} A band lies between the least and the most of the agents; its line is their mean.`
      : 'Ideas and patterns by the agent that published them; trades and their P&L, USD after costs, by the agent whose idea they followed.'
  return [{ id: 'agents', title: 'Agents', lead, panels }]
}

function contributionTables({ byType, contributions, contributors }: NonNullable<ReportData['trading']>): ReportPanel[] {
  const some = contributions.length < contributors ? `The ${contributions.length} of ${contributors} with the largest P&L.` : ''
  const empty = 'No agent published an idea or a pattern.'
  return [
    table('Contributions by type of agent', byType.map(contribution), { empty }),
    table('Contributions by agent', contributions.map(contribution), { about: some, empty }),
  ]
}

function contribution({ agent, agents, ideas, candidates, trades, wins, pnl }: Contribution): Record<string, Cell> {
  const usd = portfolioNames.map(name => [`${titles[name]} P&L, USD`, pnl[name] ?? null] as const)
  return {
    agent,
    agents,
    ideas,
    candidates,
    trades,
    won: wins,
    'won, %': trades === 0 ? null : (100 * wins) / trades,
    ...Object.fromEntries(usd),
  }
}

function overTime({ type, steps, count, columns }: AgentsOverTime): ReportPanel[] {
  if (steps.length < 2) return []
  const title = (what: string) => `${type}: ${what} over time`
  return [
    linesPanel(
      title('number'),
      { x: steps, lines: { [type]: count } },
      { about: `Agents of the type ${type} that were collected.` },
    ),
    ...Object.entries(columns).map(([name, { mean, least, most }]) =>
      panel(title(spoken(name)), 'lines', { 'mean/block/0': pointsOf(steps, mean, least, most) }, { series: ['mean'] }),
    ),
  ]
}

function spreadPanel({ type, column, agents, step, kind, bars, ends, edges }: Spread): ReportPanel {
  const title = `${type}: ${spoken(column)} at the end`
  const about = `${counted(agents, 'agent')} at step ${integer(step)}${ends === null ? '' : `, from ${general(ends[0])} to ${general(ends[1])}`}.`
  if (kind === 'words')
    return table(
      title,
      bars.map(({ label, count }) => ({ [spoken(column)]: label, agents: count })),
      { about },
    )
  return panel(
    title,
    'histogram',
    { edges: Float64Array.from(edges), counts: Float64Array.from(bars.map(({ count }) => count)) },
    { about },
  )
}
