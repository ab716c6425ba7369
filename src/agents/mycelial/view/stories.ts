/** What the decision record says of some decisions, from the rows a run has collected. */

import type { Row } from '../../../core/index.js'
import type { PanelContext } from '../../../model/index.js'
import {
  type OfStoryTables,
  recalledIds,
  type StoryTable,
  sentencesOf,
  storyIds,
  storyTables,
  tellStories,
} from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'

/** The sentences of each decision, by its id: those of `mycelia explain`. */
export function storiesById(context: PanelContext<Swarm>, decisions: readonly Row[]): ReadonlyMap<number, readonly string[]> {
  const rowsOf = (table: StoryTable, ids: ReadonlySet<string>) => {
    const column = storyTables[table]
    return ids.size === 0 ? [] : context.rows(table).filter(row => ids.has(String(row[column])))
  }
  const ids = storyIds(decisions)
  const wanted = { ...ids, trades: new Set([...ids.trades, ...recalledIds(rowsOf('recollections', ids.recollections))]) }
  const found: Partial<Record<StoryTable, readonly Row[]>> = {}
  for (const table of Object.keys(storyTables) as StoryTable[]) found[table] = rowsOf(table, wanted[table])
  const stories = tellStories(decisions, found as OfStoryTables<readonly Row[]>, true)
  return new Map(stories.map(story => [Number(story.decision.id), sentencesOf(story)]))
}
