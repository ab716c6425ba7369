import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import {
  approvalFolds,
  beginConfirmations,
  bootstrapP,
  type Candidate,
  closeOverdue,
  confirmations,
  discoveryLimits,
  expectShares,
  type FoldReport,
  isApproved,
  isConfirmed,
  judgeShares,
  observeStudies,
  offerCandidate,
  openStudy,
  pendingShares,
  RollingWindow,
  type ShareReport,
  stageAfter,
  studies,
  takeReport,
  takeShare,
} from '../../src/discovery/index.js'
import { smallSpace, walk, windowOf } from './helpers.js'

const space = smallSpace()
const rng = (name: string) => new Stream(rootOf(3), name)
const candidate = (hypothesis: number, z: number): Candidate => ({
  kind: 'candidate',
  hypothesis,
  sign: z > 0 ? 1 : -1,
  z,
  step: 0,
  n: 240,
  blocks: 20,
  sum: 0,
  squares: 1,
  zz: 240,
})

describe('the queue for confirmation', () => {
  it('begins at most its limit in any 5,000 bars, however busy the bars are', () => {
    const begun: number[] = []
    const shares = [0, 1, 2].map(() => confirmations())
    for (let step = 1; step <= 12_000; step++) {
      shares.forEach((state, i) => {
        if (step % 700 < 300) for (let k = 0; k < 5; k++) offerCandidate(state, candidate(step * 20 + 5 * i + k, 2.5))
        for (const c of beginConfirmations(state, step, 1 / 3, 2_000)) {
          begun.push(step)
          state.open.delete(c.hypothesis)
        }
      })
    }
    for (let from = 1; from <= 7_000; from += 250)
      expect(begun.filter(s => s >= from && s < from + 5_000).length).toBeLessThanOrEqual(2_000)
    expect(begun.filter(s => s <= 5_000).length).toBeGreaterThan(1_900)
  })

  it('takes the strongest first, drops and counts the weakest of a full queue, and replaces an older screen', () => {
    const state = confirmations()
    for (let hypothesis = 0; hypothesis < discoveryLimits.waiting; hypothesis++)
      offerCandidate(state, candidate(hypothesis, hypothesis % 2 === 0 ? 2.2 : -3))
    offerCandidate(state, candidate(9_000, -9))
    offerCandidate(state, candidate(0, 5))
    expect(state.waiting).toHaveLength(discoveryLimits.waiting)
    expect(state.counters.dropped).toBe(1)
    expect(state.waiting.slice(0, 2).map(c => c.hypothesis)).toEqual([9_000, 0])
    state.slots = 1
    expect(beginConfirmations(state, 100, 1, 2_000)).toMatchObject([{ hypothesis: 9_000, sign: -1, stage: stageAfter(100) }])
    offerCandidate(state, candidate(9_000, 4))
    expect(state.waiting.some(c => c.hypothesis === 9_000)).toBe(false)
  })

  it('starts at the first whole block after the bar it was granted on', () => {
    expect(stageAfter(479).from).toBe(479)
    expect(stageAfter(480).from).toBe(503)
  })
})

/** A fold's report of 18 blocks. */
const report = (hypothesis: number, fold: number, z: number): FoldReport => ({
  ...{ kind: 'fold', hypothesis, fold, n: 432, z },
  ...{ blocks: 18, sum: 40, squares: 500, zz: 430 },
})

describe('the rule of three', () => {
  const whole = [432, 432, 432]
  it('needs all three folds, each above ½, and 3 pooled', () => {
    expect(isConfirmed([1.8, 1.8, 1.8], whole)).toBe(true)
    expect(isConfirmed([1.7, 1.7, 1.7], whole)).toBe(false)
    expect(isConfirmed([4, 4, 0.4], whole)).toBe(false)
    expect(isConfirmed([9, 9, Number.NaN], whole)).toBe(false)
    expect(isConfirmed([2, 2, 2], [432, 388, 432])).toBe(false)
    expect(isConfirmed([2, 2, 2], [389, 389, 432])).toBe(true)
  })

  it('is a rule of one where a single learner has all 54 blocks: z above 3', () => {
    expect(isConfirmed([3.01], [1_296])).toBe(true)
    expect(isConfirmed([2.99], [1_296])).toBe(false)
    expect(isConfirmed([9], [1_166])).toBe(false)
    const state = confirmations(1)
    state.slots = 1
    offerCandidate(state, candidate(2, 3))
    expect(beginConfirmations(state, 10, 1, 2_000)).toMatchObject([{ z: [Number.NaN], n: [0] }])
    expect(takeReport(state, report(2, 0, 3.2))).toMatchObject({ hypothesis: 2, confirmed: false })
    state.open.clear()
    state.slots = 1
    offerCandidate(state, candidate(2, 3))
    beginConfirmations(state, 2_000, 1, 2_000)
    expect(takeReport(state, { ...report(2, 0, 3.2), n: 1_296 })).toMatchObject({ hypothesis: 2, confirmed: true, pooled: 3.2 })
  })

  it('asks of every fold more than the least, and begins no more than may be under way', () => {
    const enough = [432, 432, 432]
    expect(isConfirmed([0.5, 3, 3], enough)).toBe(false)
    expect(isConfirmed([0.51, 3, 3], enough)).toBe(true)
    const state = confirmations()
    state.slots = 2
    offerCandidate(state, candidate(2, 3))
    const [begun] = beginConfirmations(state, 10, 1, 2_000)
    for (let i = 0; state.open.size < discoveryLimits.confirmations; i++) state.open.set(-1 - i, begun as never)
    offerCandidate(state, candidate(4, 3))
    expect(beginConfirmations(state, 11, 1, 2_000)).toEqual([])
  })

  it('gives the smallest share of the limit a slot now and then', () => {
    const state = confirmations()
    let begun = 0
    for (let step = 1; step <= 1_000; step++) {
      offerCandidate(state, candidate(step, 3))
      begun += beginConfirmations(state, step, 0.01, 1_500).length
    }
    expect(begun).toBeGreaterThan(0)
    expect(begun).toBeLessThanOrEqual(4)
  })

  it('judges when the third fold reports, and rejects what never reports', () => {
    const state = confirmations()
    state.slots = 2
    offerCandidate(state, candidate(2, 3))
    offerCandidate(state, candidate(4, 3))
    const [first] = beginConfirmations(state, 10, 1, 2_000)
    const take = (hypothesis: number, fold: number) => takeReport(state, report(hypothesis, fold, 2))
    expect(take(2, 0)).toBeUndefined()
    expect(take(2, 0)).toBeUndefined()
    expect(take(2, 1)).toBeUndefined()
    // The slope of 54 blocks: Σx/Σz², shrunken by 1 − 1/t².
    const [sum, squares, zz] = [3 * 40, 3 * 500, 3 * 430]
    const slope = (sum / zz) * (1 - squares / sum ** 2)
    expect(take(2, 2)).toMatchObject({ hypothesis: 2, confirmed: true, screened: 0, since: -240, slope })
    expect(take(2, 2)).toBeUndefined()
    take(4, 0)
    expect(closeOverdue(state, first?.stage.until ?? 0)).toEqual([])
    expect(closeOverdue(state, (first?.stage.until ?? 0) + 1)).toMatchObject([{ hypothesis: 4, confirmed: false }])
    expect(state.counters).toMatchObject({ begun: 2, confirmed: 1, rejected: 1, lost: 1 })
  })
})

describe('the bootstrap of block sums', () => {
  const shares = (sumOf: (stream: Stream) => number, n: number, name: string, runs = 400) => {
    const stream = rng(name)
    const ps = Array.from({ length: runs }, () =>
      bootstrapP(
        Float64Array.from({ length: n }, () => sumOf(stream)),
        n,
        stream,
      ),
    )
    const within = (of: 'p' | 'opposite', bound: number) => ps.filter(each => each[of] <= bound).length / runs
    return { low: within('p', 0.05), opposite: within('opposite', 0.05), within }
  }

  it('sees an effect of 2 % of variance in most shares of 18 blocks, and its opposite on the other side', () => {
    // A score of mean .143 and spread 1: a block's sum has mean 24 × .143 and spread √24.
    const sum = (mean: number) => (s: Stream) => s.normal(24 * mean, Math.sqrt(24))
    expect(shares(sum(0.143), 18, 'effect').low).toBeGreaterThan(0.85)
    expect(shares(sum(-0.143), 18, 'opposite').opposite).toBeGreaterThan(0.85)
  })

  it('is one-sided: p is for a positive mean and its opposite for a negative one, and the two are one share of the draws', () => {
    for (const mean of [0.7, -0.7, 0, 0.2]) {
      const stream = rng(`one-sided ${mean}`)
      const xs = Float64Array.from({ length: 18 }, () => stream.normal(mean))
      const told = bootstrapP(xs, 18, rng('draws'))
      const mirrored = bootstrapP(
        xs.map(x => -x),
        18,
        rng('draws'),
      )
      expect(mirrored).toEqual({ p: told.opposite, opposite: told.p })
      // Every draw but the few that tie lies on one side; each side counts one more.
      expect(told.p + told.opposite).toBeGreaterThan(1)
      expect(told.p + told.opposite).toBeLessThan(1.02)
    }
  })

  it('has a p that is uniform on noise: as often below one half as above, as often below a tenth as above nine', () => {
    const { within } = shares(s => s.normal(), 18, 'uniform', 1_000)
    // Four standard errors of each share.
    expect(Math.abs(within('p', 0.5) - 0.5)).toBeLessThan(0.064)
    expect(Math.abs(within('p', 0.1) - 0.1)).toBeLessThan(0.04)
    expect(Math.abs(within('p', 0.9) - 0.9)).toBeLessThan(0.04)
  })

  it('has an opinion from 12 block sums on, and none without spread', () => {
    const xs = Float64Array.from({ length: 18 }, (_, i) => Math.sin(i))
    expect(bootstrapP(xs, 11, rng('few')).p).toBeNaN()
    expect(bootstrapP(xs, 12, rng('few')).p).toBeGreaterThan(0)
    expect(bootstrapP(new Float64Array(18), 5, rng('few')).p).toBeNaN()
    expect(bootstrapP(new Float64Array(18).fill(0.5), 18, rng('flat'))).toEqual({ p: 1, opposite: 1 })
  })
})

describe('approval', () => {
  const share = (p: number, opposite = 0.5) => ({ p, opposite })
  it('needs two of three, and none against', () => {
    expect(isApproved([share(0.01), share(0.05), share(0.6)])).toBe(true)
    expect(isApproved([share(0.01), share(0.051), share(0.06)])).toBe(false)
    expect(isApproved([share(0.01), share(0.01), share(0.97, 0.03)])).toBe(false)
    expect(isApproved([share(0.01), share(0.01)])).toBe(true)
    expect(isApproved([share(0.01), share(0.01), share(0.9, 0.05)])).toBe(false)
    expect(isApproved([share(0.01), share(0.01), share(0.9, 0.051)])).toBe(true)
    expect(isApproved([share(0.01), share(Number.NaN, Number.NaN), share(Number.NaN, Number.NaN)])).toBe(false)
  })

  it('of one researcher, who read all blocks, needs p ≤ .007', () => {
    expect(approvalFolds(1)).toBe(1)
    expect([2, 3, 6].map(approvalFolds)).toEqual([3, 3, 3])
    expect(isApproved([share(0.007)], 1)).toBe(true)
    expect(isApproved([share(0.008)], 1)).toBe(false)
    expect(isApproved([share(Number.NaN)], 1)).toBe(false)
  })

  it('counts one report of each fold, and tells the p that decides: the second smallest', () => {
    const pending = pendingShares()
    expectShares(pending, 2, { step: 10, since: 3 })
    const report = (fold: number, p: number): ShareReport => ({
      hypothesis: 2,
      sign: 1,
      fold,
      n: 432,
      z: 1.5,
      p,
      opposite: 0.9,
      zr: 1,
      zz: 1,
      zr2: 1,
    })
    for (const [fold, p] of [
      [0, 0.01],
      [0, 0.02],
      [1, 0.04],
      [2, 0.5],
    ] as const)
      takeShare(pending, report(fold, p))
    expect(judgeShares(pending, stageAfter(10).until)).toMatchObject([
      { ps: [0.01, 0.04, 0.5], p: 0.04, pooled: 1.5 * Math.sqrt(3), zr: 3, since: 3, confirmed: 10, approved: true },
    ])
  })

  it.each([3, 1])('is given on disjoint forward bars by %i researchers, with the sums of the slope over any horizon', folds => {
    for (const [name, slope] of [
      ['code:A|level|0|X|1', 0.003],
      ['code:A|level|0|X|4', 0.003],
    ] as const) {
      const hypothesis = space.indexOf(name)
      const researchers = Array.from({ length: folds }, (_, i) => studies(i, folds))
      const pending = pendingShares(folds)
      const reports: ShareReport[] = []
      const verdicts: ReturnType<typeof judgeShares> = []
      windowOf(space, walk(rng('approve'), 1_500, 0.3), (rollingWindow, step) => {
        for (const r of researchers) observeStudies(r, { rollingWindow, rng: rng(`p ${step}`) }, reports)
        for (const report of reports.splice(0)) {
          expect(report.n).toBe(1_296 / folds)
          takeShare(pending, report)
        }
        verdicts.push(...judgeShares(pending, step))
        if (step !== 100) return
        for (const r of researchers) expect(openStudy(r, { space, rollingWindow }, { hypothesis, sign: 1, step })).toBe(true)
        expectShares(pending, hypothesis, { step, since: 1 })
      })
      expect(verdicts).toMatchObject([{ hypothesis, sign: 1, approved: true, step: stageAfter(100).until, since: 1 }])
      const { zr, zz } = verdicts[0] ?? { zr: 0, zz: 1 }
      expect(Math.abs(zr / zz - slope)).toBeLessThan(0.0012)
    }
  })

  it('refuses and counts a study beyond its limit', () => {
    const state = studies(0)
    for (let hypothesis = 0; hypothesis < discoveryLimits.studies; hypothesis++)
      state.open.push({ hypothesis: 1_000 + hypothesis } as never)
    expect(openStudy(state, { space, rollingWindow: new RollingWindow(space) }, { hypothesis: 1, sign: 1, step: 10 })).toBe(false)
    expect(state.counters.refused).toBe(1)
  })
})
