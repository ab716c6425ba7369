import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import { FinanceSignals, HypothesisSpace, RollingWindow, standardise, standardiser } from '../../src/discovery/index.js'
import { defaultPairs } from '../../src/market/index.js'
import { defaultSignals, feed, scoreOf, smallSpace, walk, windowOf } from './helpers.js'

const full = () => new HypothesisSpace({ signals: defaultSignals(), pairs: defaultPairs })
const rng = (name: string) => new Stream(rootOf(1), name)

describe('the hypothesis space', () => {
  it('holds 44 signals × 18 pairs × (3 lags × 2 horizons and 12 bars at lag 0), within its limit of 6,000', () => {
    expect(full().size).toBe(5_544)
    expect(full().size).toBe(44 * 18 * (3 * 2 + 1))
    expect(full().columns).toBe(42 + 2 * 18)
  })

  it('names every hypothesis, and finds it again by its name', () => {
    const space = full()
    fc.assert(
      fc.property(fc.integer({ min: 0, max: space.size - 1 }), hypothesis => {
        expect(space.indexOf(space.nameOf(hypothesis))).toBe(hypothesis)
      }),
    )
    expect(space.nameOf(space.indexOf('code:Rust|change|2|ADAUSD|4'))).toBe('code:Rust|change|2|ADAUSD|4')
    expect(space.nameOf(space.indexOf('code:Rust|level|0|ADAUSD|12'))).toBe('code:Rust|level|0|ADAUSD|12')
    expect(() => space.indexOf('code:Rust|level|1|ADAUSD|12')).toThrow(/lag over 12 bars "1"/)
    expect(() => space.indexOf('code:Rust|level|0|ADAUSD|6')).toThrow(/horizon "6"/)
    expect(space.moatOf(space.indexOf('finance:own-return|level|0|SOLUSD|1'))).toBe('finance')
  })

  it('gives every pair its own column of an own signal, and all pairs one of a shared signal', () => {
    const space = full()
    const columns = new Set<number>()
    for (let hypothesis = 0; hypothesis < space.size; hypothesis++) columns.add(space.hypothesisColumn(hypothesis))
    expect(columns.size).toBe(space.columns)
    expect(Math.max(...columns)).toBe(space.columns - 1)
  })

  it('refuses to grow past its limit, a horizon that does not divide 24, and an unknown name, saying what to do', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => `P${i}`)
    expect(() => new HypothesisSpace({ signals: defaultSignals(), pairs })).toThrow(
      /at most 6000 hypotheses, got 9240.*fewer pairs/,
    )
    expect(() => new HypothesisSpace({ signals: defaultSignals(), pairs: ['A'], timings: [{ lag: 0, horizon: 5 }] })).toThrow(
      /divide 24, got 5/,
    )
    expect(() => full().indexOf('code:Rst|level|0|ADAUSD|1')).toThrow(/Did you mean "code:Rust\|level"/)
  })

  it('is the same after it was saved', () => {
    expect(decodeValue(encodeValue(full()))).toEqual(full())
  })
})

describe('standardising', () => {
  it('uses only what was known before the value', () => {
    const stream = rng('past')
    const past = Array.from({ length: 200 }, () => stream.normal(5, 2))
    const endingWith = (last: number) => {
      const s = standardiser(500, 50)
      for (const v of past) standardise(s, v)
      return { z: standardise(s, last), next: standardise(s, 5) }
    }
    const mean = past.reduce((x, y) => x + y, 0) / 200
    const sd = Math.sqrt(past.reduce((x, y) => x + (y - mean) ** 2, 0) / 200)
    expect(endingWith(6).z).toBeCloseTo((6 - mean) / sd, 9)
    expect(endingWith(7).z - endingWith(6).z).toBeCloseTo(1 / sd, 9)
    expect(endingWith(7).next).not.toBe(endingWith(6).next)
  })

  it('is standard on white noise, clipped at ±4, and undefined until warm', () => {
    const s = standardiser(500, 50)
    const stream = rng('white')
    const zs: number[] = []
    for (let i = 0; i < 50; i++) expect(standardise(s, stream.normal(7, 3))).toBeNaN()
    for (let i = 0; i < 5_000; i++) zs.push(standardise(s, stream.normal(7, 3)))
    const mean = zs.reduce((x, y) => x + y, 0) / zs.length
    expect(mean).toBeCloseTo(0, 0.9)
    expect(zs.reduce((x, y) => x + y * y, 0) / zs.length).toBeCloseTo(1, 0.9)
    expect(standardise(s, 1e9)).toBe(4)
  })

  it('leaves a missing value out, and a stream that never moved at 0 until it does', () => {
    const s = standardiser(500, 3)
    for (let i = 0; i < 10; i++) standardise(s, 2)
    expect(standardise(s, Number.NaN)).toBeNaN()
    expect(s.count).toBe(10)
    expect(standardise(s, 2)).toBe(0)
    expect(standardise(s, 2.5)).toBe(4)
  })
})

describe('the rolling window', () => {
  const space = smallSpace()

  it('sums the scores of every hypothesis over half blocks of 12 bars, each with a return of its own bar alone', () => {
    const rows = walk(rng('scores'), 120)
    const expected = new Float64Array(space.size)
    windowOf(space, rows, (window, step) => {
      if (step % 12 === 0) expected.fill(0)
      if (step < 48) return
      for (let hypothesis = 0; hypothesis < space.size; hypothesis++) {
        const { lag, horizon } = space.timingOf(hypothesis)
        const pair = space.pairIndex(hypothesis)
        const close = (at: number) => rows[at - 1]?.closes[pair] as number
        const r = close(step) / close(step - 1) - 1
        expect(window.gross[pair]).toBeCloseTo(r, 12)
        let z = 0
        for (let k = 1; k <= horizon; k++) z += rows[step - lag - k - 1]?.z[space.hypothesisColumn(hypothesis)] as number
        expected[hypothesis] = (expected[hypothesis] ?? 0) + z * (window.scaled[pair] as number)
        expect(window.scores.sums[hypothesis]).toBeCloseTo(expected[hypothesis] as number, 9)
        expect(window.scores.counts[hypothesis]).toBe((step % 12) + 1)
      }
    })
  })

  it('sums over a long stretch to z(t−ℓ) · r(t, t+h), whatever the horizon: the same products in another order', () => {
    const rows = walk(rng('rearranged'), 2_000, 0.4)
    const twelve = space.indexOf('code:A|level|0|X|12')
    let sum = 0
    let spans = 0
    windowOf(space, rows, (window, step) => {
      if (step < 100) return
      sum += (scoreOf(window, space, twelve) * (window.gross[0] as number)) / (window.scaled[0] as number)
      const closes = (at: number) => rows[at - 1]?.closes[0] as number
      // log-free: a sum of one-bar returns is the span's return to first order
      let r = 0
      for (let s = step - 11; s <= step; s++) r += closes(s) / closes(s - 1) - 1
      spans += (rows[step - 13]?.z[0] as number) * r
    })
    expect(Math.abs(sum / spans - 1)).toBeLessThan(0.02)
  })

  it('knows the volatility at t from returns up to t: what comes later does not change it', () => {
    const rows = walk(rng('later'), 80)
    const calm = windowOf(space, rows)
    const known = calm.volatility[0] as number
    feed(calm, 81, { closes: [1_000, 1_000], z: [0, 0, 0, 0] })
    expect((calm.gross[0] as number) / (calm.scaled[0] as number)).toBeCloseTo(known, 12)
    expect(calm.volatility[0]).not.toBe(known)
  })

  it('I2: scores nothing whose window touches a missing bar, a bad price, or a missing driver value', () => {
    const rows = walk(rng('gaps'), 100)
    const broken = rows.map((row, i) => (i === 89 ? { closes: [Number.NaN, 0], z: row.z } : row))
    const [one, twelve] = [space.indexOf('code:A|level|0|X|1'), space.indexOf('code:A|level|0|X|12')]
    const other = space.indexOf('code:A|level|0|Y|1')
    const missing: Record<number, number[]> = { [one]: [], [twelve]: [], [other]: [] }
    windowOf(space, broken, (window, step) => {
      if (step < 80) return
      for (const hypothesis of [one, twelve, other])
        if (Number.isNaN(scoreOf(window, space, hypothesis))) missing[hypothesis]?.push(step)
    })
    // No bar and a price of 0 at step 90: no return ends there, and none begins.
    expect(missing).toEqual({ [one]: [90, 91], [twelve]: [90, 91], [other]: [90, 91] })
  })

  it('scores nothing where one of the driver values it sums is missing', () => {
    const rows = walk(rng('silent'), 100).map((row, i) => (i === 59 ? { ...row, z: [Number.NaN, 1, 1, 1] } : row))
    const counts: number[] = []
    windowOf(space, rows, (window, step) => {
      if ((step + 1) % 12 === 0) counts.push(window.scores.counts[space.indexOf('code:A|level|0|X|12')] as number)
    })
    // Missing at step 60: the scores of steps 61 … 72 miss it.
    expect(counts.slice(3, 8)).toEqual([12, 12, 1, 11, 12])
  })

  it('counts a jump in steps as missing bars', () => {
    const rollingWindow = windowOf(space, walk(rng('jump'), 60))
    feed(rollingWindow, 70, { closes: [100, 50], z: [1, 1, 1, 1] })
    feed(rollingWindow, 71, { closes: [101, 50], z: [1, 1, 1, 1] })
    expect(scoreOf(rollingWindow, space, space.indexOf('code:A|level|0|X|1'))).not.toBeNaN()
    expect(scoreOf(rollingWindow, space, space.indexOf('code:A|level|1|X|1'))).toBeNaN()
    expect(() => rollingWindow.advance(71)).toThrow(/cannot go to 71/)
  })

  it('goes on after it was saved as if it had not been', () => {
    const rows = walk(rng('saved'), 100)
    const whole = windowOf(space, rows)
    const half = decodeValue(encodeValue(windowOf(space, rows.slice(0, 50)))) as RollingWindow
    rows.slice(50).forEach((row, i) => {
      feed(half, 51 + i, row)
    })
    expect(half).toBeInstanceOf(RollingWindow)
    expect(half).toEqual(whole)
  })
})

describe('finance signals', () => {
  it('give own values to each pair, the leaders to all, and no return across a gap', () => {
    const space = full()
    const rollingWindow = new RollingWindow(space)
    const finance = new FinanceSignals(space)
    const stream = rng('finance')
    const column = (name: string, pair: string) => space.hypothesisColumn(space.indexOf(`finance:${name}|level|0|${pair}|1`))
    for (let step = 1; step <= 80; step++) {
      for (let p = 0; p < 18; p++) {
        if (p === 2 && step === 79) finance.miss(p)
        else finance.see(rollingWindow, p, 100 + stream.normal(), 10 * Math.exp(stream.normal()))
      }
      rollingWindow.advance(step)
    }
    expect(rollingWindow.zAt(column('own-return', 'SOLUSD'), 0)).toBeNaN()
    expect(rollingWindow.zAt(column('own-return', 'ADAUSD'), 0)).not.toBeNaN()
    expect(rollingWindow.zAt(column('own-volume', 'SOLUSD'), 0)).not.toBeNaN()
    expect(rollingWindow.zAt(column('btc-return', 'ADAUSD'), 0)).toBe(rollingWindow.zAt(column('own-return', 'XXBTZUSD'), 0))
    expect(column('eth-return', 'ADAUSD')).toBe(column('eth-return', 'SOLUSD'))
  })
})
