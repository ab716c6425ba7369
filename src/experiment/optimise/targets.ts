/** What a calibration aims at: values that columns of the runs should have, or a column to be made as large or small as can be. */

import { OperatorError } from '../../core/index.js'
import { meanOf, spreadOf } from '../statistics/index.js'

/** A value that a column of the runs should have, on average over the replicates. */
export interface Target {
  /** As in a sweep: `gini`, `mean:gini`, `portfolios.baseline.return`; with `step`, a column of the table `model`. */
  readonly column: string
  /** The step at which it is compared; without one, what a sweep would write for a whole run. */
  readonly step?: number
  readonly value: number
  /** How far off counts as 1; default: the size of the value, and 1 for a value of 0. */
  readonly scale?: number
}

/** Meets targets, or moves one column. */
export type Aim = { readonly targets: readonly Target[] } | { readonly maximise: string } | { readonly minimise: string }

/** A number that is read off a run. */
export interface Quantity {
  readonly column: string
  readonly step: number | undefined
}

export function quantitiesOf(aim: Aim): Quantity[] {
  if ('targets' in aim) return aim.targets.map(({ column, step }) => ({ column, step }))
  return [{ column: 'maximise' in aim ? aim.maximise : aim.minimise, step: undefined }]
}

/**
 * The objective, which is to be small: the root mean square of the targets' distances in their scales, each of a mean over the replicates;
 * or the column's mean, with its sign turned where it is maximised. Infinity where a run failed or a column had no value.
 */
export function objectiveOf(aim: Aim, replicates: readonly (readonly number[])[]): number {
  const means = quantitiesOf(aim).map((_, i) => meanOf(replicates.map(outputs => outputs[i] ?? Number.NaN)))
  if (!means.every(Number.isFinite)) return Number.POSITIVE_INFINITY
  if ('maximise' in aim) return -(means[0] as number)
  if ('minimise' in aim) return means[0] as number
  return Math.sqrt(meanOf(aim.targets.map((target, i) => (((means[i] as number) - target.value) / scaleOf(target)) ** 2)))
}

export function scaleOf({ value, scale }: Target): number {
  return scale ?? (Math.abs(value) || 1)
}

/**
 * Targets from a table: with a column `step`, a time series, of which each cell is a target at its step, in the spread of its column; without
 * one, observations, of which each column's mean is a target, in the spread of the observations.
 */
export function targetsFrom(table: ReadonlyMap<string, readonly number[]>): Target[] {
  const steps = table.get('step')
  const columns = [...table].filter(([name]) => name !== 'step')
  if (columns.length === 0) throw new OperatorError({ what: 'the data', expected: 'a column beside `step`', got: 'none' })
  return columns.flatMap(([column, values]): Target[] => {
    const known = values.filter(value => !Number.isNaN(value))
    const spread = known.length > 1 ? spreadOf(known) : 0
    const scale = spread > 0 ? { scale: spread } : {}
    if (steps === undefined) return [{ column, value: meanOf(values), ...scale }]
    return values.flatMap((value, i) => (Number.isNaN(value) ? [] : [{ column, step: steps[i] as number, value, ...scale }]))
  })
}

/** The columns of a CSV with a head line; an empty cell of a time series is no target. */
export function numbersIn(csv: string, what: string): Map<string, number[]> {
  const [head = '', ...lines] = csv.split(/\r?\n/).filter(line => line.trim() !== '')
  const names = head.split(',').map(name => name.trim().replace(/^"(.*)"$/, '$1'))
  if (lines.length === 0)
    throw new OperatorError({ what, expected: 'a line of names and one or more of numbers', got: 'no numbers' })
  const hasSteps = names.includes('step')
  const columns = new Map(names.map((name): [string, number[]] => [name, []]))
  for (const [i, line] of lines.entries()) {
    const cells = line.split(',')
    names.forEach((name, at) => {
      columns
        .get(name)
        ?.push(numberIn(cells[at]?.trim() ?? '', `${what}, line ${i + 2}, column ${name}`, hasSteps && name !== 'step'))
    })
  }
  return columns
}

function numberIn(cell: string, what: string, mayBeEmpty: boolean): number {
  if (cell === '' && mayBeEmpty) return Number.NaN
  const n = cell === '' ? Number.NaN : Number(cell)
  if (Number.isFinite(n)) return n
  throw new OperatorError({ what, expected: 'a number', got: cell })
}
