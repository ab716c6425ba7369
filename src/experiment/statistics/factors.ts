/** The factors of a sensitivity study: parameters, each with the range it is varied over. */

import { OperatorError } from '../../core/index.js'

/** A parameter and its range. */
export interface Factor {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** A study's design: the points to be computed, in this order, one row a run and one column a factor. */
export interface SensitivityDesign {
  readonly factors: readonly Factor[]
  readonly points: readonly (readonly number[])[]
}

/** A place in the unit cube, in the factors' own units. */
export function inRange(factors: readonly Factor[], unit: readonly number[]): number[] {
  return factors.map(({ from, to }, i) => from + (unit[i] as number) * (to - from))
}

export function checkedFactors(factors: readonly Factor[]): readonly Factor[] {
  if (factors.length === 0) throw new OperatorError({ what: 'the factors of a study', expected: 'one or more', got: 'none' })
  for (const { name, from, to } of factors) {
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
      throw new OperatorError({ what: `factor "${name}"`, expected: 'a range, the lower end first', got: `${from}, ${to}` })
    }
  }
  return factors
}

/** Refuses outputs that are not one finite number a point. */
export function checkedOutputs({ points }: SensitivityDesign, outputs: ArrayLike<number>): void {
  if (outputs.length !== points.length) {
    throw new OperatorError({
      what: 'the outputs of a study',
      expected: `${points.length}, one a point of the design`,
      got: outputs.length,
    })
  }
  for (let i = 0; i < outputs.length; i++) {
    if (!Number.isFinite(outputs[i])) {
      throw new OperatorError({ what: `output ${i} of a study`, expected: 'a finite number', got: outputs[i] })
    }
  }
}
