import { describe, expect, it } from 'vitest'
import { patternConvictions } from '../../src/agents/mycelial/ideas.js'
import type { SwarmModel } from '../../src/agents/mycelial/ports.js'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import {
  type Approval,
  type BookOutcome,
  blockOf,
  cancelScreen,
  confirmerOf,
  dealOf,
  dealtTo,
  decayFactor,
  findTrial,
  foldObservations,
  foldStretch,
  followKey,
  isDue,
  type KeyBook,
  keyBook,
  leadingPolicy,
  observeBook,
  ownerOf,
  type Patterns,
  type Policies,
  policyName,
  policyNumber,
  policyT,
  protocol,
  recentT,
  screenKey,
  serveDuty,
  slopeOf,
  stageAfter,
  type Trials,
  tStatistic,
  watchApproved,
} from '../../src/discovery/index.js'
import { scoreOf, smallSpace, tapeOf, walk } from './helpers.js'

const space = smallSpace()
const rng = (name: string) => new Stream(rootOf(2), name)
const planted = space.indexOf('code:A|level|0|X|1')

describe('blocks', () => {
  it('deal 54 blocks of 24 bars so that each fold has 18, from any start, disjoint, whole returns only', () => {
    for (const step of [0, 5, 23, 24, 100, 1_000]) {
      const stage = stageAfter(step)
      expect(stage.from).toBeGreaterThanOrEqual(step)
      expect(stage.until - stage.from).toBe(1_296)
      for (const h of [1, 4, 24]) {
        const folds = [0, 0, 0]
        for (let s = stage.from + h; s <= stage.until; s++) {
          if (!isDue(s, h)) continue
          expect(blockOf(s - h + 1)).toBe(blockOf(s))
          folds[blockOf(s) % 3] = (folds[blockOf(s) % 3] ?? 0) + 1
        }
        expect(folds).toEqual([0, 1, 2].map(() => foldObservations(h)))
      }
      expect(Math.max(...[0, 1, 2].map(fold => foldStretch(stage, fold).until))).toBe(stage.until)
    }
  })
})

describe('a screen', () => {
  it('is one plain-sum t over the 250 bars after it was dealt, taken once', () => {
    const rows = walk(rng('screen'), 500, 0.3)
    const book = keyBook(space, 0, 1)
    const out: BookOutcome[] = []
    const xs: number[] = []
    tapeOf(space, rows, (tape, step) => {
      observeBook(book, tape, out)
      if (step > 100 && step <= 350) xs.push(scoreOf(tape, space.keyColumn(planted), 0, 0, 0))
      if (step === 100) screenKey(book, space, planted, step)
    })
    const sum = xs.reduce((a, b) => a + b, 0)
    const squares = xs.reduce((a, b) => a + b * b, 0)
    expect(out).toHaveLength(1)
    expect(out[0]).toMatchObject({ kind: 'candidate', key: planted, sign: 1, n: 250, step: 350 })
    expect((out[0] as { t: number }).t).toBeCloseTo(tStatistic(250, sum, squares), 9)
    expect(book.counters).toMatchObject({ tested: 1, untested: 0, candidates: 1 })
  })

  it('takes every 4th bar only for 4 bars ahead, and is no test where data are missing', () => {
    const rows = walk(rng('sparse data'), 400).map((row, i) => (i % 3 === 0 ? { ...row, closes: [Number.NaN, 50 + i] } : row))
    const book = keyBook(space, 0, 1)
    const long = space.indexOf('code:A|level|0|Y|4')
    const out: BookOutcome[] = []
    tapeOf(space, rows, (tape, step) => {
      observeBook(book, tape, out)
      if (step === 100) {
        screenKey(book, space, long, step)
        screenKey(book, space, planted, step)
      }
      if (step === 346) expect((book.screens[1] as Trials).sums[0]).toBe(60)
    })
    expect(book.counters).toMatchObject({ tested: 1, untested: 1 })
  })

  it('refuses a key it screens already, and gives it up when its confirmation begins', () => {
    const book = keyBook(space, 0, 1)
    expect(screenKey(book, space, planted, 1)).toBe(true)
    expect(screenKey(book, space, planted, 2)).toBe(false)
    cancelScreen(book, space, planted)
    expect(findTrial(book.screens[0] as Trials, planted)).toBe(-1)
    expect(book.counters).toMatchObject({ refused: 1, cancelled: 1 })
  })

  it('bounds its lanes', () => {
    const book = keyBook(space, 0, 100)
    const lane = book.screens[0] as Trials
    expect(lane.capacity).toBeLessThanOrEqual(20)
  })
})

describe('a duty', () => {
  it('sees only the blocks of the learner’s own fold, and reports when the last one is over', () => {
    const rows = walk(rng('duty'), 1_500, 0.3)
    const books = [0, 1, 2].map(i => keyBook(space, i, 3))
    const out: BookOutcome[] = []
    const seen = [0, 1, 2].map(() => [] as number[])
    const stage = stageAfter(100)
    tapeOf(space, rows, (tape, step) => {
      if (step === 100) for (const book of books) serveDuty(book, space, planted, 1, stage)
      const before = books.map(book => (book.duties[0] as Trials).sums[0] ?? 0)
      for (const book of books) observeBook(book, tape, out)
      books.forEach((book, i) => {
        if (((book.duties[0] as Trials).sums[0] ?? 0) > (before[i] ?? 0)) seen[i]?.push(step)
      })
    })
    expect(out).toHaveLength(3)
    for (const report of out) expect(report).toMatchObject({ kind: 'fold', key: planted, n: 432 })
    seen.forEach((steps, fold) => {
      expect(steps.every(s => blockOf(s) % 3 === fold && s > stage.from && s <= stage.until)).toBe(true)
    })
    const mean = out.reduce((sum, report) => sum + (report.kind === 'fold' ? report.z : 0), 0) / 3
    expect(mean).toBeGreaterThan(3)
  })
})

describe('policies', () => {
  const candidate = (key: number, t: number) =>
    ({ kind: 'candidate', key, sign: t > 0 ? 1 : -1, t, step: 0, n: 250, sum: t * Math.sqrt(250), squares: 250 + t * t }) as const

  it('rank by the exponentially weighted t of the definition', () => {
    const rows = walk(rng('ew'), 800, 0.2)
    const book = keyBook(space, 0, 1)
    followKey(book, space, candidate(planted, 2.5))
    let [w, w2, s, q] = [250, 250, 2.5 * Math.sqrt(250), 250 + 2.5 ** 2]
    const decay = 2 ** (-1 / 250)
    tapeOf(space, rows, tape => {
      observeBook(book, tape, [])
      const x = scoreOf(tape, space.keyColumn(planted), 0, 0, 0)
      if (Number.isNaN(x)) return
      w = decay * w + 1
      w2 = decay * decay * w2 + 1
      s = decay * s + x
      q = decay * q + x * x
    })
    const t = ((s / w) * Math.sqrt((w * w) / w2)) / Math.sqrt(q / w - (s / w) ** 2)
    expect(policyT(book.policies[0] as Policies, 0)).toBeCloseTo(t, 9)
    expect(t).toBeGreaterThan(3)
  })

  it('keep the strongest in a full lane', () => {
    const book = keyBook(space, 0, 1)
    const keys = Array.from({ length: 8 }, (_, i) => i * 2)
    const taken = keys.map((key, i) => followKey(book, space, candidate(key, i < 4 ? 3 + i : 2.5)))
    expect(taken).toEqual([true, true, true, true, false, false, false, false])
    expect(followKey(book, space, candidate(20, 3.5))).toBe(true)
    expect(leadingPolicy(book, { key: 0, sign: 0, t: 0 }).key).toBe(6)
  })

  it('lead with the strongest, but not with an approved one that holds', () => {
    const book = keyBook(space, 0, 1)
    followKey(book, space, candidate(planted, 6))
    followKey(book, space, candidate(space.indexOf('code:B|level|1|Y|1'), -3))
    const lead = { key: -1, sign: 0, t: 0 }
    expect(leadingPolicy(book, lead)).toMatchObject({ key: planted, sign: 1 })
    expect(policyName(space, policyNumber(space, lead))).toBe('code:A → X +')
    watchApproved(book, space, approvalOf(1))
    expect(policyName(space, policyNumber(space, leadingPolicy(book, lead)))).toBe('code:B → Y −')
  })
})

const approvalOf = (effect: number): Approval => ({
  key: planted,
  sign: 1,
  step: 0,
  p: 0.01,
  zr: 1_296 * effect * 0.01,
  zz: 1_296,
  zr2: 1_296 * 0.01 ** 2,
})

function watched(
  effect: number,
  bars: number,
  name: string,
): { book: KeyBook; lane: Patterns; out: BookOutcome[]; rows: number } {
  const book = keyBook(space, 0, 1)
  watchApproved(book, space, approvalOf(0.3))
  const out: BookOutcome[] = []
  tapeOf(space, walk(rng(name), bars, effect), tape => {
    observeBook(book, tape, out)
  })
  return { book, lane: book.patterns[0] as Patterns, out, rows: bars }
}

describe('an approved pattern', () => {
  it('stays while it holds, renews its proof, and keeps the value E[r | z] − cost', () => {
    const { lane, out } = watched(0.3, 3_000, 'alive')
    expect(out).toEqual([])
    expect(recentT(lane, 0)).toBeGreaterThan(3)
    expect(decayFactor(lane, 0, 3_000)).toBeGreaterThan(0.8)
    expect(decayFactor(lane, 0, (lane.proven[0] ?? 0) + protocol.decayHalfLifeBars)).toBeCloseTo(0.5, 12)
    const [zr = 0, zz = 0, zr2 = 0] = [lane.zr[0], lane.zz[0], lane.zr2[0]]
    expect(slopeOf(zr, zz, zr2, 1)).toBeCloseTo(0.3 * 0.01, 3)
  })

  it('is over soon after it has died, and at once when it turns', () => {
    const lives = Array.from({ length: 12 }, (_, i) => watched(0, 6_000, `dead ${i}`).out.length)
    expect(lives.every(n => n === 1)).toBe(true)
    const { out, book } = watched(-0.3, 520, 'turned')
    expect(out).toMatchObject([{ kind: 'retired', key: planted }])
    expect((book.patterns[0] as Patterns).count).toBe(0)
  })

  it('has value only at a z that pays for the trip', () => {
    const book = keyBook(space, 0, 1)
    watchApproved(book, space, approvalOf(0.3))
    const rows = walk(rng('value'), 60)
    const convinced = (z: number) => {
      const tape = tapeOf(space, [...rows, { closes: [100, 50], z: [z, 0, 0, 0] }])
      const model = { keys: space, tape, roundTripCost: 0.009, publisherFor: () => 0 } as unknown as SwarmModel
      return [...patternConvictions(book, model, 0)].map(({ key, expected }) => [key, Math.sign(expected)])
    }
    expect(convinced(4)).toEqual([[planted, 1]])
    expect(convinced(-4)).toEqual([[planted, -1]])
    expect(convinced(0.1)).toEqual([])
    expect(convinced(Number.NaN)).toEqual([])
  })

  it('shrinks its slope, and claims nothing where the sums contradict its sign', () => {
    expect(slopeOf(4, 10, 1, 1)).toBeCloseTo(0.4 * (1 - 1 / 16), 12)
    expect(slopeOf(-4, 10, 1, 1)).toBe(0)
    expect(slopeOf(0.9, 10, 1, 1)).toBe(0)
    expect(slopeOf(-4, 10, 1, -1)).toBeLessThan(0)
  })
})

describe('a book', () => {
  it('goes on after it was saved as if it had not been', () => {
    const rows = walk(rng('resume'), 700, 0.2)
    const start = () => {
      const book = keyBook(space, 1, 1)
      for (let key = 0; key < space.size; key++) screenKey(book, space, key, 60)
      serveDuty(book, space, planted, 1, stageAfter(60))
      watchApproved(book, space, approvalOf(0.2))
      return book
    }
    const whole = start()
    let resumed = start()
    const outs: BookOutcome[][] = [[], []]
    tapeOf(space, rows, (tape, step) => {
      observeBook(whole, tape, outs[0] as BookOutcome[])
      observeBook(resumed, tape, outs[1] as BookOutcome[])
      if (step === 301) resumed = decodeValue(encodeValue(resumed)) as KeyBook
    })
    expect(encodeValue(resumed)).toEqual(encodeValue(whole))
    expect(outs[1]).toEqual(outs[0])
  })
})

describe('the deal', () => {
  it('hands out every key once a pass, whoever lives, from a seeded order', () => {
    const deal = dealOf(space, rng('deal'))
    const into = new Int32Array(64)
    for (const live of [1, 7, 60]) {
      for (const pass of [0, 3]) {
        const keys: number[] = []
        for (let step = pass * 500; step < (pass + 1) * 500; step++) {
          for (let rank = 0; rank < live; rank++) keys.push(...into.subarray(0, dealtTo(deal, step, rank, live, into)))
        }
        expect(keys.sort((a, b) => a - b)).toEqual(Array.from({ length: space.size }, (_, i) => i))
      }
    }
    expect(dealOf(space, rng('deal')).order).toEqual(deal.order)
    expect(dealOf(space, rng('other')).order).not.toEqual(deal.order)
  })
})

describe('rendezvous', () => {
  it('moves only the keys of the one that is lost, and spreads them evenly', () => {
    const keys = Array.from({ length: 3_000 }, (_, i) => i)
    const owners = keys.map(key => ownerOf(key, [0, 1, 2]))
    for (const id of [0, 1, 2]) expect(Math.abs(owners.filter(o => o === id).length - 1_000)).toBeLessThan(120)
    keys.forEach(key => {
      if (owners[key] !== 1) expect(ownerOf(key, [0, 2])).toBe(owners[key])
    })
    expect(ownerOf(1, [])).toBeUndefined()
  })

  it('finds a confirmer of the fold asked for', () => {
    const live = Array.from({ length: 60 }, (_, i) => i)
    for (let key = 0; key < 100; key++) {
      for (const fold of [0, 1, 2]) expect((confirmerOf(key, fold, live) ?? 0) % 3).toBe(fold)
    }
  })
})
