import { describe, expect, it } from 'vitest'
import type { PlantedCause, SyntheticOptions } from '../../src/market/index.js'
import { correlation } from '../../src/market/realism.js'
import { mean, returnsOf, runMarket } from './synthetic-kit.js'

const bars = 30_000
const sigma = 0.0115
/** Standard error of a correlation, doubled for clustered volatility, times 3. */
const tolerance = (3 * 2) / Math.sqrt(bars)

type Cause = NonNullable<SyntheticOptions['causes']>[number]

function plant(cause: Cause, more: SyntheticOptions = {}) {
  const run = runMarket({ seed: 12, pairs: ['XXBTZUSD', 'SOLUSD'], volatilitySpread: 0, causes: [cause], ...more }, bars)
  const r = returnsOf(run, cause.pair)
  const z = cause.driver.startsWith('finance:')
    ? returnsOf(run, cause.driver === 'finance:btc-return' ? 'XXBTZUSD' : cause.pair).map(x =>
        Math.max(-4, Math.min(4, x / sigma)),
      )
    : (run.streams.get(cause.driver) ?? [])
  return { r, z, run }
}

/** Correlation of z(t) with the return over t+lag+1 … t+lag+horizon, for t in [from, until). */
function ic(z: number[], r: number[], lag: number, horizon: number, from = 0, until = r.length): number {
  const x: number[] = []
  const y: number[] = []
  for (let t = from; t + lag + horizon < until; t++) {
    let sum = 0
    for (let k = 1; k <= horizon; k++) sum += r[t + lag + k] ?? 0
    x.push(z[t] ?? 0)
    y.push(sum)
  }
  return correlation(Float64Array.from(x), Float64Array.from(y))
}

describe('what is planted is there', () => {
  it.each([
    { lag: 0, horizon: 1, sign: 1, strength: 0.02 },
    { lag: 3, horizon: 1, sign: -1, strength: 0.02 },
    { lag: 2, horizon: 4, sign: 1, strength: 0.1 },
    { lag: 0, horizon: 24, sign: -1, strength: 0.1 },
  ] as const)('a dense cause explains its share of variance, at its lag, horizon and sign only: %j', shape => {
    const { r, z } = plant({ kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', ...shape })
    const { lag, horizon, sign, strength } = shape
    const wide = tolerance * Math.sqrt(horizon)
    expect(Math.abs(ic(z, r, lag, horizon) - sign * Math.sqrt(strength))).toBeLessThan(wide)
    expect(Math.abs(ic(z, r, lag + horizon, horizon))).toBeLessThan(wide)
    if (lag > 0) expect(Math.abs(ic(z, r, lag - 1, 1))).toBeLessThan(tolerance)
    expect(Math.abs(ic(z, r, -1, 1))).toBeLessThan(tolerance)
  })

  it.each([
    { lag: 0, horizon: 1, sign: 1, strength: 1, rate: 0.02 },
    { lag: 3, horizon: 4, sign: -1, strength: 1.5, rate: 0.02 },
  ] as const)('a sparse cause moves the price by its strength in bar sigmas after each event: %j', shape => {
    const { r, z } = plant({ kind: 'sparse', driver: 'government:UK', pair: 'SOLUSD', ...shape })
    const { lag, horizon, sign, strength, rate } = shape
    const events = z.flatMap((v, t) => (Math.abs(v) > 2 && t + lag + horizon < bars ? [t] : []))
    expect(Math.abs(events.length - rate * bars)).toBeLessThan(4 * Math.sqrt(rate * bars))
    const moved = events.map(t => Math.sign(z[t] ?? 0) * r.slice(t + lag + 1, t + lag + horizon + 1).reduce((a, b) => a + b, 0))
    const error = (sigma * Math.sqrt(horizon)) / Math.sqrt(events.length)
    expect(Math.abs(mean(moved) - sign * strength * sigma)).toBeLessThan(4 * error)
    const before = events.map(t => Math.sign(z[t] ?? 0) * (r[t] ?? 0))
    expect(Math.abs(mean(before))).toBeLessThan(4 * error)
  })

  it.each(['finance:own-return', 'finance:btc-return'])('returns can drive returns: %s', driver => {
    const { r, z } = plant({ kind: 'dense', driver, pair: 'SOLUSD', lag: 1, sign: -1, strength: 0.04 })
    expect(ic(z, r, 1, 1)).toBeLessThan(-0.2 + 0.06)
    expect(ic(z, r, 1, 1)).toBeGreaterThan(-0.2 - 0.06)
  })

  it('the other pair is left alone, and total volatility stays put', () => {
    const cause: Cause = { kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', strength: 0.3 }
    const { z, r, run } = plant(cause)
    const bare = plant({ ...cause, strength: 0 })
    expect(returnsOf(run, 'XXBTZUSD')).toEqual(returnsOf(bare.run, 'XXBTZUSD'))
    expect(Math.abs(ic(z, returnsOf(run, 'XXBTZUSD'), 0, 1))).toBeLessThan(tolerance)
    const square = (x: number[]) => mean(x.map(v => v * v))
    expect(square(r) / square(bare.r)).toBeGreaterThan(0.85)
    expect(square(r) / square(bare.r)).toBeLessThan(1.15)
  })

  it('a strength of 0 leaves the very prices of the null', () => {
    const cause = { kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', strength: 0 } as const
    const options = { seed: 3, pairs: ['SOLUSD'] }
    const withCause = runMarket({ ...options, causes: [cause] }, 300)
    expect(withCause.bars).toEqual(runMarket(options, 300).bars)
  })

  it('a cause reversed in calm regimes shows both signs', () => {
    const cause: Omit<PlantedCause, 'kind' | 'strength' | 'until'> = {
      driver: 'code:Rust',
      pair: 'SOLUSD',
      lag: 0,
      horizon: 1,
      sign: 1,
      whenCalm: -0.5,
      from: 0,
    }
    const clustering = { sd: 0, regimes: { calm: { factor: 0.2, meanBars: 500 }, stormy: { meanBars: 1 } } }
    const { r, z } = plant({ kind: 'dense', strength: 0.1, ...cause }, { clustering, tailIndex: 100, jumps: { rate: 0 } })
    const level = r.map((_, t) => mean(r.slice(Math.max(0, t - 24), t + 1).map(Math.abs)))
    const effect = (calm: boolean) =>
      mean(r.flatMap((x, t) => (t > 24 && (level[t - 1] ?? 0) < 0.006 === calm ? [x * (z[t - 1] ?? 0)] : []))) / sigma
    expect(effect(true)).toBeLessThan(-0.05)
    expect(effect(false)).toBeGreaterThan(0.2)
  })

  it('a shift reverses or ends the causes it names from its bar on', () => {
    const cause: Cause = { kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', strength: 0.1 }
    const third = bars / 3
    const shocks = [
      { kind: 'shift', at: third, driver: 'code:Rust' },
      { kind: 'shift', at: 2 * third, factor: 0 },
    ] as const
    const { r, z } = plant(cause, { shocks: [...shocks, { kind: 'shift', at: 5, driver: 'code:Go', factor: 0 }] })
    const wide = 2 * tolerance
    expect(Math.abs(ic(z, r, 0, 1, 0, third) - Math.sqrt(0.1))).toBeLessThan(wide)
    expect(Math.abs(ic(z, r, 0, 1, third, 2 * third) + Math.sqrt(0.1))).toBeLessThan(wide)
    expect(Math.abs(ic(z, r, 0, 1, 2 * third, bars))).toBeLessThan(wide)
  })

  it('a contagion driver is strong while it lasts, and gone before and after', () => {
    const shock = { kind: 'contagion', at: 10_000, bars: 10_000, driver: 'code:Go', pair: 'SOLUSD' } as const
    const run = runMarket({ seed: 6, pairs: ['SOLUSD'], shocks: [shock] }, bars)
    const [r, z] = [returnsOf(run, 'SOLUSD'), run.streams.get('code:Go') ?? []]
    expect(Math.abs(ic(z, r, 0, 1, 0, 10_000))).toBeLessThan(2 * tolerance)
    expect(ic(z, r, 0, 1, 10_000, 20_000)).toBeGreaterThan(0.45)
    expect(Math.abs(ic(z, r, 0, 1, 20_000, bars))).toBeLessThan(2 * tolerance)
  })
})
