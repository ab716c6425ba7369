/** What a space asks of the things in it, and the one function that writes a position. */

import { OperatorError } from '../core/index.js'

/**
 * Anything that can stand in a space; the kernel's `Agent` is one. A thing stands in at most one space at a time, which alone
 * writes its position.
 */
export interface Placeable {
  /** Global, ascending, never used twice. */
  readonly id: number
  /** What messages call it: `Wolf-12`. */
  readonly key: string
  readonly alive: boolean
  /** @internal The space the thing stands in. */
  readonly _home: object | undefined
  /** @internal Where its home keeps it: a number with meaning to the home alone, −1 outside. Ask the space: `grid.cellOf(agent)`. */
  readonly _spot: number
}

/** What the kernel, and messages, need of any space. */
export interface Space {
  /** The field's word for it: `grid`, `plane`, `network`. */
  readonly noun: string
  /** Takes an agent out, whether it dies or only leaves; nothing where the agent stands elsewhere. */
  forget(agent: Placeable): void
}

/** @internal Writes a position; spaces only. */
export function stand(agent: Placeable, home: Space | undefined, spot: number): void {
  const placed = agent as { _home: object | undefined; _spot: number }
  placed._home = home
  placed._spot = spot
}

/** @internal Throws where a space is given something else than an agent. */
export function assertAgent(agent: unknown, space: Space): void {
  if (typeof agent === 'object' && agent !== null && '_spot' in agent) return
  throw new OperatorError({
    what: `The agent given to the ${space.noun}`,
    expected: agent === undefined ? 'an agent, not undefined' : 'an agent',
    got: agent,
    next: 'Give it one that spawn() made.',
  })
}

/** @internal Throws unless the agent lives and stands nowhere. */
export function assertPlaceable(agent: Placeable, space: Space): void {
  assertAgent(agent, space)
  if (!agent.alive)
    throw new OperatorError({
      what: `Agent ${agent.key} is dead and cannot be placed in the ${space.noun}`,
      next: 'Ask agent.alive first.',
    })
  if (agent._home === undefined) return
  throw new OperatorError({
    what: `Agent ${agent.key} already stands in ${agent._home === space ? `this ${space.noun}` : 'another space'}`,
    next: agent._home === space ? 'Use move().' : 'Take it out there first with remove().',
  })
}

/** @internal The error for an agent asked of a space it does not stand in. */
export function notHere(agent: Placeable, space: Space): OperatorError {
  assertAgent(agent, space)
  return new OperatorError({
    what: `Agent ${agent.key} does not stand in this ${space.noun}`,
    next: `Put it there first with ${space.noun}.place(agent, …).`,
  })
}

/** @internal Moves a placed agent within its home. */
export function setSpot(agent: Placeable, spot: number): void {
  const placed = agent as { _spot: number }
  placed._spot = spot
}
