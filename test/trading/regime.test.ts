/** The regime detector: exact likelihood, as right as one may be, still where nothing changes, and blind to what comes. */
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, math } from '../../src/core/index.js'
import {
  type Hmm,
  logLikelihood,
  type MarketRegime,
  newRegimeDetector,
  regimeNext,
  type Seen,
  seenOfBar,
  usualRegime,
} from '../../src/trading/index.js'
import { times } from '../tier.js'
import { accuracyOf, hourlyLaw, knownRegimes, type MadeBar, madeBars, regimeByThreshold } from './regime-world.js'

const warm = 1_500

function detected(bars: readonly MadeBar[]): MarketRegime[] {
  const detector = newRegimeDetector()
  return bars.map(({ seen }) => regimeNext(detector, seen))
}

/** The sum over every path of states, one by one. */
function enumerated({ start, moves, states }: Hmm, seen: readonly Seen[]): number {
  const normal = (value: number, { mean, variance }: { mean: number; variance: number }) =>
    Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
  let sum = 0
  for (let path = 0; path < states.length ** seen.length; path++) {
    let [p, rest, before] = [1, path, -1]
    for (const each of seen) {
      const now = rest % states.length
      rest = Math.floor(rest / states.length)
      const { x, y } = states[now] ?? { x: { mean: 0, variance: 1 }, y: { mean: 0, variance: 1 } }
      p *= (before < 0 ? start[now] : moves[before]?.[now]) ?? 0
      p *= normal(each.x, x) * normal(each.y, y)
      before = now
    }
    sum += p
  }
  return math.log(sum)
}

describe('the regime detector', () => {
  it('has the likelihood that the sum over all 3⁸ paths has, to 1e-9', () => {
    for (const seed of [1, 2, 3]) {
      const seen = madeBars(hourlyLaw, seed, 8).map(bar => bar.seen)
      expect(Math.abs(logLikelihood(hourlyLaw, seen) - enumerated(hourlyLaw, seen))).toBeLessThan(1e-9)
    }
  })

  it('is right at least 95 % as often as the filter that knows the law, and more often than a day’s return beyond 1 %', () => {
    const seeds = times(3, 20)
    let [own, known, rule] = [0, 0, 0]
    for (let seed = 1; seed <= seeds; seed++) {
      const bars = madeBars(hourlyLaw, seed, 4_000)
      own += accuracyOf(detected(bars), bars, warm)
      known += accuracyOf(knownRegimes(hourlyLaw, bars), bars, warm)
      rule += accuracyOf(byRule(bars), bars, warm)
    }
    console.info(`regime: ${pct(own / seeds)} right; knowing the law ${pct(known / seeds)}; ±1 % of a day ${pct(rule / seeds)}`)
    expect(own / known).toBeGreaterThanOrEqual(0.95)
    expect(own).toBeGreaterThan(rule)
  })

  it('changes sides at most twice in 1,000 bars of a market of one regime', () => {
    const one: Hmm = { start: [1], moves: [[1]], states: hourlyLaw.states.slice(2) }
    const seeds = times(3, 20)
    let switches = 0
    for (let seed = 1; seed <= seeds; seed++) {
      const detector = newRegimeDetector()
      for (const { seen } of madeBars(one, seed, 4_000)) regimeNext(detector, seen)
      switches += detector.switches
    }
    expect(switches / (4 * seeds)).toBeLessThanOrEqual(2)
  })

  it('says the same of a bar whatever comes after it, and from a saved state', () => {
    const bars = madeBars(hourlyLaw, 5, 1_200)
    const other = [...bars.slice(0, 700), ...madeBars(hourlyLaw, 6, 500)]
    expect(detected(other).slice(0, 700)).toEqual(detected(bars).slice(0, 700))
    let detector = newRegimeDetector()
    const named = bars.map(({ seen }, i) => {
      if (i % 100 === 0) detector = decodeValue(encodeValue(detector)) as typeof detector
      return regimeNext(detector, seen)
    })
    expect(named).toEqual(detected(bars))
  })

  it('says unknown before its first fit, and reads nothing out of a bar that shows nothing', () => {
    expect(new Set(detected(madeBars(hourlyLaw, 1, 499)))).toEqual(new Set(['unknown']))
    expect(seenOfBar({ high: 1, low: 0, close: 1 }, 1)).toBeNull()
    expect(seenOfBar({ high: 1, low: 1, close: 1 }, Number.NaN)).toBeNull()
    const still = newRegimeDetector()
    for (let i = 0; i < 900; i++) regimeNext(still, { x: 0, y: -14 })
    expect([still.regime, still.switches]).toEqual(['sideways', 1])
  })

  it('goes on after a stretch in which nothing moved was learnt as a state of its own', () => {
    const bars = madeBars(hourlyLaw, 5, 2_400).map(({ seen }, i) => (i >= 900 && i < 1_500 ? { x: 0, y: -13.8 } : seen))
    const detector = newRegimeDetector()
    for (const [i, seen] of bars.entries()) {
      regimeNext(detector, seen)
      if (i > 600) expect((detector.posterior ?? []).every(Number.isFinite), `bar ${i}`).toBe(true)
    }
  })

  it('is unknown where no state is likely enough, whatever it was before', () => {
    const detector = newRegimeDetector({ ...usualRegime, unknownBelow: 1.1 })
    const regimes = new Set(madeBars(hourlyLaw, 6, 800).map(({ seen }) => regimeNext(detector, seen)))
    expect(regimes).toEqual(new Set(['unknown']))
  })
})

function byRule(bars: readonly MadeBar[]): MarketRegime[] {
  return bars.map((_, i) => regimeByThreshold(bars.slice(Math.max(0, i - 23), i + 1).reduce((sum, { seen }) => sum + seen.x, 0)))
}

function pct(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
