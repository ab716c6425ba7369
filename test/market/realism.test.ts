import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, rootOf, Stream } from '../../src/core/index.js'
import { RealismRecorder, type RealismRow, type RealismSeries, realismTable, syntheticMarket } from '../../src/market/index.js'
import { autocorrelation, correlation, excessKurtosis, hillIndex } from '../../src/market/realism.js'

const hourMs = 3_600_000
const hourly = join(process.env.MYCELIA_SHARED ?? '../shared', 'data', 'binance-usdt-1h')

/** Real hourly candles since 2020 on one grid; an hour without a candle or a trade is NaN. */
function realSeries(from: number, to: number): RealismSeries[] {
  const rows = (to - from) / hourMs
  return readdirSync(hourly).map(file => {
    const closes = new Float64Array(rows).fill(Number.NaN)
    const volumes = new Float64Array(rows).fill(Number.NaN)
    const candles: number[][] = JSON.parse(gunzipSync(readFileSync(join(hourly, file))).toString())
    for (const [time = 0, , , , close = 0, volume = 0] of candles) {
      const row = (time - from) / hourMs
      if (row < 0 || row >= rows || volume === 0) continue
      closes[row] = close
      volumes[row] = volume
    }
    return { pair: file, closes, volumes }
  })
}

function recorded(seed: number, bars: number): RealismRecorder {
  const market = syntheticMarket({ seed })
  const recorder = new RealismRecorder(market.pairs)
  for (let i = 0; i < bars; i++) {
    const tick = market.next()
    if (tick !== undefined) recorder.observe(tick)
  }
  return recorder
}

const middle = (x: number[]) => x.sort((a, b) => a - b)[x.length >> 1] ?? Number.NaN
const valueIn = (table: RealismRow[], name: string) => table.find(r => r.name === name)?.value ?? Number.NaN

describe('the synthetic market is realistic', () => {
  const tables = [1, 2, 3, 4, 5].map(seed => recorded(seed, 10_000).table())
  const names = tables[0]?.map(r => r.name) ?? []
  const median = new Map(names.map(name => [name, middle(tables.map(t => valueIn(t, name)))]))
  const of = (name: string) => median.get(name) ?? Number.NaN

  it('as medians over 5 seeds of 10,000 bars, every row of the table lies in its range', () => {
    expect(of('largest |acf(r, k)|, k = 1…50')).toBeLessThanOrEqual(0.08)
    expect(of('excess kurtosis')).toBeGreaterThan(1)
    expect(of('Hill index, top 5 %')).toBeGreaterThanOrEqual(2)
    expect(of('Hill index, top 5 %')).toBeLessThanOrEqual(5)
    expect(of('acf(|r|, 1)')).toBeGreaterThanOrEqual(0.1)
    expect(of('acf(|r|, 50)')).toBeGreaterThanOrEqual(0.03)
    expect(of('kurtosis of 24 bars / of 1 bar')).toBeLessThan(1)
    expect(of('corr(|r|, volume)')).toBeGreaterThanOrEqual(0.2)
    expect(of('mean pair correlation')).toBeGreaterThanOrEqual(0.2)
    expect(of('mean pair correlation')).toBeLessThanOrEqual(0.9)
  })

  it('and the table says so itself', () => {
    for (const table of tables) expect(table.filter(r => r.ok === false)).toEqual([])
    expect(tables[0]?.filter(r => r.ok === null).map(r => r.name)).toEqual(['acf(|r|, 168)'])
  })
})

describe('the realism table', () => {
  it('finds real hourly crypto where the table says real crypto lies', ctx => {
    if (!existsSync(hourly)) return ctx.skip('no ../shared/data: set MYCELIA_SHARED')
    const table = realismTable(realSeries(Date.UTC(2020, 0, 1), Date.UTC(2022, 9, 11)))
    for (const { name, value, real, ok } of table) {
      const [low = Number.NaN, high = Number.NaN] = real.split('–').map(Number)
      expect(value, name).toBeGreaterThanOrEqual(low)
      expect(value, name).toBeLessThanOrEqual(high)
      expect(ok, name).not.toBe(false)
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
      return { pair, closes, volumes: closes.map(() => 1 + rng.float()) }
    }
    const failed = realismTable([noise('A'), noise('B')]).filter(r => r.ok === false)
    expect(failed.map(r => r.name)).toEqual(
      expect.arrayContaining(['excess kurtosis', 'acf(|r|, 1)', 'acf(|r|, 50)', 'corr(|r|, volume)', 'mean pair correlation']),
    )
  })

  it('has no values, and no verdicts, for a short run', () => {
    expect(
      recorded(1, 100)
        .table()
        .slice(0, -1)
        .every(r => r.value === null && r.ok === null),
    ).toBe(true)
    expect(realismTable([]).every(r => r.value === null && r.ok === null)).toBe(true)
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
    const [all, last] = [new RealismRecorder(['A', 'B']), new RealismRecorder(['A', 'B'], 1_500)]
    for (let i = 0; i < 4_000; i++) {
      const tick = market.next()
      if (tick === undefined) break
      all.observe(tick)
      last.observe(tick)
    }
    expect(last.series().map(s => s.closes)).toEqual(all.series().map(s => s.closes.slice(-1_500)))
  })

  it('goes on after being saved as if it had never stopped', () => {
    const market = syntheticMarket({ seed: 1, pairs: ['A', 'B'] })
    let recorder = new RealismRecorder(['A', 'B'], 1_200)
    const straight = new RealismRecorder(['A', 'B'], 1_200)
    for (let i = 0; i < 2_000; i++) {
      const tick = market.next()
      if (tick === undefined) break
      recorder.observe(tick)
      straight.observe(tick)
      if (i % 700 === 300) recorder = decodeValue(encodeValue(recorder)) as RealismRecorder
    }
    expect(recorder.series()).toEqual(straight.series())
  })

  it('leaves out bars that were filled, and returns beside them', () => {
    const shocks = [{ kind: 'outage', at: 5, bars: 2, pairs: ['A'] }] as const
    const market = syntheticMarket({ seed: 1, pairs: ['A', 'B'], shocks })
    const recorder = new RealismRecorder(market.pairs)
    for (let i = 0; i < 10; i++) recorder.observe(market.next() ?? { time: 0, step: false, inputs: [] })
    const missing = recorder.series().map(s => Array.from(s.closes.keys()).filter(i => Number.isNaN(s.closes[i])))
    expect(missing).toEqual([[5, 6], []])
  })
})

describe('a market that does not move', () => {
  const flat = (pair: string, n: number): RealismSeries => ({
    pair,
    closes: new Float64Array(n).fill(2),
    volumes: new Float64Array(n).fill(5),
  })

  it('has no figure, and a reason for each', () => {
    const rows = realismTable([flat('A', 600), flat('B', 600)])
    for (const { value, ok, reason } of rows) expect([value, ok, typeof reason]).toEqual([null, null, 'string'])
    expect(new Set(rows.map(row => row.reason))).toEqual(
      new Set(['prices or volumes never changed', 'no two pairs whose prices changed']),
    )
    expect(realismTable([flat('A', 600)]).at(-1)?.reason).toBe('one pair alone')
    expect(realismTable([flat('A', 100)])[0]?.reason).toBe('fewer than 500 returns')
  })

  it('does not take figures from the pairs that do move', () => {
    const series = recorded(3, 700).series()
    const names = realismTable(series).map(row => row.name)
    const beside = realismTable([...series, flat('FLATUSD', 700)])
    for (const name of names.slice(0, -1)) expect(valueIn(beside, name)).toBe(valueIn(realismTable(series), name))
  })
})
