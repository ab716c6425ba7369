/** Collisions: a mycelial and a baseline idea that agree about pair and direction, decided less than a window apart; and how many chance alone makes. */

import { assert, type Rng, type TimeMs } from '../core/index.js'
import type { Idea, IdeaSource } from './idea.js'

export const collisionLimits = {
  /** Ideas waiting per pair, direction and source; the oldest goes first. */
  waitingIdeas: 256,
} as const

export interface Collision {
  readonly mycelial: Idea
  readonly baseline: Idea
}

export interface Collisions {
  readonly windowMs: number
  /** Pair → ideas that have not yet collided, oldest first, by `placeOf` source and direction. */
  readonly waiting: Map<string, Idea[][]>
  seen: number
  /** Ideas dropped because too many waited. */
  overflowed: number
}

/** `windowMs`: two ideas collide that were decided less than this apart, where their bars are shorter than that. */
export function newCollisions(windowMs = 5_000): Collisions {
  return { windowMs, waiting: new Map(), seen: 0, overflowed: 0 }
}

/** max(collision window, the finer idea's bar), ms: ideas decided less than this apart collide. */
function reach(windowMs: number, oneBarMs: number, otherBarMs: number): number {
  return Math.max(windowMs, Math.min(oneBarMs, otherBarMs))
}

/** The collision of this idea with the oldest one that matches. Without a match the idea waits and the result is null. */
export function collide(collisions: Collisions, idea: Idea): Collision | null {
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

function oldestWithin(others: readonly Idea[], idea: Idea, windowMs: number): number {
  return others.findIndex(o => Math.abs(o.decidedAt - idea.decidedAt) < reach(windowMs, o.barMs, idea.barMs))
}

function queueOf(collisions: Collisions, source: IdeaSource, idea: Idea): Idea[] {
  let queues = collisions.waiting.get(idea.pair)
  if (queues === undefined) {
    queues = [[], [], [], []]
    collisions.waiting.set(idea.pair, queues)
  }
  return queues[placeOf(source, idea.direction)] as Idea[]
}

function placeOf(source: IdeaSource, direction: number): number {
  return (source === 'mycelial' ? 2 : 0) + (direction > 0 ? 1 : 0)
}

/** Puts an idea in its queue by time of decision, and drops those too old to collide, with a margin for late messages. */
function wait(collisions: Collisions, idea: Idea): void {
  const queue = queueOf(collisions, idea.source, idea)
  let at = queue.length
  while (at > 0 && (queue[at - 1] as Idea).decidedAt > idea.decidedAt) at--
  queue.splice(at, 0, idea)
  const newest = (queue[queue.length - 1] as Idea).decidedAt
  let old = 0
  while (
    newest - (queue[old] as Idea).decidedAt >
    2 * reach(collisions.windowMs, (queue[old] as Idea).barMs, Number.POSITIVE_INFINITY)
  )
    old++
  if (queue.length - old > collisionLimits.waitingIdeas) {
    old++
    collisions.overflowed++
  }
  if (old > 0) queue.splice(0, old)
}

/** Ideas as columns of equal length, in order of decision. */
export interface IdeaColumns {
  readonly time: Float64Array
  /** Index of the pair. */
  readonly pair: Uint16Array
  readonly direction: Int8Array
  readonly barMs: Float64Array
}

export interface ChanceOptions {
  /** Number of shifts (default 20). */
  shifts?: number
  windowMs?: number
  rng: Rng
}

/**
 * Collisions expected by chance: the mean over circular shifts of the mycelial ideas in time. A shift is a whole number of
 * bars, uniform over the span of both sources, so that ideas stay on the bar grid and keep their own clustering.
 */
export function collisionsByChance(
  mycelial: IdeaColumns,
  baseline: IdeaColumns,
  { shifts = 20, windowMs = 5_000, rng }: ChanceOptions,
): number {
  assert(shifts >= 1, 'collisionsByChance needs at least one shift')
  if (mycelial.time.length === 0 || baseline.time.length === 0) return 0
  const start = Math.min(mycelial.time[0] as number, baseline.time[0] as number)
  const barMs = Math.min(mycelial.barMs[0] as number, baseline.barMs[0] as number)
  const end = Math.max(mycelial.time[mycelial.time.length - 1] as number, baseline.time[baseline.time.length - 1] as number)
  const bars = Math.floor((end - start) / barMs) + 1
  const groups = pairUp(groupsOf(mycelial), groupsOf(baseline))
  let sum = 0
  for (let k = 0; k < shifts; k++) {
    const shiftMs = bars > 1 ? (1 + rng.int(bars - 1)) * barMs : 0
    for (const [ours, theirs] of groups) sum += countCollisions(rotated(ours, shiftMs, start, bars * barMs), theirs, windowMs)
  }
  return sum / shifts
}

/** Times and bars of the ideas about one pair and direction, ascending. */
interface Group {
  readonly time: Float64Array
  readonly barMs: Float64Array
}

function groupsOf(ideas: IdeaColumns): Map<number, Group> {
  const members = new Map<number, number[]>()
  for (let i = 0; i < ideas.time.length; i++) {
    const key = (ideas.pair[i] as number) * 2 + ((ideas.direction[i] as number) > 0 ? 1 : 0)
    const list = members.get(key)
    if (list === undefined) members.set(key, [i])
    else list.push(i)
  }
  const groups = new Map<number, Group>()
  for (const [key, list] of members) groups.set(key, gather(list, ideas))
  return groups
}

function gather(list: readonly number[], ideas: IdeaColumns): Group {
  return {
    time: Float64Array.from(list, i => ideas.time[i] as number),
    barMs: Float64Array.from(list, i => ideas.barMs[i] as number),
  }
}

function pairUp(ours: Map<number, Group>, theirs: Map<number, Group>): [Group, Group][] {
  const both: [Group, Group][] = []
  for (const [key, group] of ours) {
    const other = theirs.get(key)
    if (other !== undefined) both.push([group, other])
  }
  return both
}

/** The same ideas `shiftMs` later; what passes the end comes in again at the start. Stays ascending. */
function rotated(group: Group, shiftMs: number, start: TimeMs, spanMs: number): Group {
  const n = group.time.length
  let first = 0
  while (first < n && (group.time[first] as number) + shiftMs < start + spanMs) first++
  const time = new Float64Array(n)
  const barMs = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    const i = (first + k) % n
    time[k] = (group.time[i] as number) + shiftMs - (i >= first ? spanMs : 0)
    barMs[k] = group.barMs[i] as number
  }
  return { time, barMs }
}

/** Greedy, oldest first, each idea once: on ascending times the same count as `collide` makes one by one. */
function countCollisions(a: Group, b: Group, windowMs: number): number {
  let i = 0
  let j = 0
  let count = 0
  while (i < a.time.length && j < b.time.length) {
    const apart = (a.time[i] as number) - (b.time[j] as number)
    if (Math.abs(apart) < reach(windowMs, a.barMs[i] as number, b.barMs[j] as number)) {
      count++
      i++
      j++
    } else if (apart < 0) i++
    else j++
  }
  return count
}
