/**
 * Reads what will soon be needed. A crowd is too large for the processor's caches, so every agent in it is waited for: waits for
 * many at once overlap, where one agent's step after another would wait for each. It only reads, so it changes no result.
 */

import { counterDraw, type Root } from '../core/index.js'
import type { Agent } from './agent.js'

export const limits = {
  /** Agents from which on an iteration looks ahead. */
  crowd: 16_384,
  /** Agents to choose from, from which on it pays to work out who will be chosen. */
  choice: 65_536,
  /** Agents of a crowd looked at, and then called, in one go. */
  batch: 32,
} as const

const FROM_32 = 1 / 4294967296

export class Foresight {
  /** The list somebody was last chosen from. */
  chosenFrom: readonly Agent[] | undefined
  /** The last agent of the batch before, and how many numbers it had drawn before its turn. */
  private last: Agent | undefined
  private drawn = 0
  private likely = false
  private readonly places = new Int32Array(limits.batch)
  /** Means nothing: what is read must go somewhere where somebody might look, or the compiler leaves it out. */
  seen = 0

  constructor(private readonly root: Root) {}

  /** Looks at the agents whose turn is next and, where they are likely to choose somebody, at those they will choose. */
  look(list: readonly Agent[], from: number, to: number): void {
    this.seen = glanceAtAll(list, from, to)
    const { chosenFrom, last } = this
    // Who drew once chose by that draw, and others will do likewise; who drew nothing tells nothing.
    if (last !== undefined && last._draws !== this.drawn) this.likely = last._draws === this.drawn + 1
    if (chosenFrom !== undefined && chosenFrom.length >= limits.choice && this.likely)
      this.seen = this.lookAtChosen(list, from, to, chosenFrom)
    this.last = list[to - 1]
    this.drawn = this.last?._draws ?? 0
  }

  forget(): void {
    this.chosenFrom = undefined
    this.last = undefined
    this.likely = false
  }

  /** An agent's stream is a counter, so whom its next draw chooses is known before it acts. */
  private lookAtChosen(list: readonly Agent[], from: number, to: number, chosenFrom: readonly Agent[]): number {
    const { places, root } = this
    const n = chosenFrom.length
    for (let i = from; i < to; i++) {
      const { _family, ordinal, _draws } = list[i] as Agent
      places[i - from] = counterDraw(root, _family, ordinal, _draws) * n * FROM_32
    }
    return glanceAtPlaces(chosenFrom, places, to - from)
  }
}

// Four in one go. The processor waits for as many agents at once as lie within the few hundred instructions it sees ahead, and
// the checks of list and loop, made once for four, leave room for twice as many. Up to three at a crowd's end stay unread.

function glanceAtAll(list: readonly Agent[], from: number, to: number): number {
  let seen = 0
  for (let i = from; i + 4 <= to; i += 4)
    seen |= glance(list, i) | glance(list, i + 1) | glance(list, i + 2) | glance(list, i + 3)
  return seen
}

function glanceAtPlaces(list: readonly Agent[], places: Int32Array, n: number): number {
  let seen = 0
  for (let i = 0; i + 4 <= n; i += 4)
    seen |=
      glanceAt(list, places, i) | glanceAt(list, places, i + 1) | glanceAt(list, places, i + 2) | glanceAt(list, places, i + 3)
  return seen
}

function glanceAt(list: readonly Agent[], places: Int32Array, i: number): number {
  return glance(list, places[i] as number)
}

/** Reads an agent's first, middle and last line of memory: its type comes first, `_status` behind its own fields. */
function glance(list: readonly Agent[], i: number): number {
  const agent = list[i] as Agent
  return agent._draws | agent._status
}
