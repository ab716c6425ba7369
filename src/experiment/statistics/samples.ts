/** What the statistics ask of their samples, and the sums and quantiles they share. */

import { OperatorError } from '../../core/index.js'
import { quantileOfSorted } from '../../model/index.js'

export { quantileOfSorted }

/** A sample: finite numbers in an array, plain or typed. */
export type Sample = ArrayLike<number>

/** An interval: its ends, the lower first. */
export type Interval = [low: number, high: number]

/** Refuses fewer than `least` values, and what is no finite number. */
export function checkedSample(what: string, values: Sample, least: number): void {
  if (values.length < least) {
    throw new OperatorError({ what, expected: `at least ${least} values`, got: values.length })
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new OperatorError({
        what: `value ${i} of ${what}`,
        expected: 'a finite number',
        got: values[i],
        next: 'Leave out what is missing, or say what it counts for.',
      })
    }
  }
}

/** Refuses two samples of different lengths, which are no pairs. */
export function checkedPairs(what: string, left: Sample, right: Sample, least: number): void {
  checkedSample(what, left, least)
  checkedSample(what, right, least)
  if (left.length !== right.length) {
    throw new OperatorError({
      what,
      expected: 'as many values on the right as on the left',
      got: `${left.length} and ${right.length}`,
    })
  }
}

/** Refuses a level of confidence that is none. */
export function checkedLevel(level: number): number {
  if (level > 0 && level < 1) return level
  throw new OperatorError({ what: '`level`', expected: 'a share between 0 and 1', got: level, next: '95 % is 0.95.' })
}

export function sumOf(values: Sample): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}

export function meanOf(values: Sample): number {
  return sumOf(values) / values.length
}

export function median(values: Sample): number {
  return quantileOfSorted(Float64Array.from(values).sort(), 0.5)
}
