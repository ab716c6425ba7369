/** An A/B experiment of the trade-agent: entries of arm B are another size. Half of the tokens have one arm a stretch of time, and half a split of users. */

import type { Rng, TimeMs } from '../../core/index.js'
import { type Arm, type ArmOutcome, switchbackEffect, userSplitEffect } from '../../trading/index.js'
import { launchLimits } from './limits.js'

export type Design = 'switchback' | 'userSplit'

/** What an entry belongs to. */
export interface Assignment {
  readonly design: Design
  /** The token, and the number of the stretch of time. */
  readonly cell: string
  readonly arm: Arm
}

export interface Experiment {
  /** Of each token that was met: its design. */
  designs: Record<string, Design>
  /** Of each cell that was met: the arm of all, or in a split that of each user. */
  arms: Record<string, Arm>
  /** What trades of either design came to, the last ones. */
  readonly outcomes: Record<Design, ArmOutcome[]>
}

export function newExperiment(): Experiment {
  return { designs: {}, arms: {}, outcomes: { switchback: [], userSplit: [] } }
}

/** The arm of a user's entry into a token now; what was not met before is drawn. */
export function assign(
  { designs, arms }: Experiment,
  { pair, user, time, blockMs, rng }: { pair: string; user: string; time: TimeMs; blockMs: number; rng: Rng },
): Assignment {
  designs[pair] ??= rng.chance(0.5) ? 'switchback' : 'userSplit'
  const design = designs[pair]
  const cell = `${pair}:${Math.floor(time / blockMs)}`
  const unit = design === 'switchback' ? cell : `${cell}:${user}`
  arms[unit] ??= rng.chance(0.5) ? 'B' : 'A'
  return { design, cell, arm: arms[unit] }
}

/** Notes what a trade of the experiment came to. */
export function noteOutcome({ outcomes }: Experiment, { design, cell, arm }: Assignment, value: number): void {
  const of = outcomes[design]
  of.push({ cell, arm, value })
  if (of.length > launchLimits.experimentOutcomes) of.shift()
}

/** Forgets tokens that are not traded any more. */
export function forgetTokens(experiment: Experiment, living: ReadonlyMap<string, unknown>): void {
  const isLiving = ([name]: [string, unknown]) => living.has(name.split(':')[0] ?? '')
  experiment.designs = Object.fromEntries(Object.entries(experiment.designs).filter(isLiving))
  experiment.arms = Object.fromEntries(Object.entries(experiment.arms).filter(isLiving))
}

/** What the change does by cells, and beside it what a split of users makes of it. */
export function effectsOf({ outcomes }: Experiment) {
  return { switchback: switchbackEffect(outcomes.switchback), userSplit: userSplitEffect(outcomes.userSplit) }
}
