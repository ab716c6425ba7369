import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import {
  collide,
  collisionSignal,
  collisionsByChance,
  type Idea,
  type IdeaColumns,
  newCollisions,
} from '../../src/trading/index.js'
import { HOUR, idea, T0 } from './support.js'

const rng = (n = 1) => Rng.derive(rootOf(n), 7, 7)
const SECOND = 1_000
const ours = (ms: number, over: Partial<Idea> = {}) => idea({ id: `m${ms}`, decidedAt: T0 + ms, barMs: SECOND, ...over })
const theirs = (ms: number, over: Partial<Idea> = {}) => ours(ms, { id: `b${ms}`, source: 'baseline', ...over })

describe('collisions', () => {
  it('need the same pair, the same direction and two sources', () => {
    const c = newCollisions()
    collide(c, ours(0))
    expect(collide(c, theirs(0, { pair: 'B' }))).toBeNull()
    expect(collide(c, theirs(0, { direction: -1 }))).toBeNull()
    expect(collide(c, ours(0))).toBeNull()
    expect(collide(c, theirs(0))?.mycelial.id).toBe('m0')
    expect(c.seen).toBe(1)
  })

  it('come to the one that was there first, of two of one instant; and to one that is late by another window', () => {
    const c = newCollisions()
    for (const id of ['first', 'second']) collide(c, ours(0, { id }))
    expect(collide(c, theirs(0))?.mycelial.id).toBe('first')
    const late = newCollisions()
    collide(late, ours(0))
    collide(late, ours(10_000))
    expect(collide(late, theirs(0))?.mycelial.id).toBe('m0')
  })

  it('happen up to a millisecond below the window and not at it', () => {
    for (const [apart, hit] of [
      [4_999, true],
      [5_000, false],
    ] as const) {
      expect(collide(withWaiting(ours(0)), theirs(apart)) !== null).toBe(hit)
      expect(collide(withWaiting(theirs(apart)), ours(0)) !== null).toBe(hit)
    }
  })

  it('reach over the finer of the two bars where that is longer than the window', () => {
    const hour = { barMs: HOUR }
    expect(collide(withWaiting(ours(0, hour)), theirs(HOUR - 1, { barMs: 24 * HOUR }))).not.toBeNull()
    expect(collide(withWaiting(ours(0, hour)), theirs(HOUR, { barMs: 24 * HOUR }))).toBeNull()
    expect(collide(withWaiting(ours(0, hour)), theirs(6_000))).toBeNull()
  })

  it('take the oldest idea that fits, and each idea once', () => {
    const c = newCollisions()
    for (const ms of [0, 4_000, 5_000]) collide(c, ours(ms))
    const got = [6_000, 6_001, 6_002].map(ms => collide(c, theirs(ms))?.mycelial.id)
    expect(got).toEqual(['m4000', 'm5000', undefined])
  })

  it('forget what can no longer collide, and never keep more than the limit', () => {
    const c = newCollisions()
    for (let i = 0; i < 10_000; i++) collide(c, ours(i * 1_000))
    expect(Math.max(...[...c.waiting.values()].flat().map(q => q.length))).toBeLessThanOrEqual(11)
    for (let i = 0; i < 10_000; i++) collide(c, ours(10_000_000, { id: String(i) }))
    expect(Math.max(...[...c.waiting.values()].flat().map(q => q.length))).toBe(256)
    expect(c.overflowed).toBeGreaterThan(9_000)
  })

  it('become one signal: the mycelial idea, as sure as both on average, valid while both are', () => {
    const s = collisionSignal(
      ours(0, { confidence: 0.6, horizonBars: 7, pattern: 'p', moats: ['code', 'code', 'logistics'], expiresAt: T0 + 9 }),
      theirs(0, { confidence: 0.8, expiresAt: T0 + 5, horizonBars: 24 }),
    )
    expect(s).toMatchObject({
      horizonBars: 7,
      pattern: 'p',
      crossMoatScore: 2,
      expiresAt: T0 + 5,
      ideaIds: ['m0', 'b0'],
      collision: true,
    })
    expect(s.confidence).toBeCloseTo(0.7, 12)
  })
})

function withWaiting(first: Idea) {
  const c = newCollisions()
  collide(c, first)
  return c
}

function columns(ideas: readonly { time: number; pair: number; direction: number }[], barMs = HOUR): IdeaColumns {
  return {
    time: Float64Array.from(ideas, i => T0 + i.time * barMs),
    pair: Uint16Array.from(ideas, i => i.pair),
    direction: Int8Array.from(ideas, i => i.direction),
    barMs: new Float64Array(ideas.length).fill(barMs),
  }
}

describe('collisions by chance', () => {
  it('count, after a shift, exactly what the collider would have seen', () => {
    const item = fc.record({
      time: fc.integer({ min: 0, max: 60 }),
      pair: fc.integer({ min: 0, max: 2 }),
      direction: fc.constantFrom(1, -1),
    })
    const list = fc.array(item, { minLength: 1, maxLength: 80 }).map(l => l.sort((a, b) => a.time - b.time))
    fc.assert(
      fc.property(list, list, fc.integer(), (mine, base, n) => {
        const [a, b] = [columns(mine), columns(base)]
        const times = [...mine, ...base].map(i => i.time)
        const [first, last] = [Math.min(...times), Math.max(...times)]
        const bars = last - first + 1
        const shift = bars > 1 ? 1 + rng(n).int(bars - 1) : 0
        const moved = mine.map(i => ({ ...i, time: first + ((i.time - first + shift) % bars) }))
        const c = newCollisions()
        const all = [
          ...moved.map(i => ({ ...i, source: 'mycelial' as const })),
          ...base.map(i => ({ ...i, source: 'baseline' as const })),
        ].sort((x, y) => x.time - y.time)
        for (const i of all)
          collide(
            c,
            idea({ source: i.source, pair: `P${i.pair}`, direction: i.direction as 1 | -1, decidedAt: T0 + i.time * HOUR }),
          )
        expect(collisionsByChance(a, b, { shifts: 1, rng: rng(n) }).same.byChance).toBe(c.seen)
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('are those of a market that closes at night, where its clock is given', () => {
    // Seven hours a day, an idea of each kind at every one of them: whatever the shift by bars that exist, all of them meet.
    const open = Array.from({ length: 70 }, (_, i) => ({ time: Math.floor(i / 7) * 24 + (i % 7), pair: 0, direction: 1 }))
    const ideas = columns(open)
    expect(collisionsByChance(ideas, ideas, { clock: ideas.time, rng: rng() }).same).toEqual({
      seen: 70,
      byChance: 70,
      sd: 0,
      p: 1,
    })
    // By hours of the day and night most of them would meet nothing.
    expect(collisionsByChance(ideas, ideas, { rng: rng() }).same.byChance).toBeLessThan(35)
  })

  it('are few where ideas are rare and all of them true together', () => {
    const together = columns(Array.from({ length: 50 }, (_, i) => ({ time: i * 97, pair: 0, direction: 1 })))
    const { same, opposite } = collisionsByChance(together, together, { rng: rng() })
    expect(same.seen).toBe(50)
    expect(same.byChance).toBeLessThan(10)
    expect(same.byChance).toBeGreaterThanOrEqual(0)
    expect(same.p).toBe(1 / 201)
    expect(opposite).toEqual({ seen: 0, byChance: 0, sd: 0, p: 1 })
  })

  it('are all where every bar has an idea, none where a side is empty, and the same for the same seed', () => {
    const every = columns(Array.from({ length: 100 }, (_, i) => ({ time: i, pair: 1, direction: -1 })))
    const full = { seen: 100, byChance: 100, sd: 0, p: 1 }
    expect(collisionsByChance(every, every, { rng: rng() }).same).toEqual(full)
    const no = { seen: 0, byChance: 0, sd: 0, p: 1 }
    expect(collisionsByChance(every, columns([]), { rng: rng() })).toEqual({ same: no, opposite: no })
    // The other direction throughout: everything meets, nothing agrees.
    const against = { ...every, direction: new Int8Array(100).fill(1) }
    expect(collisionsByChance(every, against, { rng: rng() })).toEqual({ same: no, opposite: full })
    const some = columns(
      Array.from({ length: 200 }, (_, i) => ({ time: (i * i) % 501, pair: i % 2, direction: 1 })).sort((x, y) => x.time - y.time),
    )
    expect(collisionsByChance(some, every, { rng: rng(3) })).toEqual(collisionsByChance(some, every, { rng: rng(3) }))
  })

  it('of independent ideas are no more than chance gives: p is uniform, and the shifts have the spread of the counts', () => {
    const draws = rng(9)
    const sparse = () =>
      columns(Array.from({ length: 3_000 }, (_, time) => ({ time, pair: 0, direction: 1 })).filter(() => draws.chance(0.1)))
    const runs = Array.from({ length: 60 }, (_, n) => collisionsByChance(sparse(), sparse(), { rng: rng(n) }).same)
    const mean = (of: (run: (typeof runs)[number]) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length
    expect(mean(run => run.p)).toBeGreaterThan(0.35)
    expect(mean(run => run.p)).toBeLessThan(0.65)
    // About 30 coincidences are expected, give or take the root of that.
    expect(mean(run => run.byChance)).toBeCloseTo(30, -1)
    expect(mean(run => run.sd)).toBeGreaterThan(4)
    expect(mean(run => run.sd)).toBeLessThan(6.5)
    expect(mean(run => ((run.seen - run.byChance) / run.sd) ** 2)).toBeLessThan(2)
  })
})
