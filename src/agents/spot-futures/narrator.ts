/** Narrator: reads headlines: which may be read, which are new, what they are about and how good they are; and sets each pair’s narrative against its price. */

import type { Headline } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  type Divergence,
  divergenceNext,
  entitiesOf,
  financeScorer,
  headlineFault,
  isRepeated,
  type Narrative,
  newNarrative,
  newSeenHeadlines,
  relevantPairs,
  type SeenHeadlines,
  tell,
} from '../../trading/index.js'
import type { SpotFuturesModel } from './ports.js'
import { Divergences, Headlines, ReadHeadlines } from './topics.js'

/** A story that is printed again within this time is the same one. */
const SAME_STORY_MS = 24 * 3_600_000

export class Narrator extends Agent<SpotFuturesModel> {
  narratives = new Map<string, Narrative>()
  latest = new Map<string, Divergence>()
  seen: SeenHeadlines = newSeenHeadlines()
  read = 0
  /** Headlines that said nothing, by why: a fault, a repetition, no asset of the run. */
  unread: Record<string, number> = {}

  wire(): void {
    this.on(Headlines, this.headline)
  }

  headline(headline: Headline): void {
    const { now } = this.model
    const fault = headlineFault(headline, now)
    if (fault !== null) return this.leave(fault)
    const pairs = relevantPairs(headline.text, entitiesOf(this.model.params.pairs))
    if (pairs.length === 0) return this.leave('irrelevant')
    if (isRepeated(this.seen, headline.text, now, SAME_STORY_MS)) return this.leave('repeated')
    const score = financeScorer.score(headline.text)
    this.read++
    for (const pair of pairs) {
      // One that names several says less of each.
      tell(this.narrativeOf(pair), { time: now, weight: 1 / pairs.length, score })
      this.publish(ReadHeadlines, { ...headline, readAt: now, pair, score, scorer: financeScorer.name })
    }
  }

  /** After each bar; a pair of which nothing new is known is left as it is. */
  step(): void {
    const { now, views } = this.model
    for (const [pair, view] of views) {
      if (view.barTime + view.barMs !== now) continue
      const divergence = divergenceNext(this.narrativeOf(pair), { now, dayReturn: view.dayReturn, volume: view.volume })
      if (divergence === null) continue
      this.latest.set(pair, divergence)
      if (divergence.acts) this.publish(Divergences, { ...divergence, time: now, pair })
    }
  }

  private leave(reason: string): void {
    this.unread[reason] = (this.unread[reason] ?? 0) + 1
  }

  private narrativeOf(pair: string): Narrative {
    let narrative = this.narratives.get(pair)
    if (narrative === undefined) {
      narrative = newNarrative()
      this.narratives.set(pair, narrative)
    }
    return narrative
  }
}
