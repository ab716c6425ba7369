/** How far the search for patterns has come, as counts and in words: what is in force, and where the others are. */

import { grouped } from '../../core/index.js'
import { protocol } from '../../discovery/index.js'

/** Counts of a search; each pattern is counted at every status that it reached. */
export interface SearchProgress {
  /** Bars the swarm has had, those of an earlier run included. */
  readonly bars: number
  /** Bars before which no hypothesis can have passed screen, confirmation and approval. */
  readonly barsNeeded: number
  /** Screens that have ended. */
  readonly tested: number
  readonly candidates: number
  readonly confirmed: number
  readonly approved: number
  readonly rejected: number
  readonly retired: number
  readonly inForce: number
  /** Of those in force, the ones whose value pays for a round trip. */
  readonly traded: number
  /** Hypotheses that are traded without a test. */
  readonly forced: number
}

/** What is read of the swarm. */
export interface Searching {
  readonly steps: number
  readonly tested: number
  readonly patternCounts: Readonly<Record<string, number>>
  readonly approved: ReadonlyMap<string, { readonly traded: boolean }>
  readonly forced: readonly unknown[]
}

/** Bars before a driver is standardised and a pair's volatility is known. */
export const standardisationBars = 51

const { screenSums, halfBars, stageBlocks, blockBars } = protocol
const barsNeeded = standardisationBars + screenSums * halfBars + 2 * stageBlocks * blockBars

export function searchProgress({ steps, tested, patternCounts, approved, forced }: Searching): SearchProgress {
  const count = (status: string) => patternCounts[status] ?? 0
  return {
    bars: steps,
    barsNeeded,
    tested,
    candidates: count('candidate'),
    confirmed: count('confirmed'),
    approved: count('approved'),
    rejected: count('rejected'),
    retired: count('retired'),
    inForce: approved.size,
    traded: [...approved.values()].filter(pattern => pattern.traded).length,
    forced: forced.length,
  }
}

/** Why no pattern is in force: the stage of the search beyond which nothing has come. */
export function whyNoPattern(search: SearchProgress): string {
  const { bars, barsNeeded: needed, tested, candidates, confirmed, approved, rejected } = search
  if (bars < needed) return `bar ${grouped(bars)} of the ${grouped(needed)} that a search takes at least`
  if (approved > 0) return approved === 1 ? 'the only one approved was retired' : `all ${grouped(approved)} approved were retired`
  if (candidates === 0) return `${grouped(tested)} hypotheses screened, none stood out`
  const failed = rejected > 0 ? `, ${grouped(rejected)} rejected` : ''
  if (confirmed === 0) return `${grouped(candidates)} candidates, none confirmed${failed}`
  return `${grouped(candidates)} candidates, ${grouped(confirmed)} confirmed, none approved${failed}`
}
