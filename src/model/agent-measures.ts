/** What a set of agents asks of plain lists and members: the best by a number, the place of an id, a quantile, a field. */

import { OperatorError, unknownName } from '../core/index.js'
import { quantileOfSorted } from './statistics.js'

/** What these functions ask of a member of a set. */
interface Known {
  readonly id: number
  readonly key: string
  readonly alive: boolean
  readonly _status: number
}

/** Values of an agent's own fields, or functions of the agent that give them; not of what the framework writes. */
export type FieldValues<A> = {
  readonly [K in keyof A as K extends 'id' | 'key' | 'alive' | 'model' | '_status' ? never : K]?: A[K] | ((agent: A) => A[K])
}

/** A field that the agent has not would be a slip of the pen. */
export function setField(agent: Known, field: string, value: unknown): void {
  if (!(field in agent)) throw unknownName(`field of ${agent.key}`, field, Object.keys(agent))
  ;(agent as unknown as Record<string, unknown>)[field] = value
}

/** Of a list that is in order of birth, by bisection. */
export function memberOfId<A extends Known>(members: readonly A[], id: number): A | undefined {
  let from = 0
  let to = members.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((members[middle] as A).id < id) from = middle + 1
    else to = middle
  }
  const found = members[from]
  return found?.id === id && found.alive ? found : undefined
}

export function byBirth(a: Known, b: Known): number {
  return a.id - b.id
}

/** Sorts the values in place. */
export function quantileOf(values: Float64Array, q: number): number {
  if (!(q >= 0 && q <= 1))
    throw new OperatorError({
      what: 'quantile(q, f) of an agent set',
      expected: 'a share q from 0 to 1',
      got: q,
      next: 'The median is quantile(0.5, …), the ninth decile quantile(0.9, …).',
    })
  return values.length === 0 ? Number.NaN : quantileOfSorted(values.sort(), q)
}
