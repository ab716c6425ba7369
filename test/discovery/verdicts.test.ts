import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import {
  beginConfirmations,
  blockBootstrapP,
  type Candidate,
  closeOverdue,
  confirmations,
  discoveryLimits,
  expectShares,
  isApproved,
  isConfirmed,
  judgeShares,
  observeStudies,
  offerCandidate,
  openStudy,
  pendingShares,
  type ShareReport,
  stageAfter,
  studies,
  takeReport,
  takeShare,
} from '../../src/discovery/index.js'
import { smallSpace, walk, windowOf } from './helpers.js'

const space = smallSpace()
const rng = (name: string) => new Stream(rootOf(3), name)
const candidate = (hypothesis: number, t: number): Candidate => ({
  kind: 'candidate',
  hypothesis,
  sign: t > 0 ? 1 : -1,
  t,
  step: 0,
  n: 250,
  sum: 0,
  squares: 1,
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

describe('the rule of three', () => {
  const whole = [432, 432, 432]
  it('needs all three folds, each above ½, and 3 pooled', () => {
    expect(isConfirmed([1.8, 1.8, 1.8], whole, 1)).toBe(true)
    expect(isConfirmed([1.7, 1.7, 1.7], whole, 1)).toBe(false)
    expect(isConfirmed([4, 4, 0.4], whole, 1)).toBe(false)
    expect(isConfirmed([9, 9, Number.NaN], whole, 1)).toBe(false)
    expect(isConfirmed([2, 2, 2], [432, 388, 432], 1)).toBe(false)
    expect(isConfirmed([2, 2, 2], [98, 98, 108], 4)).toBe(true)
  })

  it('asks of every fold more than the least, and begins no more than may be under way', () => {
    const enough = [432, 432, 432]
    expect(isConfirmed([0.5, 3, 3], enough, 1)).toBe(false)
    expect(isConfirmed([0.51, 3, 3], enough, 1)).toBe(true)
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
    const report = (hypothesis: number, fold: number) =>
      takeReport(state, space, { kind: 'fold', hypothesis, fold, n: 432, z: 2 })
    expect(report(2, 0)).toBeUndefined()
    expect(report(2, 1)).toBeUndefined()
    expect(report(2, 2)).toMatchObject({ hypothesis: 2, confirmed: true })
    expect(report(2, 2)).toBeUndefined()
    report(4, 0)
    expect(closeOverdue(state, space, first?.stage.until ?? 0)).toEqual([])
    expect(closeOverdue(state, space, (first?.stage.until ?? 0) + 1)).toMatchObject([{ hypothesis: 4, confirmed: false }])
    expect(state.counters).toMatchObject({ begun: 2, confirmed: 1, rejected: 1, lost: 1 })
  })
})

describe('the block bootstrap', () => {
  const share = (xs: (stream: Stream) => number, n: number, name: string, runs = 400) => {
    const stream = rng(name)
    let low = 0
    let opposite = 0
    for (let r = 0; r < runs; r++) {
      const p = blockBootstrapP(
        Float64Array.from({ length: n }, () => xs(stream)),
        n,
        stream,
      )
      if (p.p <= 0.05) low++
      if (p.opposite <= 0.05) opposite++
    }
    return [low / runs, opposite / runs] as const
  }
  const silent = (stream: Stream) => (stream.chance(0.02) ? 4 * stream.normal() : 0)

  it('has its size on noise, also where only nine observations speak', () => {
    for (const n of [432, 108]) {
      expect(Math.max(...share(s => s.normal() * s.normal(), n, `dense ${n}`))).toBeLessThan(0.085)
      expect(Math.max(...share(silent, n, `sparse ${n}`))).toBeLessThan(0.085)
    }
  })

  it('sees an effect of 2 % of variance in nine shares of ten, and its opposite on the other side', () => {
    const [low] = share(s => s.normal(0.143), 432, 'effect', 100)
    expect(low).toBeGreaterThan(0.8)
    const [, opposite] = share(s => s.normal(-0.143), 432, 'opposite', 100)
    expect(opposite).toBeGreaterThan(0.8)
  })

  it('is one-sided: p is for a positive mean and its opposite for a negative one, and the two are one share of the draws', () => {
    for (const mean of [0.143, -0.143, 0, 0.05]) {
      const stream = rng(`one-sided ${mean}`)
      const xs = Float64Array.from({ length: 432 }, () => stream.normal(mean))
      const told = blockBootstrapP(xs, 432, rng('draws'))
      const mirrored = blockBootstrapP(
        xs.map(x => -x),
        432,
        rng('draws'),
      )
      expect(mirrored).toEqual({ p: told.opposite, opposite: told.p })
      // Every draw but the few that tie lies on one side; each side counts one more.
      expect(told.p + told.opposite).toBeGreaterThan(1)
      expect(told.p + told.opposite).toBeLessThan(1.02)
      if (mean > 0.1) expect(told.p).toBeLessThan(0.05)
      if (mean < -0.1) expect(told.p).toBeGreaterThan(0.95)
    }
  })

  it('has a p that is uniform on noise: as often below one half as above, as often below a tenth as above nine', () => {
    const stream = rng('uniform')
    const ps = Array.from({ length: 400 }, () => {
      const xs = Float64Array.from({ length: 108 }, () => stream.normal())
      return blockBootstrapP(xs, 108, stream).p
    })
    const below = (p: number) => ps.filter(found => found <= p).length / ps.length
    // Four standard errors of each share.
    expect(Math.abs(below(0.5) - 0.5)).toBeLessThan(0.1)
    expect(Math.abs(below(0.1) - 0.1)).toBeLessThan(0.06)
    expect(Math.abs(below(0.9) - 0.9)).toBeLessThan(0.06)
  })

  it('has an opinion from 15 observations on', () => {
    const xs = Float64Array.from({ length: 15 }, (_, i) => Math.sin(i))
    expect(blockBootstrapP(xs, 14, rng('few')).p).toBeNaN()
    expect(blockBootstrapP(xs, 15, rng('few')).p).toBeGreaterThan(0)
  })

  it('knows that blocks matter: strongly dependent values are not taken for many', () => {
    const blocks = (stream: Stream) => {
      let level = 0
      let left = 0
      return () => {
        if (left-- === 0) {
          left = 4
          level = stream.normal()
        }
        return level
      }
    }
    let low = 0
    for (let r = 0; r < 300; r++) {
      const next = blocks(rng(`blocks ${r}`))
      if (blockBootstrapP(Float64Array.from({ length: 432 }, next), 432, rng(`draw ${r}`)).p <= 0.05) low++
    }
    expect(low / 300).toBeLessThan(0.16) // 0.23 for independent draws
  })

  it('has no opinion without observations or spread', () => {
    expect(blockBootstrapP(new Float64Array(432), 5, rng('few')).p).toBeNaN()
    expect(blockBootstrapP(new Float64Array(432), 432, rng('flat'))).toEqual({ p: 1, opposite: 1 })
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

  it('counts one report of each fold, and tells the largest p of those that accept', () => {
    const pending = pendingShares()
    expectShares(pending, 2, 10)
    const report = (fold: number, p: number): ShareReport => ({
      hypothesis: 2,
      sign: 1,
      fold,
      n: 432,
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
    expect(judgeShares(pending, stageAfter(10).until)).toMatchObject([{ ps: [0.01, 0.04, 0.5], p: 0.04, zr: 3, approved: true }])
  })

  it('is given on disjoint forward bars, 432 for each researcher, with the sums of the slope', () => {
    const planted = space.indexOf('code:A|level|0|X|1')
    const researchers = [0, 1, 2].map(studies)
    const pending = pendingShares()
    const reports: ShareReport[] = []
    const verdicts: ReturnType<typeof judgeShares> = []
    windowOf(space, walk(rng('approve'), 1_500, 0.3), (rollingWindow, step) => {
      for (const r of researchers) observeStudies(r, { space, rollingWindow, rng: rng(`p ${step}`) }, reports)
      for (const report of reports.splice(0)) {
        expect(report.n).toBe(432)
        takeShare(pending, report)
      }
      verdicts.push(...judgeShares(pending, step))
      if (step !== 100) return
      for (const r of researchers) expect(openStudy(r, space, { hypothesis: planted, sign: 1, step })).toBe(true)
      expectShares(pending, planted, step)
    })
    expect(verdicts).toMatchObject([{ hypothesis: planted, sign: 1, approved: true, step: stageAfter(100).until }])
    const { zr, zz } = verdicts[0] ?? { zr: 0, zz: 1 }
    expect(Math.abs(zr / zz - 0.003)).toBeLessThan(0.001)
  })

  it('refuses and counts a study beyond its limit', () => {
    const state = studies(0)
    for (let hypothesis = 0; hypothesis < discoveryLimits.studies; hypothesis++)
      state.open.push({ hypothesis: 1_000 + hypothesis } as never)
    expect(openStudy(state, space, { hypothesis: 1, sign: 1, step: 10 })).toBe(false)
    expect(state.counters.refused).toBe(1)
  })
})

it('a mean without spread surprises nobody: both p are 1', () => {
  expect(blockBootstrapP(new Float64Array(100).fill(0.5), 100, rng('flat'))).toEqual({ p: 1, opposite: 1 })
})
