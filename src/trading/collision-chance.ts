/** What chance alone makes of two sets of ideas: the same ideas, shifted in time, and how often they then coincide. */

import { assert, type Rng, type TimeMs } from '../core/index.js'
import { reach } from './collisions.js'
import { momentsOf, sampleSd } from './performance.js'

/** Ideas as columns of equal length, in order of decision. */
export interface IdeaColumns {
  readonly time: Float64Array
  /** Index of the pair. */
  readonly pair: Uint16Array
  readonly direction: Int8Array
  readonly barMs: Float64Array
}

export interface ChanceOptions {
  /** Number of shifts (default 200). */
  shifts?: number
  windowMs?: number
  rng: Rng
}

/** Coincidences that were there, and what the shifts gave. */
export interface Coincidences {
  readonly seen: number
  /** Expected by chance: the mean over the shifts. */
  readonly byChance: number
  /** Standard deviation over the shifts. */
  readonly sd: number
  /** One-sided: (1 + shifts with as many or more) ÷ (1 + shifts) (Davison and Hinkley 1997, §4.2). */
  readonly p: number
}

/** Ideas of both kinds about one pair within the window: in one direction, which is a collision, and in opposite ones. */
export interface CollisionChance {
  readonly same: Coincidences
  readonly opposite: Coincidences
}

/**
 * The coincidences of two sets of ideas against chance: circular shifts of the mycelial ideas in time. A shift is a whole number
 * of bars, uniform over the span of both sources, so that ideas stay on the bar grid and keep their own clustering.
 */
export function collisionsByChance(
  mycelial: IdeaColumns,
  baseline: IdeaColumns,
  { shifts = 200, windowMs = 5_000, rng }: ChanceOptions,
): CollisionChance {
  assert(shifts >= 1, 'collisionsByChance needs at least one shift')
  if (mycelial.time.length === 0 || baseline.time.length === 0) return { same: nothing, opposite: nothing }
  const start = Math.min(mycelial.time[0] as number, baseline.time[0] as number)
  const barMs = Math.min(mycelial.barMs[0] as number, baseline.barMs[0] as number)
  const end = Math.max(mycelial.time[mycelial.time.length - 1] as number, baseline.time[baseline.time.length - 1] as number)
  const bars = Math.floor((end - start) / barMs) + 1
  const ours = groupsOf(mycelial)
  const none: Shift = { byMs: 0, start, spanMs: bars * barMs }
  const theirs = indexed(groupsOf(baseline), none, barMs)
  const seen = countBoth(ours, theirs, none, windowMs)
  const counts = { same: [] as number[], opposite: [] as number[] }
  for (let k = 0; k < shifts; k++) {
    const byMs = bars > 1 ? (1 + rng.int(bars - 1)) * barMs : 0
    const count = countBoth(ours, theirs, { ...none, byMs }, windowMs)
    counts.same.push(count.same)
    counts.opposite.push(count.opposite)
  }
  return { same: against(seen.same, counts.same), opposite: against(seen.opposite, counts.opposite) }
}

const nothing: Coincidences = { seen: 0, byChance: 0, sd: 0, p: 1 }

function against(seen: number, shifted: readonly number[]): Coincidences {
  const moments = momentsOf(shifted)
  const asMany = shifted.filter(count => count >= seen).length
  const sd = shifted.length < 2 ? 0 : sampleSd(moments)
  return { seen, byChance: moments.mean, sd, p: (1 + asMany) / (1 + shifted.length) }
}

/** Times and bars of the ideas about one pair and direction, ascending. */
interface Group {
  readonly time: Float64Array
  readonly barMs: Float64Array
}

/** A circular shift of times in [start, start + span). */
interface Shift {
  readonly byMs: number
  readonly start: TimeMs
  readonly spanMs: number
}

/** Ideas by pair and direction: the last bit of the key is 1 for long. */
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

function countBoth(ours: Map<number, Group>, theirs: Map<number, IndexedGroup>, shift: Shift, windowMs: number) {
  const count = { same: 0, opposite: 0 }
  for (const [key, group] of ours) {
    const [agreeing, opposing] = [theirs.get(key), theirs.get(key ^ 1)]
    const shifted = agreeing === undefined && opposing === undefined ? group : rotated(group, shift)
    if (agreeing !== undefined) count.same += countCoincidences(shifted, agreeing, windowMs)
    if (opposing !== undefined) count.opposite += countCoincidences(shifted, opposing, windowMs)
  }
  return count
}

/** The same ideas later; what passes the end comes in again at the start. Stays ascending. */
function rotated(group: Group, { byMs, start, spanMs }: Shift): Group {
  const n = group.time.length
  let first = 0
  while (first < n && (group.time[first] as number) + byMs < start + spanMs) first++
  const time = new Float64Array(n)
  const barMs = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    const i = (first + k) % n
    time[k] = (group.time[i] as number) + byMs - (i >= first ? spanMs : 0)
    barMs[k] = group.barMs[i] as number
  }
  return { time, barMs }
}

/** Greedy, oldest first, each idea once: on ascending times the same count as `collide` makes one by one. */
function countCoincidences(a: Group, b: IndexedGroup, windowMs: number): number {
  const { time, barMs } = b
  let next = 0
  let count = 0
  for (let i = 0; i < a.time.length && next < time.length; i++) {
    const at = a.time[i] as number
    const ownBarMs = a.barMs[i] as number
    // No reach is longer than this one's own, so that everything before may be passed over.
    next = Math.max(next, firstAt(b, at - Math.max(windowMs, ownBarMs)))
    while (next < time.length && at - (time[next] as number) >= reach(windowMs, ownBarMs, barMs[next] as number)) next++
    if (next === time.length || (time[next] as number) - at >= reach(windowMs, ownBarMs, barMs[next] as number)) continue
    count++
    next++
  }
  return count
}

/** Ideas with, for each stretch of `stretchMs`, the first of them in it or after it: most ideas are looked for and not there. */
interface IndexedGroup extends Group {
  readonly start: TimeMs
  readonly stretchMs: number
  readonly first: Int32Array
}

/** At most this many stretches, whatever the span: 256 kB a group. */
const mostStretches = 65_536

function indexed(groups: Map<number, Group>, { start, spanMs }: Shift, barMs: number): Map<number, IndexedGroup> {
  const stretchMs = Math.max(barMs, Math.ceil(spanMs / mostStretches))
  const stretches = Math.ceil(spanMs / stretchMs)
  return new Map(
    Array.from(groups, ([key, group]) => {
      const first = new Int32Array(stretches)
      let at = 0
      for (let k = 0; k < stretches; k++) {
        while (at < group.time.length && (group.time[at] as number) < start + k * stretchMs) at++
        first[k] = at
      }
      return [key, { ...group, start, stretchMs, first }]
    }),
  )
}

/** An index not after the first idea at or after `time`. */
function firstAt({ start, stretchMs, first }: IndexedGroup, time: TimeMs): number {
  const stretch = Math.floor((time - start) / stretchMs)
  return stretch < 0 ? 0 : (first[Math.min(stretch, first.length - 1)] as number)
}
