/** The technical trader: what its view is, when it turns, and how the walk-forward chooses. */

import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import {
  analysisState,
  averageNext,
  averageState,
  type TrendSettings,
  type TrendState,
  trendHorizons,
  trendNext,
  trendOnStep,
  trendRecord,
  trendRestart,
  trendSetting,
  trendSpeeds,
  trendState,
  trendVote,
} from '../../src/trading/index.js'

const settings: TrendSettings = { skill: 0.05, leastMove: 0, tradeCost: 0, minHold: 0.5 }
const standard = 6

/** Returns of ±`sigma`, with a drift a bar, of one pair. */
function walk(bars: number, drift: number, seed = 1, sigma = 0.01): number[] {
  const rng = Rng.derive(rootOf(seed), 1, 0)
  const closes: number[] = []
  let close = 100
  for (let i = 0; i < bars; i++) {
    close *= 1 + drift + (rng.chance(0.5) ? sigma : -sigma)
    closes.push(close)
  }
  return closes
}

function seen(closes: readonly number[], over: Partial<TrendSettings> = {}): TrendState {
  const state = trendState(1, { ...settings, ...over })
  for (const close of closes) {
    trendNext(state, 0, close)
    trendOnStep(state)
  }
  return state
}

const vote = (state: TrendState) => trendVote(state, 0, analysisState())

describe('the record of a setting', () => {
  /** A state in which two settings have traded in the last whole block: so many trades, so much gross return each. */
  function records(tradeCost: number, few: [n: number, each: number], many: [n: number, each: number]): TrendState {
    const state = seen([], { tradeCost })
    const width = state.gross.length / 5
    for (const [setting, [n, each]] of [few, many].entries()) {
      state.gross[width + setting] = n * each
      state.trades[width + setting] = n
    }
    return state
  }

  it('is what its trades earned after their costs: a few that pay are better than many that do not', () => {
    const free = records(0, [20, 0.01], [200, 0.005])
    expect(trendRecord(free, 1)).toBeGreaterThan(trendRecord(free, 0))
    const costly = records(0.009, [20, 0.01], [200, 0.005])
    expect(trendRecord(costly, 0)).toBeCloseTo((20 * 0.001) / 70, 12)
    expect(trendRecord(costly, 1)).toBeCloseTo((200 * -0.004) / 250, 12)
  })

  it('is none below twenty trades', () => {
    expect(trendRecord(records(0, [19, 0.01], [20, 0.01]), 0)).toBe(Number.NEGATIVE_INFINITY)
    expect(trendRecord(records(0, [19, 0.01], [20, 0.01]), 1)).toBeGreaterThan(0)
  })
})

describe('the trend of a pair', () => {
  it('is followed up and down, with averages 24 and 96 for 120 bars before the walk-forward has seen 2,000', () => {
    expect(trendSetting(seen([]))).toEqual({ fast: 24, slow: 96, horizonBars: 120 })
    expect(vote(seen(walk(400, 0.004)))).toMatchObject({ direction: 1, horizonBars: 120 })
    expect(vote(seen(walk(400, -0.004)))).toMatchObject({ direction: -1, horizonBars: 120 })
  })

  it('is the sign of two exponential averages, whatever the unit of the price', () => {
    const closes = walk(600, 0, 3)
    const fast = averageState(24)
    const slow = averageState(96)
    for (const close of closes) {
      averageNext(fast, close)
      averageNext(slow, close)
    }
    const strength = seen(closes).strength[1] as number
    expect(Math.sign(strength)).toBe(Math.sign(fast.value - slow.value))
    expect(seen(closes.map(close => close * 1e-6)).strength[1]).toBeCloseTo(strength, 9)
  })

  it('has a strength of standard deviation 1 where prices walk at random, at every speed', () => {
    const squares = [0, 0, 0]
    const state = trendState(1, settings)
    const closes = walk(60_000, 0, 5)
    closes.forEach((close, i) => {
      trendNext(state, 0, close)
      if (i >= 1_000)
        for (let speed = 0; speed < 3; speed++)
          squares[speed] = (squares[speed] as number) + (state.strength[speed] as number) ** 2
    })
    for (const sum of squares) expect(Math.sqrt(sum / 59_000)).toBeCloseTo(1, 0)
    for (const sum of squares) expect(Math.abs(Math.sqrt(sum / 59_000) - 1)).toBeLessThan(0.12)
  })

  it('begins at one standard deviation and lasts until it changes sign, so that it does not flicker', () => {
    const state = trendState(1, settings)
    let turns = 0
    let weak = 0
    let last = 0
    for (const close of walk(20_000, 0, 7)) {
      trendNext(state, 0, close)
      const view = state.view[1] as number
      const strength = state.strength[1] as number
      if (view !== 0 && last !== view) expect(Math.abs(strength)).toBeGreaterThanOrEqual(1)
      if (view !== 0) expect(Math.sign(strength)).toBe(view)
      if (view !== 0 && Math.abs(strength) < 1) weak++
      if (view !== 0 && view !== last) turns++
      last = view
    }
    expect(weak).toBeGreaterThan(1_000)
    expect(turns).toBeLessThan(400)
  })

  it('is none before the slow average is full, and none of a price that never moved', () => {
    expect(vote(seen(walk(96, 0.01)))).toEqual({ direction: 0, confidence: 0 })
    expect(vote(seen(walk(97, 0.01))).direction).toBe(1)
    expect(vote(seen(Array.from({ length: 500 }, () => 100)))).toEqual({ direction: 0, confidence: 0 })
  })

  it('expects skill × strength × volatility of the horizon, and grows surer with strength', () => {
    const state = seen(walk(2_400, 0, 11).concat(walk(200, 0.01, 2).map(close => close * 1.01)))
    state.chosen = standard
    const strength = Math.abs(state.strength[1] as number)
    const sigma = Math.sqrt(state.variance[0] as number)
    const { expectedMove, confidence, direction } = vote(state)
    expect(direction).not.toBe(0)
    expect(expectedMove).toBeCloseTo(0.05 * strength * sigma * Math.sqrt(120), 12)
    expect(confidence).toBeCloseTo(0.5 + 0.1 * Math.min(2, strength), 12)
  })

  it('is less sure where RSI and band say that the price has run far already', () => {
    const state = seen(walk(400, 0.004))
    const plain = vote(state).confidence
    const stretched = trendVote(state, 0, { ...analysisState(), rsiNow: 75 }).confidence
    const both = trendVote(state, 0, { ...analysisState(), rsiNow: 75, bollingerNow: 1.1 }).confidence
    const other = trendVote(state, 0, { ...analysisState(), rsiNow: 25, bollingerNow: -0.1 }).confidence
    expect(stretched - 0.5).toBeCloseTo((plain - 0.5) * 0.75, 12)
    expect(both - 0.5).toBeCloseTo((plain - 0.5) * 0.5, 12)
    expect(other).toBe(plain)
  })
})

describe('another market', () => {
  it('begins a new trend: no return spans the change, and what the walk-forward learnt stays', () => {
    const state = seen(walk(2_600, 0.001, 23))
    const { chosen, wholeBlocks } = state
    const gross = [...state.gross]
    trendRestart(state)
    const fresh = seen([], {})
    for (const close of walk(300, -0.004, 29)) {
      trendNext(state, 0, close * 1e-4)
      trendNext(fresh, 0, close * 1e-4)
      expect([...state.strength]).toEqual([...fresh.strength])
    }
    expect(state).toMatchObject({ chosen, wholeBlocks })
    expect(Math.max(...state.gross.map((sum, i) => Math.abs(sum - (gross[i] as number))))).toBeLessThan(3)
  })
})

describe('the walk-forward', () => {
  /** Trends that turn every `period` bars. */
  const waves = (bars: number, period: number) => {
    const noise = walk(bars, 0, 13, 0.002)
    let level = 1
    return noise.map((close, i) => {
      level *= 1 + (Math.floor(i / period) % 2 === 0 ? 0.003 : -0.003)
      return close * level
    })
  }

  it('tries twelve settings at most, chooses after 2,000 bars and then every 500, and says when it changed', () => {
    expect(trendSpeeds.length * trendHorizons.length).toBeLessThanOrEqual(12)
    const state = trendState(1, settings)
    const changedAt: number[] = []
    waves(6_000, 60).forEach((close, i) => {
      const before = state.chosen
      trendNext(state, 0, close)
      trendOnStep(state)
      if (state.chosen !== before) changedAt.push(i + 1)
    })
    expect(changedAt[0]).toBe(2_000)
    expect(changedAt.every(at => at % 500 === 0)).toBe(true)
    expect(state.changes).toBe(changedAt.length)
  })

  it('chooses quick averages where trends turn soon, and slow ones where they last', () => {
    expect(trendSetting(seen(waves(4_000, 80))).fast).toBe(12)
    expect(trendSetting(seen(waves(16_000, 900))).horizonBars).toBeGreaterThanOrEqual(120)
  })

  it('chooses the best record of gross return a trade, drawn towards nothing, of settings with at least twenty trades', () => {
    const state = seen(waves(4_000, 80))
    const records = Array.from({ length: 12 }, (_, setting) => trendRecord(state, setting))
    expect(records[state.chosen]).toBe(Math.max(...records))
    state.trades.fill(0)
    expect(trendRecord(state, state.chosen)).toBe(Number.NEGATIVE_INFINITY)
    for (let block = 1; block <= 4; block++) {
      state.trades[block * 12] = 5
      state.gross[block * 12] = 0.7
    }
    expect(trendRecord(state, 0)).toBeCloseTo(2.8 / 70, 12)
  })

  it('knows only what has been: later bars change no earlier choice, view or expectation', () => {
    const [short, long] = [trendState(2, settings), trendState(2, settings)]
    const closes = walk(3_000, 0, 17)
    const seenOf: unknown[][] = [[], []]
    ;[short, long].forEach((state, which) => {
      const all = which === 0 ? closes.slice(0, 2_600) : closes
      all.forEach((close, i) => {
        trendNext(state, 0, close)
        trendNext(state, 1, i < 2_600 ? close * (2 - (i % 7) / 70) : 1)
        trendOnStep(state)
        if (i < 2_600) seenOf[which]?.push([state.chosen, vote(state)])
      })
    })
    expect(seenOf[1]).toEqual(seenOf[0])
  })

  it('asks what its trades must pay: with a gate that nothing passes no shadow trades', () => {
    const trades = (leastMove: number) => seen(walk(1_900, 0, 19), { leastMove }).trades.reduce((sum, n) => sum + n, 0)
    expect(trades(0)).toBeGreaterThan(20)
    expect(trades(1)).toBe(0)
  })
})
