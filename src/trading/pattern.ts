/** A pattern's row: one per status change from candidate on. */

import type { TimeMs } from '../core/index.js'

/** How far a hypothesis can come, from tested to approved or rejected. */
export const patternStatuses = ['tested', 'candidate', 'confirmed', 'approved', 'retired', 'rejected'] as const
/** How far a hypothesis has come. */
export type PatternStatus = (typeof patternStatuses)[number]

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
  /** The statistic of the stage: t of the screen, pooled z, largest accepted p … */
  readonly score: number
  /** E[gross return | z] − round-trip cost. */
  readonly value: number
  readonly ageMinutes: number
  readonly decayFactor: number
  /** True where the driver is placebo noise: an approval is a false discovery. */
  readonly placebo: boolean
  readonly features: Readonly<Record<string, number | string | null>>
}
