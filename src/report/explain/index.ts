/** Explains decisions: reads a run's record and tells each decision as facts and as sentences. */

import { unknownName } from '../../core/index.js'
import { openRunRecord } from '../../storage/index.js'
import { portfolioNames } from '../../trading/index.js'
import { reportLimits } from '../limits.js'
import { findDecisions, type Question } from './find.js'
import { sentencesOf } from './sentences.js'
import { type Story, tellStories } from './story.js'

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
    const stories = await tellStories(record, found.slice(0, reportLimits.stories))
    return { total: found.length, decisions: stories.map(story => ({ sentences: sentencesOf(story), ...story })) }
  } finally {
    record.close()
  }
}
