/** What a space asks of the things in it, and the functions that write a position. */

import { OperatorError, registerSaveable, type Saveable } from '../core/index.js'

/**
 * Anything that can stand in spaces; the kernel's `Agent` is one. It has at most one place in each space, and that space alone
 * writes it.
 */
export interface Placeable {
  /** Global, ascending, never used twice. */
  readonly id: number
  /** What messages call it: `Wolf-12`. */
  readonly key: string
  readonly alive: boolean
  /** @internal The space the thing stands in; its `Places` where it stands in several. */
  readonly _home: object | undefined
  /** @internal Where its home keeps it: a number with meaning to the home alone, −1 outside, −2 with several. Ask the space: `grid.cellOf(agent)`. */
  readonly _spot: number
}

/** What the kernel, and messages, need of any space. */
export interface Space {
  /** The field's word for it: `grid`, `plane`, `network`. */
  readonly noun: string
  /** Takes an agent out, whether it dies or only leaves; nothing where the agent stands elsewhere. */
  forget(agent: Placeable): void
}

/** What is written of a placed thing. */
interface Placed {
  _home: object | undefined
  _spot: number
}

/** The spot of a thing that stands in several spaces. */
const severalSpots = -2

/** @internal The places of a thing that stands in several spaces, in the order in which it entered them. Most stand in one and have none. */
export class Places implements Saveable {
  static readonly savedAs = 'Places'
  spaces: Space[] = []
  spots: number[] = []

  /** −1 where the thing does not stand in the space. */
  spotIn(space: object): number {
    const { spaces } = this
    // Two or three: a loop is faster than a call of indexOf.
    for (let i = 0; i < spaces.length; i++) if (spaces[i] === space) return this.spots[i] as number
    return -1
  }

  set(space: Space, spot: number): void {
    const i = this.spaces.indexOf(space)
    const at = i < 0 ? this.spaces.length : i
    this.spaces[at] = space
    this.spots[at] = spot
  }

  delete(space: Space): void {
    const i = this.spaces.indexOf(space)
    this.spaces.splice(i, 1)
    this.spots.splice(i, 1)
  }

  /** Takes the thing out of all of them. */
  forget(agent: Placeable): void {
    for (const space of [...this.spaces]) space.forget(agent)
  }

  saveState(): unknown {
    return { spaces: this.spaces, spots: this.spots }
  }

  loadState(state: unknown): void {
    Object.assign(this, state)
  }
}

registerSaveable(Places)

/** @internal Where a space keeps a thing; −1 where it does not stand there. */
export function spotIn(agent: Placeable, space: object): number {
  const home = agent?._home
  if (home === space) return agent._spot
  return home instanceof Places ? home.spotIn(space) : -1
}

/** The spaces in which a thing stands, in the order in which it entered them. */
export function spacesOf(agent: Placeable): readonly Space[] {
  const home = agent._home
  if (home instanceof Places) return home.spaces
  return home === undefined ? [] : [home as Space]
}

/** @internal Gives a thing its place in a space; the space alone calls it. */
export function stand(agent: Placeable, space: Space, spot: number): void {
  const placed = agent as Placed
  const home = placed._home
  if (home === undefined || home === space) {
    placed._home = space
    placed._spot = spot
  } else if (home instanceof Places) home.set(space, spot)
  else {
    const places = new Places()
    places.set(home as Space, placed._spot)
    places.set(space, spot)
    placed._home = places
    placed._spot = severalSpots
  }
}

/** @internal Takes the place in a space away; the space alone calls it. */
export function leaveSpace(agent: Placeable, space: Space): void {
  const placed = agent as Placed
  const home = placed._home
  if (!(home instanceof Places)) {
    placed._home = undefined
    placed._spot = -1
    return
  }
  home.delete(space)
  if (home.spaces.length > 1) return
  placed._home = home.spaces[0]
  placed._spot = home.spots[0] as number
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

/** @internal Throws unless the agent lives and does not stand in the space yet. */
export function assertPlaceable(agent: Placeable, space: Space): void {
  assertAgent(agent, space)
  if (!agent.alive)
    throw new OperatorError({
      what: `Agent ${agent.key} is dead and cannot be placed in the ${space.noun}`,
      next: 'Ask agent.alive first.',
    })
  if (agent._home === undefined || spotIn(agent, space) === -1) return
  throw new OperatorError({ what: `Agent ${agent.key} already stands in this ${space.noun}`, next: 'Use move().' })
}

/** @internal The error for an agent asked of a space it does not stand in. */
export function notHere(agent: Placeable, space: Space): OperatorError {
  assertAgent(agent, space)
  return new OperatorError({
    what: `Agent ${agent.key} does not stand in this ${space.noun}`,
    next: `Put it there first with ${space.noun}.place(agent, …).`,
  })
}

/** @internal Moves a thing within a space in which it stands. */
export function setSpot(agent: Placeable, space: Space, spot: number): void {
  const placed = agent as Placed
  if (placed._home === space) placed._spot = spot
  else (placed._home as Places).set(space, spot)
}
