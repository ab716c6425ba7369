/** Explains decisions: reads a run's record and tells each decision as facts and as sentences. */

import { unknownName } from '../../core/index.js'
import { openRunRecord, type RecordRow, type RunRecord } from '../../storage/index.js'
import {
  type OfStoryTables,
  portfolioNames,
  recalledIds,
  type Story,
  type StoryTable,
  sentencesOf,
  storyIds,
  storyTables,
  tellStories,
} from '../../trading/index.js'
import { reportLimits } from '../limits.js'
import { findDecisions, type Question } from './find.js'

/** A decision as sentences, and the facts they are made of. */
export interface ExplainedDecision extends Story {
  readonly sentences: readonly string[]
}

/** What a question was answered with. */
export interface Explanation {
  /** Decisions that there are; `decisions` holds the newest ones. */
  readonly total: number
  /** Newest first. */
  readonly decisions: readonly ExplainedDecision[]
}

/** Explains the decisions of a run that a question is about; refuses a name that the run does not know. */
export async function explainDecisions(run: string, question: Question): Promise<Explanation> {
  const { portfolio } = question
  if (portfolio !== undefined && !(portfolioNames as readonly string[]).includes(portfolio))
    throw unknownName('portfolio', portfolio, portfolioNames)
  const record = openRunRecord(run)
  try {
    const found = await findDecisions(record, question)
    const stories = await storiesIn(record, found.slice(0, reportLimits.stories))
    return { total: found.length, decisions: stories.map(story => ({ sentences: sentencesOf(story), ...story })) }
  } finally {
    record.close()
  }
}

/** The stories of decisions, with the rows that their ids lead to. */
export async function storiesIn(record: RunRecord, decisions: readonly RecordRow[]): Promise<Story[]> {
  const rowsOf = async (table: StoryTable, ids: ReadonlySet<string>) => {
    const column = storyTables[table]
    return ids.size === 0 ? [] : record.rows(table, [column], row => ids.has(String(row[column])))
  }
  const ids = storyIds(decisions)
  const recollections = await rowsOf('recollections', ids.recollections)
  const wanted = { ...ids, trades: new Set([...ids.trades, ...recalledIds(recollections)]) }
  const found: Partial<Record<StoryTable, readonly RecordRow[]>> = {}
  for (const table of Object.keys(storyTables) as StoryTable[]) found[table] = await rowsOf(table, wanted[table])
  return tellStories(decisions, found as OfStoryTables<readonly RecordRow[]>, record.has('orders'))
}
