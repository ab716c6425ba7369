import { describe, expect, it } from 'vitest'
import { moatDrivers, type PlantedCause, type SyntheticOptions, syntheticMarket } from '../../src/market/index.js'
import { correlation } from '../../src/market/realism-statistics.js'
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

  it('a cause or a contagion of strength 0 is not planted: its driver is a placebo', () => {
    const none = { driver: 'code:Rust', pair: 'SOLUSD', strength: 0 }
    const some = { ...none, driver: 'code:Go', strength: 1 }
    const causes = [none, some].map(cause => ({ kind: 'sparse' as const, ...cause }))
    const shocks = [{ kind: 'contagion' as const, at: 5, ...none, driver: 'government:EU' }]
    const { planted, placebo } = syntheticMarket({ seed: 3, pairs: ['SOLUSD'], causes, shocks }).describe()
    expect(planted).toMatchObject([{ driver: 'code:Go' }])
    expect(placebo).toEqual(moatDrivers.filter(driver => driver !== 'code:Go'))
  })

  it('a cause reversed in calm regimes shows both signs', () => {
    const cause: Pick<PlantedCause, 'driver' | 'pair' | 'lag' | 'horizon' | 'sign' | 'whenCalm' | 'from'> = {
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

  it.each(['SOLUSD', 'XXBTZUSD'])(
    'a cause that acts with the trend acts where its effect has the direction of the trend of %s, and nowhere else',
    pair => {
      const { r, z, run } = plant({ kind: 'sparse', driver: 'code:Rust', pair, strength: 2, sign: -1, rate: 0.05, with: 'trend' })
      const trend = trendOf(run.bars.get(pair)?.map(b => b.close) ?? [])
      const moved = (agrees: boolean) =>
        z.flatMap((v, t) =>
          Math.abs(v) > 2 && t > 0 && t + 1 < bars && -Math.sign(v) * (trend[t] ?? 0) > 0 === agrees
            ? [-Math.sign(v) * (r[t + 1] ?? 0)]
            : [],
        )
      for (const [agrees, strength] of [
        [true, 2],
        [false, 0],
      ] as const) {
        const values = moved(agrees)
        expect(values.length).toBeGreaterThan(500)
        expect(Math.abs(mean(values) / sigma - strength)).toBeLessThan(5 / Math.sqrt(values.length))
      }
    },
  )

  /** Mean of z(t) · r(t + lag + 1), in bar sigmas, over the bars moved from `from` to `until`: √strength, whatever volatility then was. */
  const slope = (z: number[], r: number[], lag: number, from: number, until: number) =>
    mean(r.slice(from, until).map((x, i) => (x * (z[from + i - lag - 1] ?? 0)) / sigma))

  it('a cause that decays has half its strength after a half-life', () => {
    const { r, z } = plant({ kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', strength: 0.4, halfLife: 5_000 })
    const left = (from: number, until: number) => slope(z, r, 0, from, until) / Math.sqrt(0.4)
    // means of 2^(−t/5,000) over the stretches
    expect(Math.abs(left(0, 5_000) - 0.72)).toBeLessThan(0.06)
    expect(Math.abs(left(5_000, 10_000) - 0.36)).toBeLessThan(0.06)
    expect(Math.abs(left(20_000, 30_000))).toBeLessThan(0.06)
  })

  it('a lag that drifts moves on by a bar at a time, up to the most it may', () => {
    const drift = { everyBars: 10_000, most: 1 }
    const { r, z } = plant({ kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', strength: 0.1, drift })
    for (const [from, lag] of [
      [0, 0],
      [10_000, 1],
      [20_000, 1],
    ] as const) {
      for (const other of [0, 1, 2]) {
        const expected = other === lag ? Math.sqrt(0.1) : 0
        expect(Math.abs(slope(z, r, other, from, from + 10_000) - expected), `${from} ${other}`).toBeLessThan(0.06)
      }
    }
  })

  it.each([
    ['white noise', { kind: 'dense', strength: 0.1 }, (v: number) => (v * v - 1) / Math.SQRT2],
    ['events', { kind: 'sparse', strength: 2, rate: 0.05 }, (v: number) => (Math.abs(v) > 2 ? 1 : 0)],
  ] as const)('an even response moves the price alike for high and low values, and leaves its mean: %s', (_, law, even) => {
    const { r, z } = plant({ driver: 'code:Rust', pair: 'SOLUSD', response: 'even', ...law })
    expect(Math.abs(ic(z, r, 0, 1))).toBeLessThan(2 * tolerance)
    expect(ic(z.map(even), r, 0, 1)).toBeGreaterThan(0.2)
    expect(Math.abs(mean(r))).toBeLessThan((4 * sigma) / Math.sqrt(bars))
  })

  it('a stream that follows another one shares its events and their signs, and has as many as it says', () => {
    const streams = {
      'code:Rust': { kind: 'events', rate: 0.03 },
      'corporations:Tech': { kind: 'events', rate: 0.04, follows: 'code:Rust', share: 0.6 },
    } as const
    const run = runMarket({ seed: 4, pairs: ['SOLUSD'], streams }, bars)
    const [led, lead] = ['corporations:Tech', 'code:Rust'].map(
      name => run.streams.get(name)?.map(v => (Math.abs(v) > 2 ? Math.sign(v) : 0)) ?? [],
    )
    const count = (keep: (t: number) => boolean) => [...Array(bars).keys()].filter(keep).length
    const events = count(t => lead?.[t] !== 0)
    const shared = count(t => lead?.[t] !== 0 && lead?.[t] === led?.[t])
    expect(Math.abs(count(t => led?.[t] !== 0) - 0.04 * bars)).toBeLessThan(4 * Math.sqrt(0.04 * bars))
    // own events of the follower coincide now and then
    expect(Math.abs(shared - 0.605 * events)).toBeLessThan(4 * Math.sqrt(0.24 * events))
    expect(count(t => lead?.[t] !== 0 && lead?.[t] === -(led?.[t] ?? 0))).toBeLessThan(0.02 * events)
  })

  it('persistence gives the pairs it names a drift that lasts, of the variance it says, and leaves the others', () => {
    const persistence = { share: 0.05, halfLife: 48, pairs: ['SOLUSD'] }
    const drift = (seed: number) => {
      const pairs = ['XXBTZUSD', 'SOLUSD']
      const plain = { seed, pairs, volatilitySpread: 0, tailIndex: 100, clustering: { sd: 0 }, jumps: { rate: 0 } }
      const run = runMarket({ ...plain, persistence }, bars)
      expect(returnsOf(run, 'XXBTZUSD')).toEqual(returnsOf(runMarket(plain, bars), 'XXBTZUSD'))
      return returnsOf(run, 'SOLUSD')
    }
    const rs = [1, 2, 3].map(drift)
    for (const [lag, half] of [
      [0, 1],
      [48, 0.5],
      [96, 0.25],
      [480, 0],
    ] as const) {
      const acf = mean(rs.map(r => correlationAt(r, lag + 1)))
      expect(Math.abs(acf - 0.05 * half), `${lag}`).toBeLessThan(0.012)
    }
  })

  it('persistence of share 0 leaves the very prices of the null', () => {
    const options = { seed: 3, pairs: ['SOLUSD'] }
    const none = runMarket({ ...options, persistence: { share: 0, pairs: ['SOLUSD'] } }, 300)
    expect(none.bars).toEqual(runMarket(options, 300).bars)
  })
})

/** EMA(24) − EMA(96) of the closes, as a chartist computes it; the averages begin at the first close. */
function trendOf(closes: number[]): number[] {
  let fast = closes[0] ?? 0
  let slow = fast
  return closes.map(close => {
    fast += (2 / 25) * (close - fast)
    slow += (2 / 97) * (close - slow)
    return fast - slow
  })
}

function correlationAt(r: number[], lag: number): number {
  return correlation(Float64Array.from(r.slice(lag)), Float64Array.from(r.slice(0, -lag)))
}
