/** A replayed market hands out exactly what the files hold, at the instant it could first be known. */

import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Bar,
  BarFlag,
  type Candle,
  type MarketInput,
  type MarketSource,
  type MarketTick,
  type MoatSeries,
  moatStreams,
  moats,
  type ReplayOptions,
  replayMarket,
  sessionCalendar,
} from '../../src/market/index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = 1_600_000_200_000 - (1_600_000_200_000 % HOUR)
const none = { code: [], logistics: [], government: [], corporations: [] }

/** A candle at the n-th hour. */
function at(n: number, close = 100 + n): Candle {
  return { time: START + n * HOUR, open: close, high: close + 1, low: close - 1, close, volume: 10 }
}

function hours(...ns: number[]): Candle[] {
  return ns.map(n => at(n))
}

function market(pairs: Record<string, Candle[]>, more: Partial<ReplayOptions> = {}): MarketSource {
  return replayMarket({ series: new Map(Object.entries(pairs)), barMs: HOUR, seed: 1, streams: none, ...more })
}

function ticks(source: MarketSource): MarketTick[] {
  const all: MarketTick[] = []
  for (let tick = source.next(); tick !== undefined; tick = source.next()) all.push(tick)
  return all
}

function bars(tick: MarketTick | undefined): Bar[] {
  return (tick?.inputs ?? []).flatMap(i => (i.kind === 'bar' ? [i.bar] : []))
}

function signals(inputs: readonly MarketInput[]) {
  return inputs.flatMap(i => (i.kind === 'signal' ? [i.signal] : []))
}

/** Which pairs have which kind of bar, hour by hour: `AUSD BUSD*` (* filled). */
function picture(source: MarketSource): string[] {
  return ticks(source).map(t =>
    bars(t)
      .map(b => b.pair + (b.flags & BarFlag.filled ? '*' : ''))
      .join(' '),
  )
}

describe('replayed market', () => {
  it('delivers a bar when its interval has ended, as a step, unchanged', () => {
    const [first, second, third] = ticks(market({ AUSD: hours(0, 1) }))
    expect(first?.time).toBe(START + HOUR)
    expect(first?.step).toBe(true)
    expect(bars(first)).toEqual([{ ...at(0), pair: 'AUSD', barMs: HOUR, flags: 0 }])
    expect(second?.time).toBe(START + 2 * HOUR)
    expect(third).toBeUndefined()
  })

  it('fills an interval without a row inside the range with the previous close, flagged', () => {
    const all = ticks(market({ AUSD: hours(0, 3), BUSD: hours(0, 1, 2, 3) }))
    const filled = bars(all[2]).find(b => b.pair === 'AUSD')
    expect(filled).toEqual({
      pair: 'AUSD',
      barMs: HOUR,
      time: START + 2 * HOUR,
      open: 100,
      high: 100,
      low: 100,
      close: 100,
      volume: 0,
      flags: BarFlag.filled,
    })
    expect(bars(all[3]).map(b => b.flags)).toEqual([0, 0])
  })

  it('leaves a pair out before its first and after its last bar', () => {
    const source = market({ AUSD: hours(0, 1, 2, 3, 4, 5), BUSD: hours(1, 2, 4), CUSD: hours(0, 1, 2, 3, 4, 5) })
    expect(picture(source)).toEqual([
      'AUSD CUSD',
      'AUSD BUSD CUSD',
      'AUSD BUSD CUSD',
      'AUSD BUSD* CUSD',
      'AUSD BUSD CUSD',
      'AUSD CUSD',
    ])
  })

  it('has no tick for an instant at which no pair has a bar', () => {
    expect(picture(market({ AUSD: hours(0, 5), BUSD: hours(0, 4, 5) }))).toEqual(['AUSD BUSD', 'AUSD* BUSD', 'AUSD BUSD'])
  })

  it('runs by default from the first to the last instant with two thirds of the pairs', () => {
    const source = market({ AUSD: hours(0, 1, 2, 3, 4, 5), BUSD: hours(1, 2, 3, 4, 5, 6), CUSD: hours(3, 4) })
    expect(picture(source)).toEqual(['AUSD BUSD', 'AUSD BUSD', 'AUSD BUSD CUSD', 'AUSD BUSD CUSD', 'AUSD BUSD'])
  })

  it('keeps to from and to, both included, and knows the close before', () => {
    const source = market({ AUSD: hours(0, 3), BUSD: hours(0, 1, 2, 3) }, { from: START + HOUR, to: START + 2 * HOUR })
    const all = ticks(source)
    expect(all.map(t => t.time)).toEqual([START + 2 * HOUR, START + 3 * HOUR])
    expect(bars(all[0])[0]).toMatchObject({ pair: 'AUSD', close: 100, flags: BarFlag.filled })
  })

  it('explains a range without bars, pairs that never overlap, and times that do not increase', () => {
    expect(() => market({ AUSD: hours(0, 1) }, { from: START + 9 * HOUR })).toThrow('change `from` or `to`')
    expect(() => market({ AUSD: hours(0, 1), BUSD: hours(3, 4) })).toThrow('Choose pairs whose candles overlap')
    expect(() => market({ AUSD: hours(1, 0) })).toThrow('candles of AUSD: expected times that increase')
    expect(() => market({ AUSD: [] })).toThrow('expected at least one')
    expect(() => market({})).toThrow('at least one pair')
  })

  it('flags a move of ten times, up or down', () => {
    const all = ticks(market({ AUSD: [at(0, 100), at(1, 1000), at(2, 1001), at(3, 99), at(4, 100)] }))
    expect(all.map(t => bars(t)[0]?.flags)).toEqual([0, BarFlag.outlier, 0, BarFlag.outlier, 0])
  })

  it('goes on after a restore exactly as it would have', () => {
    const build = () =>
      market({ AUSD: hours(0, 2, 3, 5, 6), BUSD: hours(1, 2, 4, 5, 6) }, { streams: moatStreams, moats: [recorded] })
    const whole = ticks(build())
    for (let k = 0; k <= whole.length; k++) {
      const source = build()
      for (let i = 0; i < k; i++) source.next()
      const later = build()
      later.restore(structuredClone(source.save()))
      expect(ticks(later)).toEqual(whole.slice(k))
    }
  })

  it('says what it is made of', () => {
    const source = market({ AUSD: hours(0, 3), BUSD: hours(0, 1, 2, 3) }, { facts: { files: ['a.csv'] } })
    expect(source.describe()).toMatchObject({
      kind: 'replay',
      ticks: 4,
      pairs: { AUSD: { bars: 2, filled: 2 }, BUSD: { bars: 4, filled: 0 } },
      files: ['a.csv'],
    })
  })
})

const recorded: MoatSeries = {
  moat: 'code',
  stream: 'Go',
  time: [START - 1, START + HOUR, START + HOUR + 1, START + 4 * HOUR],
  value: [1, 2, 3, 4],
}

describe('moat streams of a replay', () => {
  let all: MarketTick[]
  let source: MarketSource
  beforeEach(() => {
    source = market({ AUSD: hours(0, 1, 2, 3, 4) }, { moats: [recorded], streams: moatStreams })
    all = ticks(source)
  })

  it('delivers a recorded value in the first tick at or after its time, never before', () => {
    const real = all.map(t => signals(t.inputs).flatMap(s => (s.placebo ? [] : [s.value])))
    expect(real).toEqual([[2], [3], [], [4], []])
  })

  it('counts what was recorded before the market begins', () => {
    expect(source.describe()).toMatchObject({ skippedSignals: 1 })
  })

  it('marks the noise of every stream without a record as placebo', () => {
    const streams = moats.flatMap(moat => moatStreams[moat].map(s => `${moat}:${s}`)).filter(s => s !== 'code:Go')
    for (const t of all) {
      const noise = signals(t.inputs).filter(s => s.placebo)
      expect(noise.map(s => `${s.moat}:${s.stream}`)).toEqual(streams)
      expect(noise.every(s => s.time === t.time)).toBe(true)
    }
    expect(source.describe()).toMatchObject({ placebo: streams })
  })

  it('draws the noise of a stream from the seed and its name alone', () => {
    const values = (more: Partial<ReplayOptions>) =>
      ticks(market({ AUSD: hours(0, 1, 2) }, { streams: moatStreams, ...more })).map(
        t => signals(t.inputs).find(s => s.stream === 'Rust')?.value,
      )
    expect(values({})).toEqual(values({ streams: { ...none, code: ['Rust'] } }))
    expect(values({})).not.toEqual(values({ seed: 2 }))
  })

  it('makes noise of mean 0 and variance 1', () => {
    const long = Array.from({ length: 5000 }, (_, i) => at(i))
    const noise = ticks(market({ AUSD: long }, { streams: { ...none, code: ['Go'] } })).flatMap(t => signals(t.inputs))
    const mean = noise.reduce((sum, s) => sum + s.value, 0) / noise.length
    const variance = noise.reduce((sum, s) => sum + (s.value - mean) ** 2, 0) / noise.length
    expect(Math.abs(mean)).toBeLessThan(0.06)
    expect(Math.abs(variance - 1)).toBeLessThan(0.1)
  })
})

describe('an interval without trades', () => {
  const silent = (n: number): Candle => ({ ...at(n), volume: 0 })

  it('is the same whether it is a row of volume 0 or no row', () => {
    const rows = ticks(market({ AUSD: [at(0), silent(1), silent(2), at(3), silent(4), at(5)], BUSD: hours(0, 1, 2, 3, 4, 5) }))
    const absent = ticks(market({ AUSD: hours(0, 3, 5), BUSD: hours(0, 1, 2, 3, 4, 5) }))
    expect(rows).toEqual(absent)
    expect(bars(rows[1])[0]).toMatchObject({ pair: 'AUSD', close: 100, flags: BarFlag.filled })
  })

  it('is none where every row has volume 0: the source knows no volumes', () => {
    expect(picture(market({ AUSD: [silent(0), silent(1)] }))).toEqual(['AUSD', 'AUSD'])
  })
})

describe('a market that closes beside one that does not', () => {
  const half = HOUR / 2
  const nyse = sessionCalendar('NYSE')
  const friday = Date.UTC(2024, 0, 5)
  const always = Array.from({ length: 5 * 48 }, (_, i) => ({ ...at(0), time: friday + i * half }))
  const session = always.filter(({ time }) => nyse.barStart(time, half) === time)

  it('has bars and filled gaps in its sessions, and nothing at night and at the weekend', () => {
    const silent = session.filter((_, i) => i !== 3)
    const series = new Map([
      ['BTCUSD', always],
      ['AAPL', silent],
    ])
    const replay = replayMarket({
      series,
      barMs: half,
      seed: 1,
      streams: none,
      calendars: new Map([['AAPL', nyse]]),
      to: friday + 5 * DAY,
    })
    const shown = ticks(replay).flatMap(tick => bars(tick).filter(b => b.pair === 'AAPL'))
    expect(shown.map(b => b.time)).toEqual(session.map(c => c.time))
    expect(shown.filter(b => b.flags & BarFlag.filled).map(b => b.time)).toEqual([session[3]?.time])
    expect(replay.describe().pairs).toMatchObject({ AAPL: { bars: 38, filled: 1 } })
  })

  it('is refused where its bars begin between the other’s', () => {
    const hourly = always.filter((_, i) => i % 2 === 0)
    const stock = session.filter((_, i) => i % 2 === 0)
    expect(() => market({ BTCUSD: hourly, AAPL: stock })).toThrow(
      /bars of all pairs at the same instants, got "AAPL at 2024-01-05T14:30:00Z and BTCUSD at 2024-01-05T15:00:00Z"/,
    )
  })
})
