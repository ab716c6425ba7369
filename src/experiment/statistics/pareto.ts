/** Several goals at once: the rows that no other row beats in all of them. */

import { OperatorError } from '../../core/index.js'

/** Whether less or more of a goal is better. */
export type Goal = 'min' | 'max'

/** The places of the rows on the Pareto front, in order: none of the others is as good in every goal and better in one. */
export function paretoFront(rows: readonly (readonly number[])[], goals: readonly Goal[]): number[] {
  const costs = rows.map((row, i) => {
    if (row.length !== goals.length || row.some(Number.isNaN)) {
      throw new OperatorError({ what: `row ${i}`, expected: `${goals.length} numbers, one a goal`, got: row.join(', ') })
    }
    return row.map((value, goal) => (goals[goal] === 'max' ? -value : value))
  })
  return costs.flatMap((cost, i) => (costs.some(other => dominates(other, cost)) ? [] : [i]))
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => value <= (b[i] as number)) && a.some((value, i) => value < (b[i] as number))
}
