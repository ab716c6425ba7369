import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, OperatorError, rootOf, Stream } from '../../src/core/index.js'
import {
  BarFlag,
  defaultPairs,
  type MarketSource,
  type SyntheticOptions,
  synthetic,
  syntheticMarket,
  syntheticSchema,
} from '../../src/market/index.js'
import { standardNormal } from '../../src/market/synthetic-normal.js'
import { mean, pairs, returnsOf, runMarket } from './synthetic-kit.js'

const busy: SyntheticOptions = {
  pairs,
  streams: {
    'logistics:Gulf': { kind: 'ar1', phi: 0.9 },
    'corporations:Tech': { kind: 'events', rate: 0.05, follows: 'code:Rust', share: 0.8 },
  },
  causes: [
    { kind: 'sparse', driver: 'code:Rust', pair: 'SOLUSD', lag: 3, horizon: 4 },
    { kind: 'dense', driver: 'finance:own-return', pair: 'ADAUSD', lag: 1, sign: -1 },
    { kind: 'dense', driver: 'logistics:Gulf', pair: 'LINKUSD', horizon: 2, whenCalm: -0.5 },
    { kind: 'sparse', driver: 'code:Rust', pair: 'XETHZUSD', horizon: 12, with: 'trend', halfLife: 50 },
    { kind: 'dense', driver: 'code:Python', pair: 'SOLUSD', response: 'even', drift: { everyBars: 30, most: 2 } },
  ],
  persistence: { share: 0.01, pairs: ['SOLUSD', 'DOGEUSD'] },
  shocks: [
    { kind: 'crash', at: 60 },
    { kind: 'outage', at: 95, bars: 10, pairs: ['DOGEUSD'], as: 'absent' },
    { kind: 'outage', at: 95, bars: 10, pairs: ['XETHZUSD'] },
    { kind: 'contagion', at: 40, driver: 'code:Go', pair: 'XXBTZUSD' },
  ],
}

const take = (market: MarketSource, n: number) => Array.from({ length: n }, () => market.next())

describe('the synthetic market', () => {
  it('D: gives the same ticks for the same seed, and others for another', () => {
    expect(take(syntheticMarket({ seed: 'a', ...busy }), 200)).toEqual(take(syntheticMarket({ seed: 'a', ...busy }), 200))
    expect(take(syntheticMarket({ seed: 'a', ...busy }), 2)).not.toEqual(take(syntheticMarket({ seed: 'b', ...busy }), 2))
  })

  it('continues exactly after save and restore, at any bar, through the canonical encoding', () => {
    for (const at of [0, 1, 63, 100]) {
      const market = syntheticMarket({ seed: 7, ...busy })
      take(market, at)
      const bytes = encodeValue(market.save())
      const rest = take(market, 80)
      const restored = syntheticMarket({ seed: 7, ...busy })
      take(restored, 17)
      restored.restore(decodeValue(bytes))
      expect(take(restored, 80)).toEqual(rest)
      expect(encodeValue(restored.save())).toEqual(encodeValue(market.save()))
    }
  })

  it('keeps its state the same size however long it runs', () => {
    const market = syntheticMarket({ seed: 1, ...busy })
    take(market, 50)
    const early = encodeValue(market.save()).length
    take(market, 5_000)
    expect(encodeValue(market.save()).length).toBeLessThan(early + 500)
  })

  it('sends one tick a bar: twenty signals known at the close, then a bar of each pair', () => {
    const tick = syntheticMarket({ seed: 1, startTime: 0 }).next()
    expect(tick?.time).toBe(3_600_000)
    expect(tick?.step).toBe(true)
    expect(tick?.inputs.map(i => i.kind)).toEqual([...Array(20).fill('signal'), ...Array(18).fill('bar')])
    const bars = tick?.inputs.flatMap(i => (i.kind === 'bar' ? [i.bar] : [])) ?? []
    expect(bars.map(b => b.pair)).toEqual([...defaultPairs])
    expect(bars.every(b => b.time === 0 && b.barMs === 3_600_000 && b.flags === 0)).toBe(true)
  })

  it('gives bars that contain their open and close, open beside where the last one closed but for jumps, and never reach 0', () => {
    const run = runMarket({ seed: 3, pairs, hourlyVolatility: 0.08 }, 3_000)
    const gaps: number[] = []
    for (const bars of run.bars.values()) {
      bars.forEach((b, i) => {
        expect(b.low > 0 && b.low <= Math.min(b.open, b.close) && b.high >= Math.max(b.open, b.close)).toBe(true)
        expect(b.volume).toBeGreaterThan(0)
        if (i > 0) gaps.push(Math.abs(b.open / (bars[i - 1]?.close ?? 0) - 1) / 0.08)
      })
    }
    expect(gaps.every(gap => gap > 0)).toBe(true)
    expect(gaps.sort((a, b) => a - b)[gaps.length >> 1]).toBeLessThan(0.04)
    const jumps = gaps.filter(gap => gap > 1).length
    expect(jumps).toBeGreaterThan(5)
    expect(jumps).toBeLessThan(50)
  })

  it('has the bar volatility asked for, and scales it by the root of the bar', () => {
    const sigma = (barMs: number) => {
      const perSeed = Array.from({ length: 10 }, (_, seed) => {
        const r = returnsOf(runMarket({ seed, pairs: ['SOLUSD'], barMs, hourlyVolatility: 0.01 }, 5_000), 'SOLUSD')
        return mean(r.map(x => x * x))
      })
      return Math.sqrt(mean(perSeed))
    }
    const hourly = sigma(3_600_000)
    expect(hourly).toBeGreaterThan(0.0085)
    expect(hourly).toBeLessThan(0.0115)
    expect(sigma(60_000) * Math.sqrt(60)).toBeCloseTo(hourly, 3)
  })

  it('draws the same noise for a pair whatever other pairs there are', () => {
    const alone = returnsOf(runMarket({ seed: 5, pairs: ['SOLUSD'], volatilitySpread: 0 }, 100), 'SOLUSD')
    const among = returnsOf(runMarket({ seed: 5, pairs, volatilitySpread: 0 }, 100), 'SOLUSD')
    expect(among).toEqual(alone)
  })

  it('keeps prices within reach over a very long run', () => {
    const market = syntheticMarket({ seed: 2, pairs: ['SOLUSD', 'ADAUSD'], hourlyVolatility: 0.1 })
    let least = 100
    for (let i = 0; i < 60_000; i++) {
      for (const input of market.next()?.inputs ?? []) {
        if (input.kind === 'bar' && input.bar.pair === 'SOLUSD') least = Math.min(least, input.bar.low)
      }
    }
    // constant volatility would leave about 100·e^(−0.01/2 · 60,000) = 100·e^(−300)
    expect(least).toBeGreaterThan(1e-4)
  })
})

describe('scheduled shocks', () => {
  it('fall by the depth of a crash, over its bars, in every pair', () => {
    const shock = { kind: 'crash', at: 50, bars: 5, depth: 0.4 } as const
    const calm = runMarket({ seed: 9, pairs, hourlyVolatility: 0.0001 }, 60)
    const crash = runMarket({ seed: 9, pairs, hourlyVolatility: 0.0001, shocks: [shock] }, 60)
    for (const pair of pairs) {
      const [before, after] = [49, 54].map(i => (crash.bars.get(pair)?.[i]?.close ?? 0) / (calm.bars.get(pair)?.[i]?.close ?? 1))
      expect(before).toBe(1)
      expect(after).toBeCloseTo(0.6, 2)
    }
  })

  it('show an outage as flagged bars without volume, tell when it begins and ends, and open at the unseen price', () => {
    const outage = { kind: 'outage', at: 3, bars: 2, pairs: ['SOLUSD'] } as const
    const ticks = take(syntheticMarket({ seed: 4, pairs, startTime: 0, shocks: [outage] }), 8)
    const bars = ticks.flatMap(t => t?.inputs ?? []).flatMap(i => (i.kind === 'bar' && i.bar.pair === 'SOLUSD' ? [i.bar] : []))
    const unseen = runMarket({ seed: 4, pairs }, 8).bars.get('SOLUSD')
    expect(bars.map(b => (b.flags & BarFlag.filled) !== 0)).toEqual([false, false, false, true, true, false, false, false])
    expect(bars[4]).toMatchObject({ volume: 0, open: bars[2]?.close, close: bars[2]?.close, high: bars[2]?.close })
    expect(bars[5]?.open).toBe(unseen?.[5]?.open)
    const stale = ticks.flatMap((t, k) => (t?.inputs ?? []).flatMap(i => (i.kind === 'stale' ? [[k, i.since]] : [])))
    expect(stale).toEqual([
      [3, 3 * 3_600_000],
      [5, null],
    ])
  })

  it('leave out the bars of an absent outage, name the gap after it, and step only where a bar closed', () => {
    const outage = { kind: 'outage', at: 3, bars: 2, as: 'absent' } as const
    const ticks = take(syntheticMarket({ seed: 4, pairs: ['SOLUSD'], startTime: 0, shocks: [outage] }), 8)
    expect(ticks.map(t => t?.step)).toEqual([true, true, true, false, false, true, true, true])
    expect(ticks[5]?.inputs).toContainEqual({ kind: 'gap', pair: 'SOLUSD', from: 3 * 3_600_000, to: 5 * 3_600_000 })
  })
})

describe('its options', () => {
  it('are plain data a scenario can write down, with every default described', () => {
    expect(JSON.parse(JSON.stringify(synthetic({ pairs })))).toEqual({ kind: 'synthetic', pairs })
    expect(syntheticSchema.parse(synthetic()).pairs).toHaveLength(18)
    for (const field of Object.values(syntheticSchema.shape)) expect(field.description).toMatch(/.{10}/)
  })

  it.each<[object, RegExp]>([
    [{ causes: [{ kind: 'dense', driver: 'code:Rast', pair: 'SOLUSD' }] }, /driver "code:Rast".*Did you mean "code:Rust"/],
    [{ causes: [{ kind: 'dense', driver: 'code:Rust', pair: 'SOLUSDT' }] }, /pair "SOLUSDT".*Did you mean "SOLUSD"/],
    [{ causes: [{ kind: 'dense', driver: 'code:Rust', pair: 'SOLUSD', lag: -1 }] }, /causes\.0\.lag/],
    [{ causes: [{ kind: 'sparse', driver: 'finance:own-return', pair: 'SOLUSD' }] }, /got "returns"/],
    [
      { causes: [{ kind: 'sparse', driver: 'code:Rust', pair: 'SOLUSD', rate: 0.3, strength: 2 }] },
      /at most 0\.9 of its variance/,
    ],
    [
      { causes: [{ kind: 'dense', driver: 'finance:own-return', pair: 'SOLUSD', response: 'even' }] },
      /even response.*moat stream/,
    ],
    [{ streams: { 'code:Go': { kind: 'events', rate: 0.1, follows: 'code:Rust' } } }, /follows "code:Rust"/],
    [{ streams: { 'code:Go': { kind: 'events', rate: 0.1, follows: 'code:Rast' } } }, /Did you mean "code:Rust"/],
    [{ persistence: { share: 0.1, pairs: ['SOLUSDT'] } }, /pair "SOLUSDT"/],
    [{ volatility: 1 }, /volatility/],
    [{ pairs: ['A', 'A'] }, /twice/],
  ])('refuse %j, saying what and where', (options, message) => {
    const make = () => syntheticMarket({ seed: 1, ...(options as SyntheticOptions) })
    expect(make).toThrow(OperatorError)
    expect(make).toThrow(message)
  })

  it('tell the manifest what was planted and which streams are placebo', () => {
    const said = syntheticMarket({ seed: 1, ...busy }).describe()
    expect(said.planted).toHaveLength(6)
    expect(said.persistence).toEqual(['SOLUSD', 'DOGEUSD'].map(pair => ({ pair, share: 0.01, halfLife: 48 })))
    expect(said.planted).toContainEqual(expect.objectContaining({ driver: 'code:Rust', with: 'trend', halfLife: 50 }))
    expect(said.planted).toContainEqual(expect.objectContaining({ driver: 'code:Go', from: 40, until: 2040 }))
    expect(said.placebo).toHaveLength(16)
    expect(JSON.parse(JSON.stringify(said))).toEqual(said)
  })
})

describe('fast normals', () => {
  it('have the moments and tails of the normal law', () => {
    const rng = new Stream(rootOf(11), 'test')
    const n = 1_000_000
    const moments = [0, 0, 0, 0]
    const beyond = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const x = standardNormal(rng)
      for (let k = 0; k < 4; k++) moments[k] = (moments[k] ?? 0) + x ** (k + 1) / n
      for (let k = 0; k < 3; k++) if (Math.abs(x) > k + 2) beyond[k] = (beyond[k] ?? 0) + 1
    }
    const expected = [0, 1, 0, 3]
    const error = [1, Math.sqrt(2), Math.sqrt(15), Math.sqrt(96)].map(sd => (4 * sd) / Math.sqrt(n))
    moments.forEach((m, k) => {
      expect(Math.abs(m - (expected[k] ?? 0))).toBeLessThan(error[k] ?? 0)
    })
    const share = [0.0455002639, 0.0026997961, 6.33425e-5]
    beyond.forEach((count, k) => {
      const mu = n * (share[k] ?? 0)
      expect(Math.abs(count - mu)).toBeLessThan(4 * Math.sqrt(mu))
    })
  })
})
