/** Activations: a schedule is a function from a set of agents to what happens in which order. */

import { OperatorError } from '../core/index.js'

/** What an activation needs of an agent. */
export interface Steppable {
  step(): void
}

/** What an activation needs of a set of agents. */
export interface Activatable<A> {
  readonly size: number
  do(f: (agent: A) => void): unknown
  shuffleDo(f: (agent: A) => void): unknown
  of(type: abstract new () => A): Activatable<A>
  sample(n: number): Activatable<A>
  sortBy(f: (agent: A) => number): Activatable<A>
}

/** The type of the activations below: they run over any set that offers `Activatable`. */
export type ActivationOf<A extends Steppable = Steppable> = (agents: Activatable<A>) => void

/** All agents step in order of birth. */
export const inOrder: ActivationOf = agents => {
  agents.do(a => a.step())
}

/** All agents step in a new random order each time. */
export const shuffled: ActivationOf = agents => {
  agents.shuffleDo(a => a.step())
}

/** Types one after another, each in order of birth. */
export function byType(...types: (abstract new () => Steppable)[]): ActivationOf {
  return agents => {
    for (const type of types) agents.of(type).do(a => a.step())
  }
}

/** What the agents of one type do in one stage. */
export type StageOf<A extends Steppable> = readonly [type: abstract new () => A, stage: (agent: A) => void]

/**
 * Every agent does one stage before any agent begins the next. Of several types each stage names whose it is:
 * `staged([Firm, f => f.plan()], [Worker, w => w.apply()], [Firm, f => f.hire()])`.
 */
export function staged<A extends Steppable>(...stages: ((agent: A) => void)[]): ActivationOf<A>
export function staged<T extends readonly Steppable[]>(...stages: { [K in keyof T]: StageOf<T[K]> }): ActivationOf
export function staged(...stages: (((agent: Steppable) => void) | StageOf<Steppable>)[]): ActivationOf {
  return agents => {
    for (const stage of stages)
      if (typeof stage === 'function') agents.do(stage)
      else agents.of(stage[0]).do(stage[1])
  }
}

/** All decide on the old state (`step`), then all change (`advance`). */
export const simultaneous: ActivationOf<Steppable & { advance(): void }> = agents => {
  agents.do(a => a.step())
  agents.do(a => a.advance())
}

/** A random share steps, in random order. */
export function fraction(share: number): ActivationOf {
  if (!(share >= 0 && share <= 1))
    throw new OperatorError({ what: 'fraction(share)', expected: 'a number from 0 to 1', got: share })
  return agents => {
    agents.sample(Math.round(share * agents.size)).do(a => a.step())
  }
}

/** Those with the smallest property step first; ties in order of birth. */
export function byProperty<A extends Steppable>(property: (agent: A) => number): ActivationOf<A> {
  return agents => {
    agents.sortBy(property).do(a => a.step())
  }
}
