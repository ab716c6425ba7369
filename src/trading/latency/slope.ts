/** The trend of a short series: the Theil–Sen slope, and its interval by a bootstrap of blocks of residuals. */

import type { Rng } from '../../core/index.js'
import { middleOf } from './robust-window.js'

/** The median of the slopes between all pairs of points (Theil 1950, Sen 1968), per place. */
export function theilSenSlope(values: readonly number[]): number {
  const n = values.length
  const slopes = new Float64Array((n * (n - 1)) / 2)
  let k = 0
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) slopes[k++] = ((values[j] as number) - (values[i] as number)) / (j - i)
  return middleOf(slopes.sort())
}

/** How the interval of a slope is made. */
export interface SlopeBootstrap {
  readonly resamples: number
  /** Places whose residuals are drawn together: what depends on each other stays together. */
  readonly block: number
  /** Share of the resampled slopes that lies in the interval. */
  readonly level: number
}

/** Lower and upper bound of a slope: residuals are drawn in blocks (Künsch 1989) and put back on the line. */
export function slopeInterval(
  values: readonly number[],
  slope: number,
  { resamples, block, level }: SlopeBootstrap,
  rng: Rng,
): [number, number] {
  const n = values.length
  const residuals = values.map((value, i) => value - slope * i)
  const slopes = new Float64Array(resamples)
  const made = new Array<number>(n)
  for (let r = 0; r < resamples; r++) {
    for (let at = 0; at < n; at += block) {
      const from = rng.int(n - block + 1)
      for (let k = 0; k < block && at + k < n; k++) made[at + k] = slope * (at + k) + (residuals[from + k] as number)
    }
    slopes[r] = theilSenSlope(made)
  }
  slopes.sort()
  const tail = Math.floor(((1 - level) / 2) * resamples)
  return [slopes[tail] as number, slopes[resamples - 1 - tail] as number]
}
