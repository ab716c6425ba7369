/** The detectable effect: how weak a cause may be and still be approved with a given chance, in the bars a run has had. */

import { math } from '../core/index.js'
import { protocol } from './limits.js'
import { normalTail } from './student.js'

const { stageBlocks, screenSums, halfBars, blockBars, passBars, foldZ, pooledZ, candidateZ, confirmationWindowBars } = protocol
const stageBars = stageBlocks * blockBars
const screenBars = screenSums * halfBars
/** z below which one approval share of three, and a single one, does not accept. */
const shareZ = 1.645
const soleZ = 2.457
/**
 * What is left of a deviate where volatility changes faster than it can be followed: e^(−v/2) = .87 for v = .28, the variance of the
 * logarithm of volatility that is not known beforehand in hourly bars (of .52), less what heavy tails take of a t. Simulated: .80–.83.
 */
const efficiency = 0.82
/** Steps of the integrals over one fold's z, and their reach beyond its mean. */
const gridStep = 0.1
const reach = 4

/** What the search for patterns was made of. */
export interface SearchDesign {
  /** Bars the learners have had, less those in which nothing was known yet. */
  readonly bars: number
  /** Size of the hypothesis space: the more, the fewer candidates find a slot for confirmation. */
  readonly hypotheses: number
  /** Most confirmations begun in 5,000 bars. */
  readonly confirmations: number
  readonly confirmationFolds: number
  readonly approvalFolds: number
}

/**
 * Chance that a cause of this information coefficient is approved within `bars`. The coefficient, the correlation of z with the
 * return over the horizon in units of its volatility, makes a test over n bars a normal deviate of mean ic·√n, whatever the horizon; Student's law with 19 or 17
 * degrees of freedom lowers that by about 1/(4·degrees). A hypothesis that fails its screen comes up again 500 bars later, one that fails
 * confirmation 2,000, one that fails approval 3,000. For white drivers and hourly bars; drivers that are mostly silent are found less
 * often, and an effect of constant size in price more often, because calm bars are scaled up.
 */
export function powerOf(ic: number, design: SearchDesign): number {
  const screen = normalTail(screenThreshold(design) - deviate(ic, screenBars, screenSums))
  const confirmed = confirmationPower(ic, design.confirmationFolds)
  const approved = approvalPower(ic, design.approvalFolds)
  const passes = Math.floor((design.bars - screenBars - 2 * stageBars) / passBars) + 1
  const chances = new Float64Array(Math.max(0, passes) + 1)
  const later = (pass: number) => chances[Math.max(0, pass)] as number
  for (let left = 1; left < chances.length; left++) {
    const studied = confirmed * (approved + (1 - approved) * later(left - 6)) + (1 - confirmed) * later(left - 4)
    chances[left] = screen * studied + (1 - screen) * later(left - 1)
  }
  return chances[chances.length - 1] as number
}

/** The weakest information coefficient that is approved with this chance; null where the bars are too few for any. */
export function detectableIc(design: SearchDesign, power = 0.8): number | null {
  let low = 0
  let high = 0.5
  if (powerOf(high, design) < power) return null
  while (high - low > 1e-4) {
    const middle = (low + high) / 2
    if (powerOf(middle, design) < power) low = middle
    else high = middle
  }
  return high
}

/** What a cause of one horizon must do to be found. */
export interface DetectableEffect {
  readonly horizon: number
  /** Correlation of the driver's z with the return over the horizon, in units of its volatility. */
  readonly ic: number
  /** The move over the horizon that a driver at four standard deviations goes before, in σ of a bar at the time. */
  readonly moveAtFourSigma: number
}

/** By horizon; empty where the bars are too few for any effect. */
export function detectableEffects(horizons: readonly number[], design: SearchDesign, power = 0.8): DetectableEffect[] {
  const ic = detectableIc(design, power)
  if (ic === null) return []
  return horizons.map(horizon => ({ horizon, ic, moveAtFourSigma: protocol.zClip * ic * Math.sqrt(horizon) }))
}

/** The mean of z over n bars summed in so many blocks. */
function deviate(ic: number, bars: number, blocks: number): number {
  return efficiency * ic * Math.sqrt(bars) * (1 - 1 / (4 * (blocks - 1)))
}

/** The z a candidate needs to be confirmed: that of the screen, or more where better ones take all slots. */
function screenThreshold({ hypotheses, confirmations }: SearchDesign): number {
  const slots = (confirmations * passBars) / confirmationWindowBars / hypotheses
  let z: number = candidateZ
  while (2 * normalTail(z) > slots && z < 6) z += 0.005
  return z
}

function confirmationPower(ic: number, folds: number): number {
  const mean = deviate(ic, stageBars / folds, stageBlocks / folds)
  if (folds === 1) return normalTail(pooledZ - mean)
  let power = 0
  const top = mean + reach
  for (let first = foldZ + gridStep / 2; first < top; first += gridStep)
    for (let second = foldZ + gridStep / 2; second < top; second += gridStep) {
      const third = Math.max(foldZ, pooledZ * Math.sqrt(folds) - first - second)
      power += density(first - mean) * density(second - mean) * normalTail(third - mean)
    }
  return power * gridStep * gridStep
}

/** Two of three shares accept and none accepts the opposite; or the only one accepts. */
function approvalPower(ic: number, folds: number): number {
  const mean = deviate(ic, stageBars / folds, stageBlocks / folds)
  if (folds === 1) return normalTail(soleZ - mean)
  const accepts = normalTail(shareZ - mean)
  const opposite = normalTail(shareZ + mean)
  return accepts * accepts * (3 * (1 - accepts - opposite) + accepts)
}

function density(z: number): number {
  return math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}
