import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import { isApproved, isConfirmed, powerOf } from '../../src/discovery/index.js'
import { times } from '../tier.js'
import { type Cause, foldZs, type Law, type Study, screenZ, sharePs, study } from './study.js'

const whole = (folds: number) => new Array<number>(folds).fill(1_296 / folds)
const law = (i: number): Law => (i % 3 === 0 ? 'white' : { rate: i % 3 === 1 ? 0.02 : 0.04 })

/** Nothing to find: 18 drivers × 18 pairs × 7 timings in each of some markets. */
const nulls = Array.from({ length: 8 }, (_, seed) =>
  study(
    seed + 1,
    Array.from({ length: 18 }, (_, i) => law(i)),
  ),
)
const shareOf = (holds: (of: Study, hypothesis: number) => boolean, every = 1): { share: number; of: number } => {
  let n = 0
  let held = 0
  for (const each of nulls)
    for (let hypothesis = 0; hypothesis < each.space.size; hypothesis += every) {
      n++
      if (holds(each, hypothesis)) held++
    }
  return { share: held / n, of: n }
}

describe('where nothing is to be found and volatility clusters', () => {
  it('a screen is passed by 4.6 % of hypotheses or less, over any horizon', () => {
    for (const horizon of [1, 4, 12]) {
      const passed = nulls.flatMap(each =>
        Array.from({ length: each.space.size }, (_, h) => h)
          .filter(h => each.space.horizonOf(h) === horizon)
          .map(h => Math.abs(screenZ(each, h)) > 2),
      )
      const share = passed.filter(Boolean).length / passed.length
      expect(share).toBeGreaterThan(0.015)
      expect(share).toBeLessThan(0.05)
    }
  })

  it.each([3, 1])('a confirmation with %i folds is passed by two in a thousand or less, so that 2,000 confirm four', folds => {
    const { share, of } = shareOf((each, h) => isConfirmed(foldZs(each, h, folds), whole(folds)))
    expect(of).toBeGreaterThan(18_000)
    expect(share).toBeLessThan(0.002)
    expect(share).toBeGreaterThan(0)
  })

  it('a share of an approval has p ≤ .05 in about one case of twenty, over any horizon and for silent drivers too', () => {
    const rng = new Stream(rootOf(1), 'bootstrap')
    for (const [signal, most] of [
      [0, 0.075],
      [1, 0.065],
    ] as const) {
      let low = 0
      let opposite = 0
      let n = 0
      for (const each of nulls)
        for (let timing = 0; timing < 7; timing += 2)
          for (let pair = 0; pair < 18; pair += 2)
            for (const p of sharePs(each, each.space.hypothesisAt(signal, timing, pair), 3, rng)) {
              n++
              if (p.p <= 0.05) low++
              if (p.opposite <= 0.05) opposite++
            }
      expect(n).toBeGreaterThan(800)
      for (const rate of [low / n, opposite / n]) {
        expect(rate).toBeGreaterThan(0.02)
        expect(rate).toBeLessThan(most)
      }
    }
  })

  it.each([3, 1])('an approval by %i researchers is given to one hypothesis in fifty or less', folds => {
    const rng = new Stream(rootOf(2), 'approvals')
    const { share, of } = shareOf((each, h) => isApproved(sharePs(each, h, folds, rng), folds), 19)
    expect(of).toBeGreaterThan(900)
    expect(share).toBeLessThan(0.02)
  })
})

describe('what is planted', () => {
  /** The share of causes found in one pass, each stage by itself and all of them. */
  const found = (of: Law, cause: Cause, seeds: number) => {
    const rng = new Stream(rootOf(3), 'found')
    let [screened, confirmed, approved, all, n] = [0, 0, 0, 0, 0]
    for (let seed = 0; seed < seeds; seed++) {
      const each = study(100 + seed, new Array<Law>(18).fill(of), cause)
      const timing = each.space.timings.findIndex(t => t.lag === cause.lag && t.horizon === cause.horizon)
      for (let i = 0; i < 18; i++) {
        const hypothesis = each.space.hypothesisAt(i, timing, i)
        const passes = [
          screenZ(each, hypothesis) > 2,
          isConfirmed(foldZs(each, hypothesis, 3), whole(3)),
          isApproved(sharePs(each, hypothesis, 3, rng)),
        ] as const
        n++
        if (passes[0]) screened++
        if (passes[1]) confirmed++
        if (passes[2]) approved++
        if (passes.every(Boolean)) all++
      }
    }
    return { screened: screened / n, confirmed: confirmed / n, approved: approved / n, all: all / n }
  }

  it('over 1, 4 or 12 bars with √h σ of a bar an event is found in one pass as often as the horizons’ events allow', () => {
    const seeds = times(6, 10)
    const [one, four, twelve] = [
      found({ rate: 0.02 }, { lag: 0, horizon: 1, strength: 1 }, seeds),
      found({ rate: 0.02 }, { lag: 1, horizon: 4, strength: 2 }, seeds),
      found({ rate: 0.04 }, { lag: 0, horizon: 12, strength: Math.sqrt(12) }, seeds),
    ]
    expect(one.all).toBeGreaterThan(0.13)
    expect(four.all).toBeGreaterThan(0.15)
    expect(twelve.all).toBeGreaterThan(0.48)
  })

  it('with a white driver is found as often as the detectable effect says', () => {
    // One pass: no more bars than a screen and two stages take, and slots for all candidates.
    const design = { bars: 240 + 2 * 1_296, hypotheses: 2_268, confirmations: 2_000, confirmationFolds: 3, approvalFolds: 3 }
    for (const [horizon, ic] of [
      [1, 0.16],
      [4, 0.12],
      [12, 0.16],
    ] as const) {
      const { all } = found('white', { lag: 0, horizon, strength: ic * Math.sqrt(horizon), scaled: true }, times(4, 12))
      expect(Math.abs(all - powerOf(ic, design))).toBeLessThan(0.12)
    }
  }, 180_000)
})
