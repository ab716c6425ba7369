/** Whether enough replicates were run: how the interval of their mean narrows, and how many a wanted width takes. */

import { OperatorError } from '../../core/index.js'
import { addMoment, newMoments, sampleSd } from '../../trading/index.js'
import { studentQuantile } from './distributions.js'
import { checkedLevel, checkedSample, type Sample } from './samples.js'

/** The mean of the first n replicates, with half its interval; Infinity for one replicate. */
export interface ConvergenceStep {
  readonly n: number
  readonly mean: number
  readonly half: number
}

/** How the mean of replicates settles. */
export interface Convergence {
  readonly steps: readonly ConvergenceStep[]
  /** The first n at which half the interval was at most `half`; undefined where it never was. */
  readonly reached: number | undefined
  /** About how many replicates bring half the interval down to `half`, from the spread of all. */
  readonly needed: number
}

/** Looks at replicates 1 … n in their order. `half`: half the width of interval that is wanted, in the unit of the values. */
export function convergence(values: Sample, { half, level = 0.95 }: { half: number; level?: number }): Convergence {
  checkedSample('the replicates', values, 2)
  if (!(half > 0)) throw new OperatorError({ what: '`half`', expected: 'a width above 0', got: half })
  const share = (1 + checkedLevel(level)) / 2
  const moments = newMoments()
  const steps = Array.from(values, value => {
    addMoment(moments, value)
    const { n, mean } = moments
    return {
      n,
      mean,
      half: n < 2 ? Number.POSITIVE_INFINITY : (studentQuantile(share, n - 1) * sampleSd(moments)) / Math.sqrt(n),
    }
  })
  return { steps, reached: steps.find(step => step.half <= half)?.n, needed: replicatesFor(sampleSd(moments), half, share) }
}

/** The least n with t(n − 1) · sd / √n ≤ half. */
function replicatesFor(sd: number, half: number, share: number): number {
  const isEnough = (n: number) => (studentQuantile(share, n - 1) * sd) / Math.sqrt(n) <= half
  let enough = 2
  while (!isEnough(enough)) {
    if (enough > Number.MAX_SAFE_INTEGER / 4) return Number.POSITIVE_INFINITY
    enough *= 2
  }
  let few = enough === 2 ? 1 : enough / 2
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2)
    if (isEnough(middle)) enough = middle
    else few = middle
  }
  return enough
}
