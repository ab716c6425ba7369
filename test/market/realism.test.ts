import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realCandles } from '../../bench/realism/real-candles.js'
import { decodeValue, encodeValue, HOUR_MS, rootOf, Stream } from '../../src/core/index.js'
import {
  defaultMarket,
  RealismRecorder,
  type RealismRow,
  type RealismSeries,
  realismTable,
  type SyntheticOptions,
  syntheticMarket,
} from '../../src/market/index.js'
import { realRange } from '../../src/market/realism-ranges.js'
import {
  autocorrelation,
  correlation,
  correlations,
  excessKurtosis,
  hillIndex,
  meanOf,
  median,
} from '../../src/market/realism-statistics.js'

const hourly = join(process.env.MYCELIA_SHARED ?? '../shared', 'data', 'binance-usdt-1h')
const gridOf = (n: number, barMs = HOUR_MS) => ({ barMs, times: Float64Array.from({ length: n }, (_, i) => i * barMs) })

function recorded(seed: number, bars: number, options: SyntheticOptions = {}): RealismRecorder {
  const market = syntheticMarket({ ...options, seed })
  const recorder = new RealismRecorder(market.pairs, market.barMs)
  for (let i = 0; i < bars; i++) {
    const tick = market.next()
    if (tick !== undefined) recorder.observe(tick)
  }
  return recorder
}

const valueIn = (table: RealismRow[], name: string) => table.find(r => r.name === name)?.value ?? Number.NaN

/** 5th and 95th percentile of real windows of 10,000 hourly bars, as measured independently of the table's own. */
const real10000: Record<string, readonly [number, number]> = {
  'largest |acf(r, k)|, k = 1…50': [0, 0.08],
  'excess kurtosis': [9, 72],
  'Hill index, top 5 %': [2.3, 3.0],
  'acf(|r|, 1)': [0.21, 0.37],
  'acf(|r|, 50)': [0.1, 0.18],
  'acf(|r|, 168)': [0.058, 0.127],
  'acf(volume, 1)': [0.63, 0.8],
  'corr(|r|, volume)': [0.45, 0.64],
  'open off the last close, median, bp': [1, 3],
}

describe.each([
  ['the default synthetic market', {}],
  ['the market of trifecta, with all its causes', defaultMarket()],
])('%s is realistic', (_, options) => {
  const tables = [1, 2, 3, 4, 5].map(seed => recorded(seed, 10_000, options).table())
  const rows = tables[0]?.map(row => row.name) ?? []

  it('as the median over 5 seeds of 10,000 bars, every row lies where real windows of that length lie', () => {
    const found = rows.map(name => [name, median(tables.map(t => valueIn(t, name))) ?? Number.NaN] as const)
    expect(rows).toEqual(expect.arrayContaining(Object.keys(real10000)))
    expect(found).toHaveLength(16)
    for (const [name, value] of found) {
      const [least, most] = real10000[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      expect(value, name).toBeGreaterThanOrEqual(least)
      expect(value, name).toBeLessThanOrEqual(most)
    }
  })

  it('and the table says so itself: every row is judged, and at least nine in ten verdicts are good', () => {
    const verdicts = tables.flat().map(row => row.ok)
    expect(verdicts).not.toContain(null)
    expect(verdicts.filter(ok => ok).length / verdicts.length).toBeGreaterThan(0.9)
  })
})

describe('the realism table', () => {
  it('finds real hourly crypto where the table says real crypto lies', ctx => {
    if (!existsSync(hourly)) return ctx.skip('no ../shared/data: set MYCELIA_SHARED')
    const from = Date.UTC(2021, 0, 1)
    const { series, grid } = realCandles(hourly, from, from + 10_000 * HOUR_MS)
    for (const { name, ok, value, target } of realismTable(series, grid)) expect(ok, `${name} ${value} ${target}`).toBe(true)
  })

  it('judges a run by windows of its own length, between two lengths in proportion', () => {
    const kurtosis = (bars: number) => realRange('kurtosis', bars)?.most ?? Number.NaN
    expect(kurtosis(1_000)).toBeLessThan(kurtosis(1_750))
    expect(kurtosis(1_750)).toBeCloseTo((kurtosis(1_000) + kurtosis(2_500)) / 2, 9)
    expect(realRange('acf168', 10_000)).toEqual({ least: 0.0554, most: 0.131 })
    const [short, long] = [recorded(1, 1_000).table(), recorded(1, 5_000).table()]
    expect(short.every((row, i) => row.target !== long[i]?.target)).toBe(true)
  })

  it('measures and does not judge what it has no real windows for, and says why', () => {
    for (const [bars, options, reason] of [
      [700, {}, 'no real windows of 700 bars'],
      [10_100, {}, 'no real windows of 10100 bars'],
      [1_000, { barMs: HOUR_MS / 4 }, 'the real windows are of hourly bars'],
    ] as const) {
      for (const row of recorded(1, bars, { pairs: ['A', 'B'], ...options }).table()) {
        expect([row.name, row.ok, row.target, row.reason]).toEqual([row.name, null, '–', reason])
        expect(row.value, row.name).toEqual(expect.any(Number))
      }
    }
  })

  it('knows noise from a market: independent normal returns fail tails, memory, volume and correlation', () => {
    const rng = new Stream(rootOf(1), 'test')
    const noise = (pair: string): RealismSeries => {
      let price = 100
      const closes = Float64Array.from({ length: 5_000 }, () => {
        price *= Math.exp(0.01 * rng.normal())
        return price
      })
      return { pair, closes, volumes: closes.map(() => 1 + rng.float()), gaps: new Float64Array(5_000) }
    }
    const failed = realismTable([noise('A'), noise('B')], gridOf(5_000)).filter(r => r.ok === false)
    expect(failed.map(r => r.name)).toEqual(
      expect.arrayContaining([
        'excess kurtosis',
        'acf(|r|, 1)',
        'acf(|r|, 50)',
        'corr(|r|, volume)',
        'mean pair correlation',
        'falling less rising',
      ]),
    )
  })

  it('has no values, and no verdicts, for a short run', () => {
    expect(
      recorded(1, 100)
        .table()
        .slice(0, -4)
        .every(r => r.value === null && r.ok === null),
    ).toBe(true)
    expect(realismTable([], gridOf(0)).every(r => r.value === null && r.ok === null)).toBe(true)
  })

  it('uses statistics that give the textbook answers', () => {
    expect(excessKurtosis(Float64Array.of(1, 2, 3, 4, 5))).toBeCloseTo(-1.3, 12)
    expect(correlation(Float64Array.of(1, 2, 3, Number.NaN), Float64Array.of(2, 4, 6, 1))).toBeCloseTo(1, 12)
    expect(autocorrelation(Float64Array.of(1, -1, 1, -1), 1)).toBeCloseTo(-0.75, 12)
    const pareto = Float64Array.from({ length: 20_000 }, (_, i) => ((i + 0.5) / 20_000) ** (-1 / 3))
    expect(hillIndex(pareto)).toBeCloseTo(3, 1)
  })
})

describe('the realism recorder', () => {
  it('keeps the last bars only, in bounded memory', () => {
    const market = syntheticMarket({ seed: 1, pairs: ['A', 'B'] })
    const [all, last] = [new RealismRecorder(['A', 'B'], HOUR_MS), new RealismRecorder(['A', 'B'], HOUR_MS, 1_500)]
    for (let i = 0; i < 4_000; i++) {
      const tick = market.next()
      if (tick === undefined) break
      all.observe(tick)
      last.observe(tick)
    }
    for (const of of ['closes', 'volumes', 'gaps'] as const) {
      expect(last.series().map(s => s[of])).toEqual(all.series().map(s => s[of].slice(-1_500)))
    }
    expect(last.grid().times).toEqual(all.grid().times.slice(-1_500))
    expect([last.kept, last.rows, all.kept]).toEqual([1_500, 4_000, 4_000])
  })

  it('goes on after being saved as if it had never stopped', () => {
    const market = syntheticMarket({ seed: 1, pairs: ['A', 'B'] })
    let recorder = new RealismRecorder(['A', 'B'], HOUR_MS, 1_200)
    const straight = new RealismRecorder(['A', 'B'], HOUR_MS, 1_200)
    for (let i = 0; i < 2_000; i++) {
      const tick = market.next()
      if (tick === undefined) break
      recorder.observe(tick)
      straight.observe(tick)
      if (i % 700 === 300) recorder = decodeValue(encodeValue(recorder)) as RealismRecorder
    }
    expect(recorder.series()).toEqual(straight.series())
    expect(recorder.grid()).toEqual(straight.grid())
  })

  it('leaves out bars that were filled, and returns beside them', () => {
    const shocks = [{ kind: 'outage', at: 5, bars: 2, pairs: ['A'] }] as const
    const market = syntheticMarket({ seed: 1, pairs: ['A', 'B'], shocks })
    const recorder = new RealismRecorder(market.pairs, market.barMs)
    for (let i = 0; i < 10; i++) recorder.observe(market.next() ?? { time: 0, step: false, inputs: [] })
    const missing = recorder.series().map(s => Array.from(s.closes.keys()).filter(i => Number.isNaN(s.closes[i])))
    expect(missing).toEqual([[5, 6], []])
    const gapless = recorder.series().map(s => Array.from(s.gaps.keys()).filter(i => Number.isNaN(s.gaps[i])))
    expect(gapless).toEqual([[0, 5, 6, 7], [0]])
  })
})

describe('a market that does not move', () => {
  const flat = (pair: string, n: number): RealismSeries => ({
    pair,
    closes: new Float64Array(n).fill(2),
    volumes: new Float64Array(n).fill(5),
    gaps: new Float64Array(n),
  })

  it('has no figure, and a reason for each', () => {
    const rows = realismTable([flat('A', 600), flat('B', 600)], gridOf(600))
    for (const { value, ok, reason } of rows) expect([value, ok, typeof reason]).toEqual([null, null, 'string'])
    expect(new Set(rows.map(row => row.reason))).toEqual(
      new Set(['prices or volumes never changed', 'no two pairs whose prices changed']),
    )
    expect(realismTable([flat('A', 600)], gridOf(600)).at(-1)?.reason).toBe('one pair alone')
    expect(realismTable([flat('A', 100)], gridOf(100))[0]?.reason).toBe('fewer than 500 returns')
  })

  it('does not take figures from the pairs that do move', () => {
    const recorder = recorded(3, 700)
    const [series, grid] = [recorder.series(), recorder.grid()]
    const names = realismTable(series, grid).map(row => row.name)
    const beside = realismTable([...series, flat('FLATUSD', 700)], grid)
    for (const name of names.slice(0, -4)) expect(valueIn(beside, name)).toBe(valueIn(realismTable(series, grid), name))
  })
})

it('above 500 pairs of pairs, as many of them stand for all, and their mean is that of all', () => {
  const rng = new Stream(rootOf(3), 'correlations')
  const common = Float64Array.from({ length: 400 }, () => rng.float() - 0.5)
  const loads = Array.from({ length: 60 }, (_, i) => 0.3 + i / 60)
  const series = loads.map(load => common.map(v => load * v + rng.float() - 0.5))
  const all = series.flatMap((x, i) => series.slice(i + 1).map(y => correlation(x, y)))
  const some = correlations(series)
  expect([all.length, some.length]).toEqual([1_770, 500])
  expect(Math.abs(meanOf(some) - meanOf(all))).toBeLessThan(0.01)
  expect(correlations(series.slice(0, 32))).toHaveLength(496)
})
