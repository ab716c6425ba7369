/** What chance alone makes of two sets of ideas: the same ideas, shifted in time, and how often they then coincide. */

import { assert, hashName, Rng, rootOf, type TimeMs } from '../core/index.js'
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
  /** Instants at which ideas could be decided, ascending; default: every bar from the first idea to the last. */
  clock?: Float64Array
  rng: Rng
}

/** The stream of the shifts of a run. */
export function chanceStream(seed: number | string): Rng {
  return Rng.derive(rootOf(seed), hashName('collisions by chance'), 0)
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
 * The coincidences of two sets of ideas against chance: circular shifts of the mycelial ideas along the clock. A shift is a whole
 * number of its instants, uniform over all of them, so that ideas keep their own clustering and never fall where a market is closed.
 */
export function collisionsByChance(
  mycelial: IdeaColumns,
  baseline: IdeaColumns,
  { shifts = 200, windowMs = 5_000, clock = everyBar(mycelial, baseline), rng }: ChanceOptions,
): CollisionChance {
  assert(shifts >= 1, 'collisionsByChance needs at least one shift')
  if (mycelial.time.length === 0 || baseline.time.length === 0) return { same: nothing, opposite: nothing }
  const ours = new Map(Array.from(groupsOf(mycelial), ([key, group]) => [key, placed(group, clock)]))
  const theirs = indexed(groupsOf(baseline), clock, finestBar(mycelial, baseline))
  const seen = countBoth(ours, theirs, 0, windowMs)
  const counts = { same: [] as number[], opposite: [] as number[] }
  for (let k = 0; k < shifts; k++) {
    const count = countBoth(ours, theirs, clock.length > 1 ? 1 + rng.int(clock.length - 1) : 0, windowMs)
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

/** Ideas with their places on the clock: the last of its instants at or before each. */
interface PlacedGroup extends Group {
  readonly clock: Float64Array
  readonly place: Int32Array
}

function everyBar(mycelial: IdeaColumns, baseline: IdeaColumns): Float64Array {
  if (mycelial.time.length === 0 || baseline.time.length === 0) return new Float64Array(0)
  const start = Math.min(mycelial.time[0] as number, baseline.time[0] as number)
  const end = Math.max(mycelial.time.at(-1) as number, baseline.time.at(-1) as number)
  const barMs = finestBar(mycelial, baseline)
  return Float64Array.from({ length: Math.floor((end - start) / barMs) + 1 }, (_, i) => start + i * barMs)
}

function finestBar(mycelial: IdeaColumns, baseline: IdeaColumns): number {
  return Math.min(mycelial.barMs[0] as number, baseline.barMs[0] as number)
}

function placed(group: Group, clock: Float64Array): PlacedGroup {
  let at = 0
  const place = Int32Array.from(group.time, time => {
    while (at + 1 < clock.length && (clock[at + 1] as number) <= time) at++
    return at
  })
  return { ...group, clock, place }
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

function countBoth(ours: Map<number, PlacedGroup>, theirs: Map<number, IndexedGroup>, shift: number, windowMs: number) {
  const count = { same: 0, opposite: 0 }
  for (const [key, group] of ours) {
    const [agreeing, opposing] = [theirs.get(key), theirs.get(key ^ 1)]
    const shifted = agreeing === undefined && opposing === undefined ? group : rotated(group, shift)
    if (agreeing !== undefined) count.same += countCoincidences(shifted, agreeing, windowMs)
    if (opposing !== undefined) count.opposite += countCoincidences(shifted, opposing, windowMs)
  }
  return count
}

/** The same ideas so many instants later; what passes the end comes in again at the start. Stays ascending. */
function rotated({ time: own, barMs: bars, place, clock }: PlacedGroup, shift: number): Group {
  const n = own.length
  let first = 0
  while (first < n && (place[first] as number) + shift < clock.length) first++
  const time = new Float64Array(n)
  const barMs = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    const i = (first + k) % n
    const from = place[i] as number
    time[k] = (clock[(from + shift) % clock.length] as number) + (own[i] as number) - (clock[from] as number)
    barMs[k] = bars[i] as number
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

function indexed(groups: Map<number, Group>, clock: Float64Array, barMs: number): Map<number, IndexedGroup> {
  const start = clock[0] as number
  const spanMs = (clock.at(-1) as number) - start + barMs
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
