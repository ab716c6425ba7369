/** A pattern's row: one per status change from candidate on. */

import type { TimeMs } from '../core/index.js'

/** How far a hypothesis can come, from tested to approved or rejected. */
export const patternStatuses = ['tested', 'candidate', 'confirmed', 'approved', 'retired', 'rejected'] as const
/** How far a hypothesis has come. */
export type PatternStatus = (typeof patternStatuses)[number]

/**
 * What a pattern's value was estimated on: the bars of its screen or of its confirmation, which chose it and so flatter it, the forward
 * bars of its approval, or all bars since, recent ones most; or nothing, where those bars were too few: an effect of 0, less costs.
 */
export type ValueBasis = 'screened, biased' | 'confirmation, biased' | 'forward bars' | 'watched bars' | 'not computed'
/** Every basis. */
export const valueBases: readonly ValueBasis[] = [
  'screened, biased',
  'confirmation, biased',
  'forward bars',
  'watched bars',
  'not computed',
]

/** A verdict on one hypothesis, with the statistics it rests on. */
export interface PatternRow {
  /** The hypothesis's canonical name: `driver|transform|lag|pair|horizon`. */
  readonly pattern: string
  readonly status: PatternStatus
  readonly step: number
  readonly time: TimeMs
  /** Key of the agent that changed the status. */
  readonly agent: string
  readonly moat: string
  readonly product: string
  readonly signalType: string
  readonly sign: 1 | -1
  /** z of the stage in the pattern's sign: of the screen, pooled over folds or shares, of the latest 504 bars; null where it cannot be computed. */
  readonly score: number | null
  /** Expected net return of one trade at the largest value of its driver, z = 4, after decay. */
  readonly value: number
  /** Since the first bar of its evidence. */
  readonly ageMinutes: number
  /** What is left of its value since its last proof: 0.5^(bars / 2,000). */
  readonly decayFactor: number
  /** True where the driver is placebo noise: an approval is a false discovery. */
  readonly placebo: boolean
  readonly features: Readonly<Record<string, number | string | null>>
  /** One-sided p of the forward bars; null before approval is judged, and after. */
  readonly p: number | null
  /** What the value was estimated on. */
  readonly valueBasis: ValueBasis
  /** Whether it is traded: approved, and its value pays for a round trip. An approved pattern of negative value is known, not traded. */
  readonly traded: boolean
}
