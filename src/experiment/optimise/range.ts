/** The parameters that are fitted, each with its range; searches see the unit cube alone. */

import { math, OperatorError, type Rng } from '../../core/index.js'

/** A parameter and the range in which it is looked for. */
export interface FitRange {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Whole numbers alone, both ends included. */
  readonly whole?: boolean
  /** `log`: each power of ten is as wide as the next; both ends above 0. Default `linear`. */
  readonly scale?: 'linear' | 'log'
}

/** A place in the unit cube, a number a parameter. */
export type Place = readonly number[]

export function checkedRanges(ranges: readonly FitRange[]): readonly FitRange[] {
  if (ranges.length === 0) throw new OperatorError({ what: '`fit`', expected: 'one parameter or more', got: 'none' })
  for (const { name, from, to, scale, whole } of ranges) {
    const isRange =
      Number.isFinite(from) && Number.isFinite(to) && from < to && !(whole === true && Math.ceil(from) > Math.floor(to))
    if (!isRange || (scale === 'log' && from <= 0)) {
      const expected = scale === 'log' ? 'two numbers above 0, the lower first' : 'two numbers, the lower first'
      throw new OperatorError({ what: `the range of "${name}"`, expected, got: `${from}:${to}`, next: `Write ${name}=0.1:0.9.` })
    }
  }
  return ranges
}

/** The values at a place, in the order of the ranges. */
export function valuesAt(ranges: readonly FitRange[], place: Place): number[] {
  return ranges.map(({ from, to, whole, scale }, i) => {
    const u = place[i] as number
    if (whole === true) {
      const [low, high] = [Math.ceil(from), Math.floor(to)]
      const at = scale === 'log' ? low * math.pow((high + 1) / low, u) : low + u * (high - low + 1)
      return Math.min(high, Math.max(low, Math.floor(at)))
    }
    if (scale === 'log') return from * math.pow(to / from, u)
    return from + u * (to - from)
  })
}

/** A random place. */
export function anywhere(dimensions: number, rng: Rng): number[] {
  return Array.from({ length: dimensions }, () => rng.float())
}
