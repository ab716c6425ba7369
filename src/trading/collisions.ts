/** Collisions: a mycelial and a baseline idea that agree about pair and direction, decided less than a window apart. */

import type { Idea, IdeaSource } from './idea.js'

export const collisionLimits = {
  /** Ideas waiting per pair, direction and source; the oldest goes first. */
  waitingIdeas: 256,
} as const

/** What of an idea decides whether it collides. */
export type CollidingIdea = Pick<Idea, 'source' | 'pair' | 'direction' | 'decidedAt' | 'barMs'>

export interface Collision<I extends CollidingIdea = Idea> {
  readonly mycelial: I
  readonly baseline: I
}

export interface Collisions<I extends CollidingIdea = Idea> {
  readonly windowMs: number
  /** Pair → ideas that have not yet collided, oldest first, by `placeOf` source and direction. */
  readonly waiting: Map<string, I[][]>
  seen: number
  /** Ideas dropped because too many waited. */
  overflowed: number
}

/** `windowMs`: two ideas collide that were decided less than this apart, where their bars are shorter than that. */
export function newCollisions<I extends CollidingIdea = Idea>(windowMs = 5_000): Collisions<I> {
  return { windowMs, waiting: new Map(), seen: 0, overflowed: 0 }
}

/** max(collision window, the finer idea's bar), ms: ideas decided less than this apart collide. */
export function reach(windowMs: number, oneBarMs: number, otherBarMs: number): number {
  return Math.max(windowMs, Math.min(oneBarMs, otherBarMs))
}

/** The collision of this idea with the oldest one that matches. Without a match the idea waits and the result is null. */
export function collide<I extends CollidingIdea>(collisions: Collisions<I>, idea: I): Collision<I> | null {
  const others = queueOf(collisions, idea.source === 'mycelial' ? 'baseline' : 'mycelial', idea)
  const at = others.length === 0 ? -1 : oldestWithin(others, idea, collisions.windowMs)
  const other = others[at]
  if (other === undefined) {
    wait(collisions, idea)
    return null
  }
  others.splice(at, 1)
  collisions.seen++
  return idea.source === 'mycelial' ? { mycelial: idea, baseline: other } : { mycelial: other, baseline: idea }
}

function oldestWithin(others: readonly CollidingIdea[], idea: CollidingIdea, windowMs: number): number {
  return others.findIndex(o => Math.abs(o.decidedAt - idea.decidedAt) < reach(windowMs, o.barMs, idea.barMs))
}

function queueOf<I extends CollidingIdea>(collisions: Collisions<I>, source: IdeaSource, idea: I): I[] {
  let queues = collisions.waiting.get(idea.pair)
  if (queues === undefined) {
    queues = [[], [], [], []]
    collisions.waiting.set(idea.pair, queues)
  }
  return queues[placeOf(source, idea.direction)] as I[]
}

function placeOf(source: IdeaSource, direction: number): number {
  return (source === 'mycelial' ? 2 : 0) + (direction > 0 ? 1 : 0)
}

/** Puts an idea in its queue by time of decision, and drops those too old to collide, with a margin for late messages. */
function wait<I extends CollidingIdea>(collisions: Collisions<I>, idea: I): void {
  const queue = queueOf(collisions, idea.source, idea)
  let at = queue.length
  while (at > 0 && (queue[at - 1] as I).decidedAt > idea.decidedAt) at--
  queue.splice(at, 0, idea)
  const newest = (queue[queue.length - 1] as I).decidedAt
  let old = 0
  while (newest - (queue[old] as I).decidedAt > 2 * reach(collisions.windowMs, (queue[old] as I).barMs, Number.POSITIVE_INFINITY))
    old++
  if (queue.length - old > collisionLimits.waitingIdeas) {
    old++
    collisions.overflowed++
  }
  if (old > 0) queue.splice(0, old)
}
