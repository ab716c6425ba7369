/**
 * Reads the agents that will soon be needed. A crowd does not fit the processor's caches, so the processor waits for every agent:
 * waits for many at once overlap, where one agent's step after another would wait for each. It only reads, so it changes no result.
 */

import { counterDraw, type Root } from '../core/index.js'

export const limits = {
  /** The smallest iteration that is read ahead, in agents. */
  crowd: 16_384,
  /** The smallest list for which it pays to work out which agents will be chosen. */
  choice: 65_536,
  /** Agents of a crowd read, and then called, in one go. */
  batch: 32,
} as const

const FROM_32 = 1 / 4294967296

/** What the prefetch reads of an agent. */
export interface Prefetched {
  /** @internal */ readonly _draws: number
  /** @internal */ readonly _status: number
  /** @internal */ readonly _family: number
  readonly ordinal: number
}

export class Prefetch<A extends Prefetched = Prefetched> {
  readonly crowd = limits.crowd
  readonly batch = limits.batch
  /** The list an agent was last chosen from. */
  chosenFrom: readonly A[] | undefined
  /** The last agent of the batch before, and how many numbers it had drawn before its turn. */
  private last: Prefetched | undefined
  private drawn = 0
  private likely = false
  private readonly places = new Int32Array(limits.batch)
  /** Holds what was read. Nothing uses it, but without a store the compiler removes the reads. */
  seen = 0

  constructor(private readonly root: Root) {}

  /** Reads the agents whose turn is next and, where they are likely to choose others, those they will choose. */
  read(list: readonly Prefetched[], from: number, to: number): void {
    this.seen = readAll(list, from, to)
    const { chosenFrom, last } = this
    // An agent that drew once chose by that draw, and the next agents are likely to do the same.
    if (last !== undefined && last._draws !== this.drawn) this.likely = last._draws === this.drawn + 1
    if (chosenFrom !== undefined && chosenFrom.length >= limits.choice && this.likely)
      this.seen = this.readChosen(list, from, to, chosenFrom)
    this.last = list[to - 1]
    this.drawn = this.last?._draws ?? 0
  }

  forget(): void {
    this.chosenFrom = undefined
    this.last = undefined
    this.likely = false
  }

  /** An agent's stream is a counter, so the agent its next draw chooses is known before it acts. */
  private readChosen(list: readonly Prefetched[], from: number, to: number, chosenFrom: readonly Prefetched[]): number {
    const { places, root } = this
    const n = chosenFrom.length
    for (let i = from; i < to; i++) {
      const { _family, ordinal, _draws } = list[i] as Prefetched
      places[i - from] = counterDraw(root, _family, ordinal, _draws) * n * FROM_32
    }
    return readPlaces(chosenFrom, places, to - from)
  }
}

// Four in one go. The processor waits for as many agents at once as lie within the few hundred instructions it sees ahead, and
// the checks of list and loop, made once for four, leave room for twice as many. Up to three at a crowd's end stay unread.

function readAll(list: readonly Prefetched[], from: number, to: number): number {
  let seen = 0
  for (let i = from; i + 4 <= to; i += 4)
    seen |= readOne(list, i) | readOne(list, i + 1) | readOne(list, i + 2) | readOne(list, i + 3)
  return seen
}

function readPlaces(list: readonly Prefetched[], places: Int32Array, n: number): number {
  let seen = 0
  for (let i = 0; i + 4 <= n; i += 4)
    seen |= readAt(list, places, i) | readAt(list, places, i + 1) | readAt(list, places, i + 2) | readAt(list, places, i + 3)
  return seen
}

function readAt(list: readonly Prefetched[], places: Int32Array, i: number): number {
  return readOne(list, places[i] as number)
}

/** Reads an agent's first, middle and last line of memory: its type comes first, `_status` behind its own fields. */
function readOne(list: readonly Prefetched[], i: number): number {
  const agent = list[i] as Prefetched
  return agent._draws | agent._status
}
