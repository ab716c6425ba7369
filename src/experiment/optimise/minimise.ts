/** The least value of a function of parameters within a budget, by any of the searches. */

import { checkedCount, rootOf, Stream, unknownName } from '../../core/index.js'
import { checkedRanges, type FitRange, valuesAt } from './range.js'
import { newSearch, type SearchName, searchNames } from './search.js'

/** What is minimised, where, how, and how often it may be computed. */
export interface MinimiseOptions {
  readonly ranges: readonly FitRange[]
  /** Default `cmaes`. */
  readonly method?: SearchName
  /** How many points may be computed. */
  readonly budget: number
  /** Default 1. */
  readonly seed?: number | string
  readonly onEvaluation?: (evaluation: Evaluation, done: number) => void
}

/** A point, in the order of the ranges, and its value; Infinity where it had none. */
export interface Evaluation {
  readonly point: readonly number[]
  readonly value: number
}

/** The best point, and the way to it. */
export interface Minimum extends Evaluation {
  readonly evaluations: readonly Evaluation[]
  /** After each evaluation, the least value until then. */
  readonly convergence: readonly number[]
}

/**
 * Minimises within the budget. `evaluate` computes several points at a time, which may be done side by side: a value each, in their order.
 * The same seed asks for the same points in the same order.
 */
export async function minimise(
  evaluate: (points: readonly (readonly number[])[]) => Promise<readonly number[]> | readonly number[],
  { ranges, method = 'cmaes', budget, seed = 1, onEvaluation }: MinimiseOptions,
): Promise<Minimum> {
  checkedRanges(ranges)
  if (!searchNames.includes(method)) throw unknownName('method', method, searchNames)
  checkedCount('`budget`', budget)
  const search = newSearch(method, ranges.length, new Stream(rootOf(seed), `search ${method}`))
  const evaluations: Evaluation[] = []
  while (evaluations.length < budget) {
    const places = search.ask()
    const points = places.slice(0, budget - evaluations.length).map(place => valuesAt(ranges, place))
    const values = (await evaluate(points)).map(value => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value))
    points.forEach((point, i) => {
      const evaluation = { point, value: values[i] as number }
      evaluations.push(evaluation)
      onEvaluation?.(evaluation, evaluations.length)
    })
    if (points.length === places.length) search.tell(values)
  }
  const best = evaluations.reduce((least, one) => (one.value < least.value ? one : least))
  let least = Number.POSITIVE_INFINITY
  const convergence = evaluations.map(({ value }) => {
    least = Math.min(least, value)
    return least
  })
  return { ...best, evaluations, convergence }
}
