import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import { FinanceSignals, HypothesisSpace, RollingWindow, standardise, standardiser } from '../../src/discovery/index.js'
import { defaultPairs } from '../../src/market/index.js'
import { defaultSignals, feed, scoreOf, smallSpace, walk, windowOf } from './helpers.js'

const full = () => new HypothesisSpace({ signals: defaultSignals(), pairs: defaultPairs })
const rng = (name: string) => new Stream(rootOf(1), name)

describe('the hypothesis space', () => {
  it('holds 44 signals × 3 lags × 18 pairs × 2 horizons, within its limit of 6,000', () => {
    expect(full().size).toBe(4_752)
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
      /at most 6000 hypotheses, got 7920.*fewer pairs/,
    )
    expect(() => new HypothesisSpace({ signals: defaultSignals(), pairs: ['A'], horizons: [5] })).toThrow(/divide 24, got 5/)
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

  it('scores z(t−ℓ) · r(t, t+h) over the volatility known at t', () => {
    const rows = walk(rng('scores'), 120)
    windowOf(space, rows, (rollingWindow, step) => {
      if (step < 60) return
      for (let hypothesis = 0; hypothesis < space.size; hypothesis++) {
        const h = space.horizonOf(hypothesis)
        if ((step + 1) % h !== 0) continue
        const { lag, pair, column } = {
          lag: space.lagOf(hypothesis),
          pair: space.pairIndex(hypothesis),
          column: space.hypothesisColumn(hypothesis),
        }
        const close = (at: number) => rows[at - 1]?.closes[pair] as number
        const r = close(step) / close(step - h) - 1
        const sigma = rollingWindow.volatility[((step - h) & rollingWindow.mask) * rollingWindow.pairs + pair] as number
        const z = rows[step - h - lag - 1]?.z[column] as number
        expect(scoreOf(rollingWindow, column, lag, pair, space.horizonIndex(hypothesis))).toBeCloseTo(
          (z * r) / (sigma * Math.sqrt(h)),
          10,
        )
      }
    })
  })

  it('knows the volatility at t from returns up to t: what comes later does not change it', () => {
    const rows = walk(rng('later'), 80)
    const calm = windowOf(space, rows)
    const before = calm.volatility[(80 & calm.mask) * 2] as number
    feed(calm, 81, { closes: [1_000, 1_000], z: [0, 0, 0, 0] })
    expect(calm.volatility[(80 & calm.mask) * 2]).toBe(before)
  })

  it('I2: scores nothing whose window touches a missing bar, a bad price, or a missing driver value', () => {
    const rows = walk(rng('gaps'), 100)
    const broken = rows.map((row, i) => (i === 89 ? { closes: [Number.NaN, 0], z: row.z } : row))
    const scored: number[] = []
    windowOf(space, broken, (rollingWindow, step) => {
      if (step >= 80 && !Number.isNaN(scoreOf(rollingWindow, 0, 0, 0, 0))) scored.push(step)
      if (step === 90 || step === 91) expect(scoreOf(rollingWindow, 0, 0, 1, 0)).toBeNaN()
    })
    expect(scored).not.toContain(90)
    expect(scored).not.toContain(91)
    expect(scored).toContain(92)
    const four: number[] = []
    windowOf(space, broken, (rollingWindow, step) => {
      if (step > 80 && rollingWindow.due[1] === 1 && !Number.isNaN(scoreOf(rollingWindow, 0, 0, 0, 1))) four.push(step)
    })
    expect(four).toEqual([83, 87, 95, 99])
  })

  it('counts a jump in steps as missing bars', () => {
    const rollingWindow = windowOf(space, walk(rng('jump'), 60))
    feed(rollingWindow, 70, { closes: [100, 50], z: [1, 1, 1, 1] })
    feed(rollingWindow, 71, { closes: [101, 50], z: [1, 1, 1, 1] })
    expect(scoreOf(rollingWindow, 0, 0, 0, 0)).not.toBeNaN()
    expect(scoreOf(rollingWindow, 0, 1, 0, 0)).toBeNaN()
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
