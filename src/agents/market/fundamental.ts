/**
 * The value of a lot: it returns to its mean (an Ornstein–Uhlenbeck process) and is shocked rarely and strongly (after Byrd 2019).
 * Traders see it through `observe`, each with an error of its own.
 */

import { math, type Rng } from '../../core/index.js'

/** How the value moves; time in seconds, values in ticks. */
export interface FundamentalOptions {
  readonly mean: number
  /** Part of the distance to the mean that is lost in a second. */
  readonly reversion: number
  /** Standard deviation of what is added in a second. */
  readonly sd: number
  /** Shocks a second. */
  readonly shockRate: number
  /** Standard deviation of a shock. */
  readonly shockSd: number
}

/** The value as plain data. */
export interface Fundamental {
  readonly options: FundamentalOptions
  value: number
  /** The instant that `value` is of. */
  time: number
  nextShock: number
}

/** The value at the beginning: its mean. */
export function newFundamental(options: FundamentalOptions, rng: Rng): Fundamental {
  return { options, value: options.mean, time: 0, nextShock: shockAfter(0, options, rng) }
}

/** Goes on to an instant, which is never before the last one. Steps between are drawn exactly, whatever their length. */
export function advanceFundamental(fundamental: Fundamental, time: number, rng: Rng): void {
  const { options } = fundamental
  while (fundamental.nextShock <= time) {
    diffuse(fundamental, fundamental.nextShock, rng)
    fundamental.value += rng.normal(0, options.shockSd)
    fundamental.nextShock = shockAfter(fundamental.time, options, rng)
  }
  diffuse(fundamental, time, rng)
}

function diffuse(fundamental: Fundamental, time: number, rng: Rng): void {
  const { mean, reversion, sd } = fundamental.options
  const kept = keptAfter(reversion, time - fundamental.time)
  const noise = sd * Math.sqrt(addedVariance(reversion, time - fundamental.time))
  if (time > fundamental.time) fundamental.value = mean + (fundamental.value - mean) * kept + rng.normal(0, noise)
  fundamental.time = time
}

/** Part of a distance to the mean that is left after so many seconds. */
export function keptAfter(reversion: number, seconds: number): number {
  return math.exp(-reversion * seconds)
}

/** Variance that has gathered after so many seconds, of a variance of 1 a second. */
export function addedVariance(reversion: number, seconds: number): number {
  return reversion === 0 ? seconds : (1 - math.exp(-2 * reversion * seconds)) / (2 * reversion)
}

function shockAfter(time: number, { shockRate }: FundamentalOptions, rng: Rng): number {
  return shockRate === 0 ? Number.MAX_SAFE_INTEGER : time + rng.exponential(shockRate)
}
