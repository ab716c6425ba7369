import { describe, expect, it } from 'vitest'
import { patternForecasts } from '../../src/agents/mycelial/ideas.js'
import type { SwarmModel } from '../../src/agents/mycelial/ports.js'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import {
  type Approval,
  assignedTo,
  assignmentOf,
  blockOf,
  type Candidate,
  cancelScreen,
  confirmerOf,
  decayFactor,
  discoveryLimits,
  endsHalf,
  type FoldReport,
  findTrial,
  foldAt,
  foldScores,
  foldStretch,
  followHypothesis,
  type HypothesisTests,
  hypothesisTests,
  leadingPolicy,
  normalOfT,
  observeTests,
  ownerOf,
  type Patterns,
  patternSlope,
  policyName,
  policyNumber,
  policyT,
  protocol,
  type Retirement,
  RollingWindow,
  recentZ,
  runConfirmationTask,
  screenAfter,
  screenBegin,
  screenHypothesis,
  slopeOf,
  stageAfter,
  type TestOutcome,
  tradeValue,
  tStatistic,
  watchApproved,
} from '../../src/discovery/index.js'
import { scoreOf, smallSpace, walk, windowOf } from './helpers.js'

const space = smallSpace()
const rng = (name: string) => new Stream(rootOf(2), name)
const planted = space.indexOf('code:A|level|0|X|1')

const place = { ordinal: 0, learners: 1 }

describe('blocks', () => {
  it('divide 54 blocks of 24 bars so that each of three folds has 18, and a single one all, from any start', () => {
    for (const step of [0, 5, 23, 24, 100, 1_000]) {
      const stage = stageAfter(step)
      expect(stage.from).toBeGreaterThanOrEqual(step)
      expect(stage.until - stage.from).toBe(1_296)
      for (const folds of [1, 3]) {
        const bars = new Array<number>(folds).fill(0)
        for (let s = stage.from + 1; s <= stage.until; s++) bars[foldAt(s, folds)] = (bars[foldAt(s, folds)] ?? 0) + 1
        expect(bars).toEqual(bars.map(() => foldScores(folds)))
        expect(Math.max(...bars.map((_, fold) => foldStretch(stage, fold, folds).until))).toBe(stage.until)
      }
      const screen = screenAfter(step)
      expect(screen.from).toBeGreaterThanOrEqual(step)
      expect(screen.until - step).toBeLessThanOrEqual(252)
      expect([screen.until - screen.from, endsHalf(screen.until), screenBegin(screen.until)]).toEqual([240, true, screen.from])
    }
  })
})

describe('a screen', () => {
  it('is one t over 20 sums of 12 bars, by Student’s law with 19 degrees of freedom, taken once', () => {
    const rows = walk(rng('screen'), 500, 0.5)
    const tests = hypothesisTests(space, place)
    const out: TestOutcome[] = []
    const sums = new Array<number>(20).fill(0)
    windowOf(space, rows, (window, step) => {
      observeTests(tests, window, out)
      // Assigned at 100, so that its half blocks begin at 108.
      if (step >= 108 && step < 348) {
        const block = Math.floor((step - 108) / 12)
        sums[block] = (sums[block] as number) + scoreOf(window, space, planted)
      }
      if (step === 100) screenHypothesis(tests, space, planted, step)
    })
    const sum = sums.reduce((a, b) => a + b, 0)
    const squares = sums.reduce((a, b) => a + b * b, 0)
    expect(out).toHaveLength(1)
    expect(out[0]).toMatchObject({ kind: 'candidate', hypothesis: planted, sign: 1, n: 240, blocks: 20, step: 347 })
    expect((out[0] as Candidate).z).toBeCloseTo(normalOfT(tStatistic(20, sum, squares), 19), 9)
    expect(tests.counters).toMatchObject({ tested: 1, untested: 0, candidates: 1 })
  })

  it('is no test where more than a tenth of the scores are missing', () => {
    const rows = walk(rng('sparse data'), 400).map((row, i) => (i % 12 === 0 ? { ...row, closes: [Number.NaN, 50 + i] } : row))
    const tests = hypothesisTests(space, place)
    const out: TestOutcome[] = []
    windowOf(space, rows, (window, step) => {
      observeTests(tests, window, out)
      if (step !== 100) return
      screenHypothesis(tests, space, space.indexOf('code:A|level|0|Y|12'), step)
      screenHypothesis(tests, space, planted, step)
    })
    expect(tests.counters).toMatchObject({ tested: 1, untested: 1 })
  })

  it('refuses a hypothesis it screens already, and gives it up when its confirmation begins', () => {
    const tests = hypothesisTests(space, place)
    expect(screenHypothesis(tests, space, planted, 1)).toBe(true)
    expect(screenHypothesis(tests, space, planted, 2)).toBe(false)
    cancelScreen(tests, planted)
    expect(findTrial(tests.screens, planted)).toBe(-1)
    expect(tests.counters).toMatchObject({ refused: 1, cancelled: 1 })
  })

  it('bounds its lane', () => {
    const tests = hypothesisTests(space, { ordinal: 0, learners: 100 })
    expect(tests.screens.capacity).toBeLessThanOrEqual(60)
  })
})

describe('a confirmation task', () => {
  const runOn = (folds: number) => {
    const rows = walk(rng('duty'), 1_500, 0.3)
    const learners = Array.from({ length: folds }, (_, i) => hypothesisTests(space, { ordinal: i, learners: folds, folds }))
    const out: TestOutcome[] = []
    const stage = stageAfter(100)
    const sums = Array.from({ length: folds }, () => new Map<number, number>())
    windowOf(space, rows, (window, step) => {
      if (step === 100) for (const tests of learners) runConfirmationTask(tests, space, { hypothesis: planted, sign: 1, stage })
      for (const tests of learners) observeTests(tests, window, out)
      const own = sums[foldAt(step, folds)] as Map<number, number>
      if (step > stage.from && step <= stage.until)
        own.set(blockOf(step), (own.get(blockOf(step)) ?? 0) + scoreOf(window, space, planted))
    })
    return { reports: out as FoldReport[], blocks: sums.map(own => [...own.values()]), stage }
  }

  it.each([3, 1])('sees only the blocks of the learner’s own fold of %i, and reports when the last one is over', folds => {
    const { reports, blocks } = runOn(folds)
    expect(reports).toHaveLength(folds)
    for (const report of reports) {
      const own = blocks[report.fold] as number[]
      const sum = own.reduce((a, b) => a + b, 0)
      const squares = own.reduce((a, b) => a + b * b, 0)
      expect(report).toMatchObject({ kind: 'fold', hypothesis: planted, n: 1_296 / folds, blocks: 54 / folds })
      expect(report.sum).toBeCloseTo(sum, 9)
      expect(report.z).toBeCloseTo(normalOfT(tStatistic(own.length, sum, squares), own.length - 1), 9)
    }
    expect(reports.reduce((sum, report) => sum + report.z, 0) / Math.sqrt(folds)).toBeGreaterThan(5)
  })
})

describe('policies', () => {
  const candidate = (hypothesis: number, z: number): Candidate => {
    // Twenty half blocks with a t of z.
    const sum = z * Math.sqrt(20)
    const squares = 19 + z * z
    return { kind: 'candidate', hypothesis, sign: z > 0 ? 1 : -1, z, step: 0, n: 240, blocks: 20, sum, squares, zz: 240 }
  }

  it('rank by the exponentially weighted t over sums of half blocks, so that overlapping horizons inflate nothing', () => {
    const rows = walk(rng('ew'), 803, 0.2)
    for (const hypothesis of [planted, space.indexOf('code:A|level|0|X|4')]) {
      const tests = hypothesisTests(space, place)
      followHypothesis(tests, candidate(hypothesis, 2.5))
      let [w, w2, s, q] = [20, 20, 2.5 * Math.sqrt(20), 19 + 2.5 ** 2]
      let block = 0
      let n = 0
      const decay = 2 ** (-12 / 250)
      windowOf(space, rows, (window, step) => {
        observeTests(tests, window, [])
        const x = scoreOf(window, space, hypothesis)
        if (!Number.isNaN(x)) {
          block += x
          n++
        }
        if (!endsHalf(step)) return
        if (n > 0) {
          w = decay * w + 1
          w2 = decay * decay * w2 + 1
          s = decay * s + block
          q = decay * q + block * block
        }
        block = 0
        n = 0
      })
      const t = ((s / w) * Math.sqrt((w * w) / w2)) / Math.sqrt(q / w - (s / w) ** 2)
      expect(policyT(tests.policies, 0)).toBeCloseTo(t, 9)
      expect(t).toBeGreaterThan(1)
    }
  })

  it('keep the strongest in a full lane', () => {
    const tests = hypothesisTests(space, place)
    const { policies: most } = discoveryLimits
    const taken = Array.from({ length: most + 4 }, (_, i) => followHypothesis(tests, candidate(i, i < most ? 3 + i / 10 : 2.5)))
    expect(taken).toEqual([...new Array(most).fill(true), false, false, false, false])
    expect(followHypothesis(tests, candidate(20, 3.5))).toBe(true)
    expect(leadingPolicy(tests, { hypothesis: 0, sign: 0, t: 0 }).hypothesis).toBe(most - 1)
  })

  it('lead with the strongest, but not with an approved one that holds', () => {
    const tests = hypothesisTests(space, place)
    followHypothesis(tests, candidate(planted, 6))
    followHypothesis(tests, candidate(space.indexOf('code:B|level|1|Y|1'), -3))
    const lead = { hypothesis: -1, sign: 0, t: 0 }
    expect(leadingPolicy(tests, lead)).toMatchObject({ hypothesis: planted, sign: 1 })
    expect(policyName(space, policyNumber(space, lead))).toBe('code:A → X +')
    watchApproved(tests, { space, rollingWindow: new RollingWindow(space) }, approvalOf(1))
    expect(policyName(space, policyNumber(space, leadingPolicy(tests, lead)))).toBe('code:B → Y −')
  })
})

/** Approved at step 23, the end of a block, with a slope of effect × 1 % and hardly any doubt. */
const approvalOf = (effect: number): Approval => ({
  hypothesis: planted,
  sign: 1,
  step: 23,
  since: 0,
  p: 0.01,
  zr: 1_296 * effect * 0.01,
  zz: 1_296,
  zr2: 1e-9,
})

function watched(
  effect: (step: number) => number,
  bars: number,
  name: string,
): { tests: HypothesisTests; lane: Patterns; out: (Retirement & { at: number })[] } {
  const tests = hypothesisTests(space, place)
  const out: (Retirement & { at: number })[] = []
  const found: TestOutcome[] = []
  const stream = rng(name)
  const closes: [number, number] = [100, 50]
  let last = 0
  const rows = Array.from({ length: bars }, (_, i) => {
    closes[0] *= 1 + 0.01 * (stream.normal() + effect(i) * last)
    closes[1] *= 1 + 0.01 * stream.normal()
    const z = Array.from({ length: 4 }, () => stream.normal())
    last = z[0] as number
    return { closes: [...closes], z }
  })
  windowOf(space, rows, (window, step) => {
    if (step === 24) watchApproved(tests, { space, rollingWindow: window }, approvalOf(0.3))
    observeTests(tests, window, found)
    for (const each of found.splice(0)) out.push({ ...(each as Retirement), at: step })
  })
  return { tests, lane: tests.patterns, out }
}

describe('an approved pattern', () => {
  it('stays while it holds, renews its proof, and keeps the value E[r | z] − cost', () => {
    const { lane, out } = watched(() => 0.3, 3_100, 'alive')
    expect(out).toEqual([])
    expect(recentZ(lane, 0)).toBeGreaterThan(3)
    expect(decayFactor(lane, 0, 3_100)).toBeGreaterThan(0.8)
    expect(decayFactor(lane, 0, (lane.proven[0] ?? 0) + protocol.decayHalfLifeBars)).toBeCloseTo(0.5, 12)
    expect(patternSlope(lane, 0)).toBeCloseTo(0.3 * 0.01, 3)
    expect(tradeValue(patternSlope(lane, 0), 0.002)).toBeCloseTo(4 * 0.003 - 0.002, 2)
  })

  it('is tested over the sums of 21 blocks, once every 504 bars since its approval', () => {
    const steps: number[] = []
    let before = Number.NaN
    const tests = hypothesisTests(space, place)
    windowOf(space, walk(rng('stretches'), 1_600, 0.3), (window, step) => {
      if (step === 24) watchApproved(tests, { space, rollingWindow: window }, approvalOf(0.3))
      observeTests(tests, window, [])
      const now = tests.patterns.lastZ[0] as number
      if (!Object.is(now, before) && step > 24) steps.push(step)
      before = now
    })
    expect(steps.filter(s => s > 25)).toEqual([23 + 504, 23 + 2 * 504, 23 + 3 * 504])
  })

  it('is over within 3,024 bars of its death in nine cases of ten, mostly at 1,008, and within 504 when it turns', () => {
    const lives = Array.from(
      { length: 30 },
      (_, i) => watched(() => 0, 6_500, `dead ${i}`).out[0]?.at ?? Number.POSITIVE_INFINITY,
    )
    expect(lives.filter(at => at <= 23 + 1_512).length).toBeGreaterThanOrEqual(15)
    expect(lives.filter(at => at <= 23 + 3_024).length).toBeGreaterThanOrEqual(27)
    const { out, tests } = watched(() => -0.3, 540, 'turned')
    expect(out).toMatchObject([{ kind: 'retired', hypothesis: planted, at: 527, since: 0, proven: 23 }])
    expect(out[0]?.z).toBeLessThan(-2)
    expect(tests.patterns.count).toBe(0)
  })

  it('that decays is retired within 3,024 bars of the time at which a stretch no longer shows it', () => {
    // Halved every 700 bars, 0.3 a bar falls within 2,600 bars to a z of ½ a stretch.
    const lives = Array.from({ length: 16 }, (_, i) => watched(t => 0.3 * 2 ** (-t / 700), 5_650, `decays ${i}`).out.length)
    expect(lives.filter(n => n === 1).length).toBeGreaterThanOrEqual(14)
  })

  it('is seldom given up while it holds: with z = 2.2 a stretch, once in twenty tests at most', () => {
    let tests = 0
    let lost = 0
    for (let i = 0; i < 30; i++) {
      const { out } = watched(() => 0.1, 6_100, `holds ${i}`)
      tests += out.length === 0 ? 12 : Math.round(((out[0]?.at ?? 0) - 23) / 504)
      lost += out.length
    }
    expect(lost / tests).toBeLessThan(0.05)
  })

  it('has value only at a z that pays for the trip', () => {
    const tests = hypothesisTests(space, place)
    watchApproved(tests, { space, rollingWindow: new RollingWindow(space) }, approvalOf(0.3))
    const rows = walk(rng('value'), 60)
    const convinced = (z: number) => {
      const rollingWindow = windowOf(space, [...rows, { closes: [100, 50], z: [z, 0, 0, 0] }])
      const model = { hypotheses: space, rollingWindow, roundTripCost: 0.009, publisherFor: () => 0 } as unknown as SwarmModel
      return [...patternForecasts(tests, model, 0)].map(({ hypothesis, expected }) => [hypothesis, Math.sign(expected)])
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

describe('the hypothesis tests of a learner', () => {
  it('go on after they were saved as if they had not been', () => {
    const rows = walk(rng('resume'), 700, 0.2)
    const start = () => {
      const tests = hypothesisTests(space, { ordinal: 1, learners: 1 })
      for (let hypothesis = 0; hypothesis < space.size; hypothesis++) screenHypothesis(tests, space, hypothesis, 60)
      runConfirmationTask(tests, space, { hypothesis: planted, sign: 1, stage: stageAfter(60) })
      watchApproved(tests, { space, rollingWindow: new RollingWindow(space) }, approvalOf(0.2))
      return tests
    }
    const whole = start()
    let resumed = start()
    const outs: TestOutcome[][] = [[], []]
    windowOf(space, rows, (rollingWindow, step) => {
      observeTests(whole, rollingWindow, outs[0] as TestOutcome[])
      observeTests(resumed, rollingWindow, outs[1] as TestOutcome[])
      if (step === 301) resumed = decodeValue(encodeValue(resumed)) as HypothesisTests
    })
    expect(encodeValue(resumed)).toEqual(encodeValue(whole))
    expect(outs[1]).toEqual(outs[0])
  })
})

describe('the assignment', () => {
  it('gives every hypothesis once a pass in a seeded order, however many learners are live', () => {
    const assignment = assignmentOf(space, rng('deal'))
    const into = new Int32Array(64)
    for (const live of [1, 7, 60]) {
      for (const pass of [0, 3]) {
        const hypotheses: number[] = []
        for (let step = pass * 500; step < (pass + 1) * 500; step++) {
          for (let rank = 0; rank < live; rank++)
            hypotheses.push(...into.subarray(0, assignedTo(assignment, step, rank, live, into)))
        }
        expect(hypotheses.sort((a, b) => a - b)).toEqual(Array.from({ length: space.size }, (_, i) => i))
      }
    }
    expect(assignmentOf(space, rng('deal')).order).toEqual(assignment.order)
    expect(assignmentOf(space, rng('other')).order).not.toEqual(assignment.order)
  })

  it('begins with those that an earlier run had approved, and leaves the order of the others', () => {
    const known = [space.size - 1, 3]
    const { order } = assignmentOf(space, rng('deal'), known)
    const others = [...assignmentOf(space, rng('deal')).order].filter(h => !known.includes(h))
    expect([...order]).toEqual([...known, ...others])
  })
})

describe('rendezvous', () => {
  it('moves only the hypotheses of a lost member, and spreads them evenly', () => {
    const hypotheses = Array.from({ length: 3_000 }, (_, i) => i)
    const owners = hypotheses.map(hypothesis => ownerOf(hypothesis, [0, 1, 2]))
    for (const id of [0, 1, 2]) expect(Math.abs(owners.filter(o => o === id).length - 1_000)).toBeLessThan(120)
    hypotheses.forEach(hypothesis => {
      if (owners[hypothesis] !== 1) expect(ownerOf(hypothesis, [0, 2])).toBe(owners[hypothesis])
    })
    expect(ownerOf(1, [])).toBeUndefined()
  })

  it('finds a confirmer of the fold asked for', () => {
    const live = Array.from({ length: 60 }, (_, i) => i)
    for (let hypothesis = 0; hypothesis < 100; hypothesis++) {
      for (const fold of [0, 1, 2]) expect((confirmerOf(hypothesis, { fold, folds: 3 }, live) ?? 0) % 3).toBe(fold)
    }
  })
})
