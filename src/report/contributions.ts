/** The contribution of every agent: ideas, announced patterns, trades and their P&L by portfolio. */

import { type Columns, numbersOf, tableBlocks, textsOf } from '../storage/index.js'
import type { ArchiveRow } from './archive.js'
import type { Contribution } from './data.js'
import { getOrInsert } from './get-or-insert.js'

type Draft = { -readonly [K in keyof Contribution]: Contribution[K] }

/** Ideas by agent, of `ideas.parquet`. */
export async function countIdeas(path: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const { columns } of tableBlocks(path, ['agent'])) {
    for (const agent of textsOf(columns.agent)) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  }
  return counts
}

/** Agents by the absolute P&L of their trades, then by their ideas and patterns. */
export function contributionsOf(
  ideas: ReadonlyMap<string, number>,
  trades: Columns | undefined,
  rows: readonly ArchiveRow[],
): Contribution[] {
  const all = new Map<string, Draft>()
  const of = (agent: string) =>
    getOrInsert(all, agent, (): Draft => ({ agent, agents: 1, ideas: 0, candidates: 0, trades: 0, wins: 0, pnl: {} }))
  for (const [agent, n] of ideas) of(agent).ideas += n
  for (const { agent, status } of rows) if (status === 'candidate') of(agent).candidates++
  addTrades(trades ?? {}, of)
  return [...all.values()].sort(byWeight)
}

/** Sums by the type in an agent's key, `PatternLearner-7`. */
export function contributionsByType(all: readonly Contribution[]): Contribution[] {
  const types = new Map<string, Draft>()
  for (const one of all) {
    const type = one.agent.replace(/-\d+$/, '')
    const sum = getOrInsert(
      types,
      type,
      (): Draft => ({ agent: type, agents: 0, ideas: 0, candidates: 0, trades: 0, wins: 0, pnl: {} }),
    )
    for (const name of ['agents', 'ideas', 'candidates', 'trades', 'wins'] as const) sum[name] += one[name]
    for (const [portfolio, usd] of Object.entries(one.pnl)) sum.pnl[portfolio] = (sum.pnl[portfolio] ?? 0) + usd
  }
  return [...types.values()].sort(byWeight)
}

function byWeight(a: Contribution, b: Contribution): number {
  return moved(b) - moved(a) || b.ideas - a.ideas || b.candidates - a.candidates || (a.agent < b.agent ? -1 : 1)
}

function addTrades(trades: Columns, of: (agent: string) => Draft): void {
  const [agents, portfolios, pnl] = [textsOf(trades.agent), textsOf(trades.portfolio), numbersOf(trades.pnl_e6)]
  agents.forEach((agent, i) => {
    const [draft, portfolio, usd] = [of(agent), portfolios[i] as string, (pnl[i] as number) / 1e6]
    draft.trades++
    if (usd > 0) draft.wins++
    draft.pnl[portfolio] = (draft.pnl[portfolio] ?? 0) + usd
  })
}

function moved({ pnl }: Contribution): number {
  return Object.values(pnl).reduce((sum, usd) => sum + Math.abs(usd), 0)
}
