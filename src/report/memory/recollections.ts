/** What memory said of ideas, from the table `recollections`: those whose confidence it changed most, traded ones first. */

import type { Row } from '../../core/index.js'
import { tableBlocks, textsOf } from '../../storage/index.js'
import { reportLimits } from '../limits.js'

/** A row of `recollections`, and the mycelial trade that came of the idea. */
export interface ToldIdea {
  readonly row: Row
  readonly tradeId: string | null
}

/** The mycelial trade of each idea that became one. */
export async function tradesByIdea(trades: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const { columns } of tableBlocks(trades, ['trade_id', 'idea_id', 'portfolio'])) {
    const [ids, ideas] = [textsOf(columns.trade_id), textsOf(columns.idea_id)]
    textsOf(columns.portfolio).forEach((portfolio, i) => {
      const [id, idea] = [ids[i], ideas[i]]
      if (portfolio === 'mycelial' && id !== undefined && idea !== undefined) found.set(idea, id)
    })
  }
  return found
}

/** The ideas to tell of, those that were changed most first. */
export async function changedMost(recollections: string, trades: ReadonlyMap<string, string>): Promise<ToldIdea[]> {
  let changed: ToldIdea[] = []
  for await (const { columns, rows } of tableBlocks(recollections, 'all')) {
    for (let i = 0; i < rows; i++) {
      const row = Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[i] ?? null]))
      if (Number(row.cases) > 0) changed.push({ row, tradeId: trades.get(String(row.idea_id)) ?? null })
    }
    changed = changed.sort(byChange).slice(0, reportLimits.recollections)
  }
  return changed
}

function byChange(a: ToldIdea, b: ToldIdea): number {
  const traded = Number(b.tradeId !== null) - Number(a.tradeId !== null)
  return traded || changeOf(b) - changeOf(a) || (String(a.row.idea_id) < String(b.row.idea_id) ? -1 : 1)
}

function changeOf({ row }: ToldIdea): number {
  return Math.abs(Number(row.factor) - 1)
}
