/**
 * Retraining: now and then a challenger is made of the last outcomes. It runs in the champion's shadow, on paper, and takes its place where
 * a paired comparison of their cycles says that it gains more. Every version is an artifact with its digest.
 */

import { canonicalJson, sha256, type TimeMs, toHex } from '../../core/index.js'
import { type Logistic, learnLogistic, logisticOf, meanInterval, newLogistic } from '../../trading/index.js'
import type { PaperPosition } from './exits.js'
import { launchLimits } from './limits.js'
import type { ModelArtifact } from './model-artifact.js'
import { viewFeatureNames } from './token-views.js'

/** A challenger while it runs in the shadow. */
export interface Shadow {
  readonly artifact: ModelArtifact
  readonly model: Logistic
  readonly until: TimeMs
  /** What both hold on paper, by cycle. */
  open: {
    readonly cycle: number
    readonly by: 'champion' | 'challenger'
    readonly due: TimeMs
    readonly position: PaperPosition
  }[]
  /** By cycle: what the challenger gained on paper less what the champion did, in entries of one size. */
  readonly differences: Record<number, number>
}

/** An outcome as it is kept to learn from. */
export interface KeptOutcome {
  readonly features: readonly number[]
  readonly came: boolean
}

/** Times that a challenger sees each outcome. */
const EPOCHS = 5
/** Outcomes below which there is nothing to train on, and cycles below which nobody is promoted. */
const [LEAST_OUTCOMES, LEAST_CYCLES] = [200, 20] as const

/** Trains a challenger on what is kept, from nothing; null: that is too little. */
export function trainChallenger(
  kept: readonly KeptOutcome[],
  { champion, version, now, shadowMs }: { champion: Logistic; version: number; now: TimeMs; shadowMs: number },
): Shadow | null {
  if (kept.length < LEAST_OUTCOMES) return null
  const model = newLogistic(viewFeatureNames.length)
  for (let epoch = 0; epoch < EPOCHS; epoch++) for (const { features, came } of kept) learnLogistic(model, features, came)
  const artifact: ModelArtifact = {
    version,
    digest: toHex(sha256(new TextEncoder().encode(canonicalJson(model.weights)))),
    features: viewFeatureNames,
    outcomes: kept.length,
    trainedAt: now,
    brier: brierOf(model, kept),
    championBrier: brierOf(champion, kept),
  }
  return { artifact, model, until: now + shadowMs, open: [], differences: {} }
}

function brierOf(model: Logistic, kept: readonly KeptOutcome[]): number {
  return kept.reduce((sum, { features, came }) => sum + (logisticOf(model, features) - Number(came)) ** 2, 0) / kept.length
}

/** Notes that both had a cycle, in which either may have bought nothing. */
export function beginCycle({ differences }: Shadow, cycle: number): void {
  differences[cycle] = 0
}

/** Holds on paper what one of them would have bought; beyond the limit nothing more. */
export function holdOnPaper(shadow: Shadow, of: Shadow['open'][number]): void {
  if (shadow.open.length < launchLimits.openOutcomes) shadow.open.push(of)
}

/** Counts what is due; `returnOf` says what a position on paper came to. */
export function settlePaper(shadow: Shadow, now: TimeMs, returnOf: (position: PaperPosition) => number): void {
  for (const { cycle, by, position } of shadow.open.filter(({ due }) => due <= now)) {
    const gained = returnOf(position)
    shadow.differences[cycle] = (shadow.differences[cycle] ?? 0) + (by === 'challenger' ? gained : -gained)
  }
  shadow.open = shadow.open.filter(({ due }) => due > now)
}

/** Whether a challenger gained more: the 95 % interval of the mean difference of a cycle lies above 0. */
export function isPromoted(differences: readonly number[]): boolean {
  const n = differences.length
  if (n < LEAST_CYCLES) return false
  const mean = differences.reduce((sum, x) => sum + x, 0) / n
  const sd = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1))
  return mean > 0 && mean > meanInterval(sd, n)
}
