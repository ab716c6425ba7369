/** Activations: a schedule is a function from a set of agents to what happens in which order. */

import { OperatorError } from '../core/index.js'
import type { Agent, AgentClass } from './agent.js'
import type { AgentSet } from './agent-set.js'

/** An order of turns: does something with every agent of a set. Any function of this shape is one. */
export type Activation<A extends Agent = Agent> = (agents: AgentSet<A>) => void

/** Everybody steps in order of birth. */
export const inOrder: Activation = agents => {
  agents.do(a => a.step())
}

/** Everybody steps in an order drawn anew. */
export const shuffled: Activation = agents => {
  agents.shuffleDo(a => a.step())
}

/** Types one after another, each in order of birth. */
export function byType(...kinds: AgentClass[]): Activation {
  return agents => {
    for (const kind of kinds) agents.of(kind).do(a => a.step())
  }
}

/** Each stage is done by all before the next begins. */
export function staged<A extends Agent>(...stages: ((agent: A) => void)[]): Activation<A> {
  return agents => {
    for (const stage of stages) agents.do(stage)
  }
}

/** All decide on the old state (`step`), then all change (`advance`). */
export const simultaneous: Activation<Agent & { advance(): void }> = agents => {
  agents.do(a => a.step())
  agents.do(a => a.advance())
}

/** A random share steps, in random order. */
export function fraction(share: number): Activation {
  if (!(share >= 0 && share <= 1))
    throw new OperatorError({ what: 'fraction(share)', expected: 'a number from 0 to 1', got: share })
  return agents => {
    agents.sample(Math.round(share * agents.size)).do(a => a.step())
  }
}

/** Those with the smallest property step first; ties in order of birth. */
export function byProperty<A extends Agent>(property: (agent: A) => number): Activation<A> {
  return agents => {
    agents.sortBy(property).do(a => a.step())
  }
}
