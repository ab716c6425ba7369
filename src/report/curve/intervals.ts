/** Intervals of what a curve did: whole blocks of its days are drawn again and again, so that days that hang together stay together. */

import { hashName, Rng, rootOf } from '../../core/index.js'

const resamples = 500
/** Days a block. */
const block = 5
/** Days below which an interval says little. */
export const leastDays = 30

export interface CurveIntervals {
  readonly days: number
  /** 95 % of the resampled curves lie between. */
  readonly return: readonly [number, number]
  /** Of the days' ends. */
  readonly maxDrawdown: readonly [number, number]
}

/** Circular block bootstrap (Politis and Romano 1992); undefined below 30 days. `seed`: of the run, so that a page is the same again. */
export function curveIntervals(returns: readonly number[], seed: number): CurveIntervals | undefined {
  const n = returns.length
  if (n < leastDays) return undefined
  const rng = Rng.derive(rootOf(seed), hashName('report intervals'), 0)
  const [totals, depths]: [number[], number[]] = [[], []]
  for (let b = 0; b < resamples; b++) {
    let [equity, peak, depth, at] = [1, 1, 0, 0]
    for (let i = 0; i < n; i++) {
      at = i % block === 0 ? rng.int(n) : (at + 1) % n
      equity *= 1 + (returns[at] as number)
      peak = Math.max(peak, equity)
      depth = Math.max(depth, 1 - equity / peak)
    }
    totals.push(equity - 1)
    depths.push(depth)
  }
  return { days: n, return: middle(totals), maxDrawdown: middle(depths) }
}

function middle(values: number[]): readonly [number, number] {
  values.sort((a, b) => a - b)
  const at = (share: number) => values[Math.round(share * (values.length - 1))] as number
  return [at(0.025), at(0.975)]
}

/** Wilson's 95 % interval of a share of n trials (Wilson 1927). */
export function shareInterval(share: number, n: number): readonly [number, number] {
  const z2 = 1.96 ** 2
  const middleOf = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (1.96 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return [middleOf - half, middleOf + half]
}

/** The mean that n values of this spread would show as different from 0 at 5 %, two-sided, in 80 % of runs. */
export function detectableMean(sd: number, n: number): number {
  return ((1.96 + 0.8416) * sd) / Math.sqrt(n)
}
