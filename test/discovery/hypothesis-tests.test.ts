import { describe, expect, it } from 'vitest'
import { patternForecasts } from '../../src/agents/mycelial/ideas.js'
import type { SwarmModel } from '../../src/agents/mycelial/ports.js'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import {
  type Approval,
  assignedTo,
  assignmentOf,
  blockOf,
  cancelScreen,
  confirmerOf,
  decayFactor,
  findTrial,
  foldObservations,
  foldStretch,
  followHypothesis,
  type HypothesisTests,
  hypothesisTests,
  isDue,
  leadingPolicy,
  observeTests,
  ownerOf,
  type Patterns,
  type Policies,
  policyName,
  policyNumber,
  policyT,
  protocol,
  recentT,
  runConfirmationTask,
  screenHypothesis,
  slopeOf,
  stageAfter,
  type TestOutcome,
  type Trials,
  tStatistic,
  watchApproved,
} from '../../src/discovery/index.js'
import { scoreOf, smallSpace, walk, windowOf } from './helpers.js'

const space = smallSpace()
const rng = (name: string) => new Stream(rootOf(2), name)
const planted = space.indexOf('code:A|level|0|X|1')

describe('blocks', () => {
  it('divide 54 blocks of 24 bars so that each fold has 18, from any start, disjoint, whole returns only', () => {
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
  it('is one plain-sum t over the 250 bars after its assignment, taken once', () => {
    const rows = walk(rng('screen'), 500, 0.3)
    const tests = hypothesisTests(space, 0, 1)
    const out: TestOutcome[] = []
    const xs: number[] = []
    windowOf(space, rows, (rollingWindow, step) => {
      observeTests(tests, rollingWindow, out)
      if (step > 100 && step <= 350) xs.push(scoreOf(rollingWindow, space.hypothesisColumn(planted), 0, 0, 0))
      if (step === 100) screenHypothesis(tests, space, planted, step)
    })
    const sum = xs.reduce((a, b) => a + b, 0)
    const squares = xs.reduce((a, b) => a + b * b, 0)
    expect(out).toHaveLength(1)
    expect(out[0]).toMatchObject({ kind: 'candidate', hypothesis: planted, sign: 1, n: 250, step: 350 })
    expect((out[0] as { t: number }).t).toBeCloseTo(tStatistic(250, sum, squares), 9)
    expect(tests.counters).toMatchObject({ tested: 1, untested: 0, candidates: 1 })
  })

  it('takes every 4th bar only for 4 bars ahead, and is no test where data are missing', () => {
    const rows = walk(rng('sparse data'), 400).map((row, i) => (i % 3 === 0 ? { ...row, closes: [Number.NaN, 50 + i] } : row))
    const tests = hypothesisTests(space, 0, 1)
    const long = space.indexOf('code:A|level|0|Y|4')
    const out: TestOutcome[] = []
    windowOf(space, rows, (rollingWindow, step) => {
      observeTests(tests, rollingWindow, out)
      if (step === 100) {
        screenHypothesis(tests, space, long, step)
        screenHypothesis(tests, space, planted, step)
      }
      if (step === 346) expect((tests.screens[1] as Trials).sums[0]).toBe(60)
    })
    expect(tests.counters).toMatchObject({ tested: 1, untested: 1 })
  })

  it('refuses a hypothesis it screens already, and gives it up when its confirmation begins', () => {
    const tests = hypothesisTests(space, 0, 1)
    expect(screenHypothesis(tests, space, planted, 1)).toBe(true)
    expect(screenHypothesis(tests, space, planted, 2)).toBe(false)
    cancelScreen(tests, space, planted)
    expect(findTrial(tests.screens[0] as Trials, planted)).toBe(-1)
    expect(tests.counters).toMatchObject({ refused: 1, cancelled: 1 })
  })

  it('bounds its lanes', () => {
    const tests = hypothesisTests(space, 0, 100)
    const lane = tests.screens[0] as Trials
    expect(lane.capacity).toBeLessThanOrEqual(20)
  })
})

describe('a confirmation task', () => {
  it('sees only the blocks of the learner’s own fold, and reports when the last one is over', () => {
    const rows = walk(rng('duty'), 1_500, 0.3)
    const learners = [0, 1, 2].map(i => hypothesisTests(space, i, 3))
    const out: TestOutcome[] = []
    const seen = [0, 1, 2].map(() => [] as number[])
    const stage = stageAfter(100)
    windowOf(space, rows, (rollingWindow, step) => {
      if (step === 100) for (const tests of learners) runConfirmationTask(tests, space, { hypothesis: planted, sign: 1, stage })
      const before = learners.map(tests => (tests.confirmationTasks[0] as Trials).sums[0] ?? 0)
      for (const tests of learners) observeTests(tests, rollingWindow, out)
      learners.forEach((tests, i) => {
        if (((tests.confirmationTasks[0] as Trials).sums[0] ?? 0) > (before[i] ?? 0)) seen[i]?.push(step)
      })
    })
    expect(out).toHaveLength(3)
    for (const report of out) expect(report).toMatchObject({ kind: 'fold', hypothesis: planted, n: 432 })
    seen.forEach((steps, fold) => {
      expect(steps.every(s => blockOf(s) % 3 === fold && s > stage.from && s <= stage.until)).toBe(true)
    })
    const mean = out.reduce((sum, report) => sum + (report.kind === 'fold' ? report.z : 0), 0) / 3
    expect(mean).toBeGreaterThan(3)
  })
})

describe('policies', () => {
  const candidate = (hypothesis: number, t: number) =>
    ({
      kind: 'candidate',
      hypothesis,
      sign: t > 0 ? 1 : -1,
      t,
      step: 0,
      n: 250,
      sum: t * Math.sqrt(250),
      squares: 250 + t * t,
    }) as const

  it('rank by the exponentially weighted t of the definition', () => {
    const rows = walk(rng('ew'), 800, 0.2)
    const tests = hypothesisTests(space, 0, 1)
    followHypothesis(tests, space, candidate(planted, 2.5))
    let [w, w2, s, q] = [250, 250, 2.5 * Math.sqrt(250), 250 + 2.5 ** 2]
    const decay = 2 ** (-1 / 250)
    windowOf(space, rows, rollingWindow => {
      observeTests(tests, rollingWindow, [])
      const x = scoreOf(rollingWindow, space.hypothesisColumn(planted), 0, 0, 0)
      if (Number.isNaN(x)) return
      w = decay * w + 1
      w2 = decay * decay * w2 + 1
      s = decay * s + x
      q = decay * q + x * x
    })
    const t = ((s / w) * Math.sqrt((w * w) / w2)) / Math.sqrt(q / w - (s / w) ** 2)
    expect(policyT(tests.policies[0] as Policies, 0)).toBeCloseTo(t, 9)
    expect(t).toBeGreaterThan(3)
  })

  it('keep the strongest in a full lane', () => {
    const tests = hypothesisTests(space, 0, 1)
    const hypotheses = Array.from({ length: 8 }, (_, i) => i * 2)
    const taken = hypotheses.map((hypothesis, i) => followHypothesis(tests, space, candidate(hypothesis, i < 4 ? 3 + i : 2.5)))
    expect(taken).toEqual([true, true, true, true, false, false, false, false])
    expect(followHypothesis(tests, space, candidate(20, 3.5))).toBe(true)
    expect(leadingPolicy(tests, { hypothesis: 0, sign: 0, t: 0 }).hypothesis).toBe(6)
  })

  it('lead with the strongest, but not with an approved one that holds', () => {
    const tests = hypothesisTests(space, 0, 1)
    followHypothesis(tests, space, candidate(planted, 6))
    followHypothesis(tests, space, candidate(space.indexOf('code:B|level|1|Y|1'), -3))
    const lead = { hypothesis: -1, sign: 0, t: 0 }
    expect(leadingPolicy(tests, lead)).toMatchObject({ hypothesis: planted, sign: 1 })
    expect(policyName(space, policyNumber(space, lead))).toBe('code:A → X +')
    watchApproved(tests, space, approvalOf(1))
    expect(policyName(space, policyNumber(space, leadingPolicy(tests, lead)))).toBe('code:B → Y −')
  })
})

const approvalOf = (effect: number): Approval => ({
  hypothesis: planted,
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
): { tests: HypothesisTests; lane: Patterns; out: TestOutcome[]; rows: number } {
  const tests = hypothesisTests(space, 0, 1)
  watchApproved(tests, space, approvalOf(0.3))
  const out: TestOutcome[] = []
  windowOf(space, walk(rng(name), bars, effect), rollingWindow => {
    observeTests(tests, rollingWindow, out)
  })
  return { tests, lane: tests.patterns[0] as Patterns, out, rows: bars }
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
    const { out, tests } = watched(-0.3, 520, 'turned')
    expect(out).toMatchObject([{ kind: 'retired', hypothesis: planted }])
    expect((tests.patterns[0] as Patterns).count).toBe(0)
  })

  it('has value only at a z that pays for the trip', () => {
    const tests = hypothesisTests(space, 0, 1)
    watchApproved(tests, space, approvalOf(0.3))
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
      const tests = hypothesisTests(space, 1, 1)
      for (let hypothesis = 0; hypothesis < space.size; hypothesis++) screenHypothesis(tests, space, hypothesis, 60)
      runConfirmationTask(tests, space, { hypothesis: planted, sign: 1, stage: stageAfter(60) })
      watchApproved(tests, space, approvalOf(0.2))
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
      for (const fold of [0, 1, 2]) expect((confirmerOf(hypothesis, fold, live) ?? 0) % 3).toBe(fold)
    }
  })
})
