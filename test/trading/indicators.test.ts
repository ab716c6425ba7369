import { ATR, BollingerBands, MACD, RSI } from 'technicalindicators'
import { describe, expect, it } from 'vitest'
import { encodeValue, Rng, rootOf } from '../../src/core/index.js'
import type { Candle } from '../../src/market/index.js'
import {
  analysisNext,
  analysisState,
  atrNext,
  atrState,
  bollingerNext,
  bollingerState,
  featuresOf,
  macdNext,
  macdState,
  rsiNext,
  rsiState,
  technicalVote,
} from '../../src/trading/index.js'
import { realCandles } from './support.js'

const shared = 'the shared candles are absent'

function randomCandles(seed: number, n: number, scale: number): Candle[] {
  const rng = Rng.derive(rootOf(seed), 1, 1)
  let close = scale
  return Array.from({ length: n }, (_, i) => {
    const open = close
    // A tenth of the bars do not move at all, so that changes of exactly 0 are met.
    close = rng.chance(0.1) ? open : open * Math.exp(0.02 * rng.normal())
    const high = Math.max(open, close) * (1 + 0.01 * rng.float())
    const low = Math.min(open, close) * (1 - 0.01 * rng.float())
    return { time: i * 3_600_000, open, high, low, close, volume: rng.exponential(1) }
  })
}

/** Largest difference relative to the larger value, or to `floor` where both are near 0. */
function expectClose(ours: (number | null)[], theirs: (number | undefined)[], floor = 0) {
  expect(ours.length).toBe(theirs.length)
  let worst = 0
  ours.forEach((x, i) => {
    const y = theirs[i]
    if (x === null || y === undefined) throw new Error(`no value at ${i}: ${x}, ${y}`)
    worst = Math.max(worst, Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y), floor, Number.MIN_VALUE))
  })
  expect(worst).toBeLessThanOrEqual(1e-9)
}

function compare(candles: readonly Candle[]) {
  const close = candles.map(c => c.close)
  const rsi = rsiState()
  const ours = close.map(c => rsiNext(rsi, c))
  const theirs = RSI.calculate({ period: 14, values: close })
  expect(ours.slice(0, 14).every(x => x === null)).toBe(true)
  expect(ours.length - 14).toBe(theirs.length)
  theirs.forEach((y, i) => {
    expect(Math.abs((ours[i + 14] ?? Number.NaN) - y)).toBeLessThanOrEqual(0.005 + 1e-9)
  })

  const macd = macdState()
  const lines = close.map(c => ({ macd: macdNext(macd, c), signal: macd.signal, histogram: macd.histogram })).slice(25)
  const reference = MACD.calculate({
    values: close,
    fastPeriod: 12,
    slowPeriod: 26,
    signalPeriod: 9,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  })
  expectClose(
    lines.map(l => l.macd),
    reference.map(r => r.MACD),
  )
  expectClose(
    lines.slice(8).map(l => l.signal),
    reference.slice(8).map(r => r.signal),
  )
  expectClose(
    lines.slice(8).map(l => l.histogram),
    reference.slice(8).map(r => r.histogram),
  )
  expect(lines.slice(0, 8).every(l => Number.isNaN(l.signal))).toBe(true)

  const bands = bollingerState()
  const mine = close
    .map(c => ({ position: bollingerNext(bands, c), upper: bands.upper, lower: bands.lower, middle: bands.middle }))
    .slice(19)
  const bb = BollingerBands.calculate({ period: 20, stdDev: 2, values: close })
  expectClose(
    mine.map(b => b.upper),
    bb.map(b => b.upper),
  )
  expectClose(
    mine.map(b => b.lower),
    bb.map(b => b.lower),
  )
  expectClose(
    mine.map(b => b.middle),
    bb.map(b => b.middle),
  )
  // The position subtracts nearly equal prices, which magnifies the peer's running-sum error by price ÷ band width.
  mine.forEach((b, i) => {
    expect(b.position).toBeCloseTo(bb[i]?.pb ?? Number.NaN, 6)
  })

  const atr = atrState()
  const ranges = candles.map(c => atrNext(atr, c.high, c.low, c.close)).slice(14)
  expectClose(ranges, ATR.calculate({ period: 14, high: candles.map(c => c.high), low: candles.map(c => c.low), close }))
}

describe('indicators', () => {
  it('equal technicalindicators on random candles of any price', () => {
    for (const [seed, scale] of [
      [1, 100],
      [2, 60_000],
      [3, 0.00002],
      [4, 1],
    ] as const)
      compare(randomCandles(seed, 3_000, scale))
  })

  for (const file of ['BTC_USDT-1h.json.gz', 'DOGE_USDT-1h.json.gz']) {
    it(`equal technicalindicators on real candles: ${file}`, ctx => {
      const candles = realCandles(file)
      if (candles === undefined) return ctx.skip(shared)
      compare(candles)
    })
  }

  it('say what a flat market is: no RSI, ATR 0, no place inside a band without width', () => {
    const state = analysisState()
    for (let i = 0; i < 60; i++) analysisNext(state, { time: i, open: 5, high: 5, low: 5, close: 5, volume: 2 })
    expect(featuresOf(state)).toEqual({ rsi: null, macd: 0, bollinger: null, atr: 0, volume: 1, regime: 1, trend: null })
    expect(technicalVote(state).direction).toBe(0)
  })

  it('know nothing before their bars are in, and say null', () => {
    const state = analysisState()
    analysisNext(state, { time: 0, open: 1, high: 2, low: 1, close: 2, volume: 1 })
    expect(featuresOf(state)).toEqual({ rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null })
    expect(technicalVote(state)).toEqual({ direction: 0, confidence: 0 })
  })

  it('keep their state flat: as many bytes after 100,000 bars as after 100', () => {
    const state = analysisState()
    const size = () => encodeValue(state).length
    const candles = randomCandles(9, 100_000, 10)
    for (const c of candles.slice(0, 100)) analysisNext(state, c)
    const early = size()
    for (const c of candles.slice(100)) analysisNext(state, c)
    expect(size()).toBe(early)
  })

  it('go on from a saved state as if never interrupted', () => {
    const candles = randomCandles(11, 400, 10)
    const straight = analysisState()
    for (const c of candles) analysisNext(straight, c)
    let resumed = analysisState()
    candles.forEach(c => {
      resumed = structuredClone(resumed)
      analysisNext(resumed, c)
    })
    expect(featuresOf(resumed)).toEqual(featuresOf(straight))
  })
})

describe('the technical vote', () => {
  function stateWith(rsi: number, position: number, histogramInAtr: number) {
    const state = analysisState()
    Object.assign(state, { rsiNow: rsi, bollingerNow: position, atrShare: 0.01, close: 100 })
    state.macd.histogram = histogramInAtr
    return state
  }
  it.each([
    [50, 0.5, 0, 0, 0],
    [30, 0.5, 0, 1, 2 / 3],
    [70, 0.5, 0, -1, 2 / 3],
    [25, -0.1, 0, 1, 5 / 6],
    [25, -0.1, 0.2, 1, 1],
    [25, 0.5, -0.2, 0, 0],
    [50, 0.5, -0.1, -1, 2 / 3],
    [50, 0.5, 0.05, 0, 0],
    [75, 1, -1, -1, 1],
  ])('RSI %d, band %d, MACD histogram %d ATR → %d at %d', (rsi, position, histogram, direction, confidence) => {
    const vote = technicalVote(stateWith(rsi, position, histogram))
    expect(vote.direction).toBe(direction)
    expect(vote.confidence).toBeCloseTo(confidence, 12)
  })
})

describe('a price that does not move', () => {
  const pegged = (high: number, low: number): Candle => ({ time: 0, open: 100, high, low, close: 100, volume: 1 })

  it('has no RSI and no vote, with wicks or without', () => {
    for (const wick of [0, 0.01]) {
      const state = analysisState()
      for (let i = 0; i < 60; i++) {
        analysisNext(state, pegged(100 + wick, 100 - wick))
        expect(technicalVote(state)).toEqual({ direction: 0, confidence: 0 })
      }
      expect(featuresOf(state)).toMatchObject({ rsi: null, bollinger: null })
    }
  })

  it('has an RSI from its first move on: 100 where it only rose, 0 where it only fell', () => {
    for (const [move, rsi] of [
      [1, 100],
      [-1, 0],
    ] as const) {
      const state = rsiState()
      for (let i = 0; i < 20; i++) expect(rsiNext(state, 100)).toBeNull()
      expect(rsiNext(state, 100 + move)).toBe(rsi)
      expect(rsiNext(state, 100 + move)).toBe(rsi)
    }
  })
})
