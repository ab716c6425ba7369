/** Morris screening: which factors matter at all, from few runs (Morris 1991; μ*: Campolongo, Cariboni and Saltelli 2007). */

import { checkedCount, OperatorError } from '../../core/index.js'
import { momentsOf, sampleSd } from '../../trading/index.js'
import { type BootstrapOptions, bootstrapMean, resamplingStream } from './bootstrap.js'
import { checkedFactors, checkedOutputs, type Factor, inRange, type SensitivityDesign } from './factors.js'
import { type Interval, meanOf } from './samples.js'

/** How many ways through the space, and on how fine a grid. */
export interface MorrisOptions {
  /** Ways through the space, each of one run more than there are factors; default 20. */
  readonly trajectories?: number
  /** Levels of a factor, an even number; default 4. */
  readonly levels?: number
  /** Default 1. */
  readonly seed?: number | string
}

/** What a factor does to the output, over its whole range. */
export interface MorrisEffect {
  readonly name: string
  /** Mean effect. Near 0 with a large `absolute`, the factor acts both ways. */
  readonly mean: number
  /** μ*: the mean absolute effect. Small: the factor may be left alone. */
  readonly absolute: number
  /** Of `absolute`, by the bootstrap over the trajectories. */
  readonly interval: Interval
  /** Spread of the effects: large where the factor interacts, or is not linear. */
  readonly spread: number
}

/**
 * A design of trajectories: along one, each factor moves once, by more than half its range. Compute the model at `points` (a sweep with a
 * list), and hand the outputs to `morrisEffects`.
 */
export function morrisDesign(
  factors: readonly Factor[],
  { trajectories = 20, levels = 4, seed = 1 }: MorrisOptions = {},
): SensitivityDesign {
  checkedFactors(factors)
  checkedCount('`trajectories`', trajectories)
  if (!(Number.isInteger(levels) && levels >= 2 && levels % 2 === 0)) {
    throw new OperatorError({ what: '`levels`', expected: 'an even number ≥ 2', got: levels })
  }
  const rng = resamplingStream(seed, 'Morris')
  const jump = levels / 2
  const points: number[][] = []
  for (let t = 0; t < trajectories; t++) {
    const at = factors.map(() => rng.int(levels))
    points.push(onGrid(factors, at, levels))
    for (const i of rng.shuffle(factors.map((_, i) => i))) {
      at[i] = (at[i] as number) + ((at[i] as number) < jump ? jump : -jump)
      points.push(onGrid(factors, at, levels))
    }
  }
  return { factors, points }
}

/** The effects of every factor, in their order, from the outputs at the points of `morrisDesign`. */
export function morrisEffects(
  design: SensitivityDesign,
  outputs: ArrayLike<number>,
  options: BootstrapOptions = {},
): MorrisEffect[] {
  checkedOutputs(design, outputs)
  return design.factors.map((factor, i) => {
    const effects = effectsOf(design, outputs, i)
    const { interval } = bootstrapMean(effects.map(Math.abs), options)
    const moments = momentsOf(effects)
    return { name: factor.name, mean: moments.mean, absolute: meanOf(effects.map(Math.abs)), interval, spread: sampleSd(moments) }
  })
}

/** Along each trajectory the change of the output where the factor moved, as if it had moved over its whole range. */
function effectsOf({ factors, points }: SensitivityDesign, outputs: ArrayLike<number>, factor: number): number[] {
  const { from, to } = factors[factor] as Factor
  const perTrajectory = factors.length + 1
  const effects: number[] = []
  for (let i = 1; i < points.length; i++) {
    if (i % perTrajectory === 0) continue
    const moved = ((points[i]?.[factor] as number) - (points[i - 1]?.[factor] as number)) / (to - from)
    if (moved !== 0) effects.push(((outputs[i] as number) - (outputs[i - 1] as number)) / moved)
  }
  return effects
}

function onGrid(factors: readonly Factor[], at: readonly number[], levels: number): number[] {
  return inRange(
    factors,
    at.map(level => level / (levels - 1)),
  )
}
