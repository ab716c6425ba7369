/** What the trade-agent learns: a model of gains, the weights of its voters, how sure a score makes, and how likely a collapse is. */

import type { TimeMs } from '../../core/index.js'
import {
  fitIsotonic,
  type Hedge,
  hedgeWeights,
  type IsotonicMap,
  isotonicShare,
  type Logistic,
  learnLogistic,
  learnLosses,
  logisticOf,
  newHedge,
  newLogistic,
  type ScoredOutcome,
} from '../../trading/index.js'
import { launchLimits } from './limits.js'
import { viewFeatureNames } from './token-views.js'
import type { JudgedFeatures } from './topics.js'

/** A token that was judged, until it is known whether a purchase would have gained. */
export interface OpenOutcome {
  readonly pair: string
  readonly price: number
  readonly due: TimeMs
  readonly features: readonly number[]
  /** What model and news voted, and what they came to together. */
  readonly votes: readonly [number, number]
  readonly score: number
  readonly confidence: number
  /** What else was known; null where there was no user. */
  readonly of: JudgedFeatures | null
  readonly time: TimeMs
}

/** Everything learnt, as plain data. */
export interface Learning {
  /** The champion; it goes on learning. */
  model: Logistic
  /** Versions trained so far; the one that decides, 0: the first. */
  trained: number
  version: number
  readonly hedge: Hedge
  gains: IsotonicMap
  risks: IsotonicMap
  /** The last outcomes, from which the confidence is calibrated. */
  readonly gainOutcomes: { readonly features: readonly number[]; readonly newsVote: number; readonly came: boolean }[]
  readonly riskOutcomes: ScoredOutcome[]
  matured: number
  /** Of outcomes in each tenth of confidence: how many there were, their confidence, and how many gained. */
  readonly reliability: { n: number; confidence: number; gained: number }[]
}

/** Outcomes that Hedge is told to expect, and the least weight of a voter. */
const HEDGE = { outcomes: 5_000, floor: 0.05 } as const
/** Outcomes of the usual share that every block of a calibration counts beside its own. */
const PRIOR = 5
const TENTHS = 10
/** What is taken for the chance of a gain, and of a collapse, before anything is known: nothing to act on, and not nothing to fear. */
const [UNKNOWN_GAIN, UNKNOWN_RISK] = [0, 0.3] as const

export function newLearning(): Learning {
  return {
    model: newLogistic(viewFeatureNames.length),
    trained: 0,
    version: 0,
    hedge: newHedge(2, HEDGE),
    gains: { from: [], share: [] },
    risks: { from: [], share: [] },
    gainOutcomes: [],
    riskOutcomes: [],
    matured: 0,
    reliability: Array.from({ length: TENTHS }, () => ({ n: 0, confidence: 0.0, gained: 0 })),
  }
}

export function gainOf({ model }: Learning, features: readonly number[]): number {
  return logisticOf(model, features)
}

export function weightsOf({ hedge }: Learning): number[] {
  return hedgeWeights(hedge)
}

/** How sure a score makes, by what came of others. */
export function confidenceIn(gains: IsotonicMap, score: number): number {
  return isotonicShare(gains, score, UNKNOWN_GAIN)
}

/** How likely a collapse is, by what came of others of that score. */
export function riskIn({ risks }: Learning, score: number): number {
  return isotonicShare(risks, score, UNKNOWN_RISK)
}

/** Learns what came of outcomes, and calibrates once for all of them. */
export function learnGains(learning: Learning, outcomes: readonly { of: OpenOutcome; gained: boolean }[]): void {
  for (const { of, gained } of outcomes) {
    learning.matured++
    learnLogistic(learning.model, of.features, gained)
    learnLosses(
      learning.hedge,
      of.votes.map(vote => (1 - (gained ? vote : -vote)) / 2),
    )
    keep(learning.gainOutcomes, { features: of.features, newsVote: of.votes[1], came: gained })
    const tenth = learning.reliability[Math.min(TENTHS - 1, Math.floor(of.confidence * TENTHS))]
    if (tenth === undefined) continue
    tenth.n++
    tenth.confidence += of.confidence
    if (gained) tenth.gained++
  }
  if (outcomes.length > 0) learning.gains = calibrated(learning)
}

/** The confidence by what the votes of today would have come to: those of the past were cast by a model that knew less. */
export function calibrated(learning: Pick<Learning, 'model' | 'hedge' | 'gainOutcomes'>): IsotonicMap {
  const weights = hedgeWeights(learning.hedge)
  const scored = learning.gainOutcomes.map(({ features, newsVote, came }) => ({
    score: scoreOf(weights, voteOf(logisticOf(learning.model, features)), newsVote),
    came,
  }))
  return fitIsotonic(scored, PRIOR)
}

/** A chance as a vote, −1 to 1. */
export function voteOf(gain: number): number {
  return 2 * gain - 1
}

/** What both votes come to. */
export function scoreOf(weights: readonly number[], modelVote: number, newsVote: number): number {
  return (weights[0] ?? 0) * modelVote + (weights[1] ?? 0) * newsVote
}

/** Learns whether a token of that risk score collapsed. */
export function learnRisk(learning: Learning, outcome: ScoredOutcome): void {
  keep(learning.riskOutcomes, outcome)
}

/** Calibrates the risk by what was learnt. */
export function calibrateRisk(learning: Learning): void {
  if (learning.riskOutcomes.length > 0) learning.risks = fitIsotonic(learning.riskOutcomes, PRIOR)
}

function keep<T>(outcomes: T[], outcome: T): void {
  outcomes.push(outcome)
  if (outcomes.length > launchLimits.calibrationOutcomes) outcomes.shift()
}

/** Σ (share of outcomes in a tenth) × |share of gains − mean confidence|; null without an outcome. */
export function calibrationErrorOf({ reliability, matured }: Learning): number | null {
  if (matured === 0) return null
  return reliability.reduce((sum, { n, confidence, gained }) => sum + (n === 0 ? 0 : Math.abs(gained - confidence) / matured), 0)
}
