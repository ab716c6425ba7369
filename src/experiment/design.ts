/** A design: the points of the parameter space at which a scenario is run. */

import { OperatorError } from '../core/index.js'

/** Values of the varied parameters, by name; plain data. */
export type Point = Readonly<Record<string, unknown>>

/** The values of one parameter: all of a list, or of an interval from `from` to `to`. */
export type Dimension = readonly unknown[] | Interval

/** From `from` to `to`, both included; `n`: how many values, evenly spaced, a grid takes of it. */
export interface Interval {
  readonly from: number
  readonly to: number
  readonly n?: number
}

/** The dimensions of a design, by parameter. */
export type Dimensions = Readonly<Record<string, Dimension>>

/** Points for a scenario; made by `grid`, `latinHypercube`, `sobol` and `listed`. */
export interface Design {
  readonly name: 'grid' | 'lhs' | 'sobol' | 'list'
  /** The names of the parameters it varies, in their order. */
  readonly parameters: readonly string[]
  /** Its points; `isWhole`: whether a parameter takes whole numbers alone. */
  points(isWhole: (parameter: string) => boolean): readonly Point[]
}

/** The value of a dimension at `u`, from 0 to 1 exclusive: each whole number and each value of a list has the same share. */
export function valueAt(dimension: Dimension, u: number, isWhole: boolean): unknown {
  if (!isInterval(dimension)) return dimension[Math.floor(u * dimension.length)]
  const { from, to } = dimension
  if (!isWhole) return from + u * (to - from)
  const [first, last] = [Math.ceil(from), Math.floor(to)]
  return first + Math.floor(u * (last - first + 1))
}

export function isInterval(dimension: Dimension): dimension is Interval {
  return !Array.isArray(dimension)
}

/** @throws OperatorError for a dimension that has no values. */
export function checkDimensions(dimensions: Dimensions): void {
  for (const [name, dimension] of Object.entries(dimensions)) {
    if (!isInterval(dimension)) {
      if (dimension.length === 0) throw wrong(name, 'at least one value', 'none')
      continue
    }
    const { from, to } = dimension
    if (!(Number.isFinite(from) && Number.isFinite(to))) throw wrong(name, 'two finite numbers', `${from} to ${to}`)
    if (from >= to) throw wrong(name, 'the lower bound first', `${from} to ${to}`)
  }
}

/** A parameter of whole numbers needs one within its interval. */
export function checkWhole(dimensions: Dimensions, isWhole: (parameter: string) => boolean): void {
  for (const [name, dimension] of Object.entries(dimensions)) {
    if (!isInterval(dimension) || !isWhole(name)) continue
    const { from, to } = dimension
    if (Math.ceil(from) > Math.floor(to)) throw wrong(name, 'a whole number between the bounds', `${from} to ${to}`)
  }
}

/** A design that fills a space needs one. */
export function checkVaried(dimensions: Dimensions): void {
  if (Object.keys(dimensions).length > 0) return
  throw new OperatorError({ what: 'the varied parameters', expected: 'one or more', got: 'none' })
}

export function wrong(parameter: string, expected: string, got: unknown): OperatorError {
  return new OperatorError({ what: `the values of parameter "${parameter}"`, expected, got })
}
