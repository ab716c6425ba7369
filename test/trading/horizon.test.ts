/** How long a position lasts: its horizon counts from the decision, in time, whatever else is in the market. */

import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/core/index.js'
import {
  type BrokerSettings,
  beginLock,
  closePortfolio,
  collisionSignal,
  ideaSignal,
  type Portfolio,
  portfolioMetrics,
  portfolioOnBar,
  portfolioOnMarketTrade,
  portfolioOnStep,
  styleOf,
} from '../../src/trading/index.js'
import {
  auditPortfolio,
  bar,
  filled,
  HOUR,
  idea,
  lock,
  portfolio,
  type Recorder,
  recorder,
  signal,
  submit,
  submitNow,
  T0,
} from './support.js'

const at = (hour: number) => ({ step: hour, time: T0 + hour * HOUR })

/** One bar of the pair and the end of its step. */
function step(b: Portfolio, r: Recorder, hour: number, open = 100, over = {}) {
  portfolioOnBar(b, bar(hour, open, over), r)
  portfolioOnStep(b, at(hour + 1))
  return at(hour + 1)
}

/** A long position decided at hour 1, entered at its open, due at hour 1 + `horizonBars`. */
function held(horizonBars: number, over: Partial<BrokerSettings> = {}) {
  const b = portfolio(over)
  const r = recorder()
  submitNow(b, signal({ horizonBars }), step(b, r, 0))
  step(b, r, 1)
  return { b, r }
}

describe('a horizon counts from the decision', () => {
  it('a position entered late, over a gap, closes when its horizon is over all the same', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 4 }), step(b, r, 0))
    step(b, r, 1, 100, filled)
    for (let h = 2; h < 8; h++) step(b, r, h, 100 + h)
    expect(r.trades).toMatchObject([{ entryTime: T0 + 2 * HOUR, exitTime: T0 + 5 * HOUR, exitPriceUsd: 105, barsHeld: 3 }])
  })

  it('at the first existing bar at or after it, where its own instant has none', () => {
    const { b, r } = held(2)
    step(b, r, 2)
    for (const h of [3, 4]) step(b, r, h, 100, filled)
    step(b, r, 5, 107)
    expect(r.trades).toMatchObject([{ reason: 'horizon', exitTime: T0 + 5 * HOUR, exitPriceUsd: 107 }])
  })

  it.each([
    ['at a horizon', [{ at: 1, horizonBars: 6 }]],
    [
      'at an opposite idea',
      [
        { at: 1, horizonBars: 40 },
        { at: 4, horizonBars: 3, direction: -1 as const },
      ],
    ],
    [
      'at a renewal',
      [
        { at: 1, horizonBars: 3 },
        { at: 4, horizonBars: 6 },
      ],
    ],
  ])('one file gives the same trades alone and beside a pair that fills its silences: %s', (_, ideas) => {
    // Bars 4 to 8 do not exist. Alone the clock jumps over them; beside another pair it stops at each.
    const run = (beside: boolean) => {
      const b = portfolio()
      const r = recorder()
      for (let h = 0; h < 20; h++) {
        const exists = h < 4 || h > 8
        if (!exists && !beside) continue
        portfolioOnBar(b, exists ? bar(h, 100 + h) : bar(h, 103, filled), r)
        portfolioOnStep(b, at(h + 1))
        for (const { at: when, ...more } of ideas) if (when === h + 1) submitNow(b, signal(more), at(h + 1))
      }
      closePortfolio(b, at(20), r)
      return { trades: r.trades, fills: r.fills, extended: b.extended }
    }
    expect(run(true)).toEqual(run(false))
    expect(run(true).trades).not.toHaveLength(0)
  })

  it('an idea whose horizon is over by the fill enters no portfolio, and is counted as expired', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 1 }), step(b, r, 0))
    step(b, r, 1, 100, filled)
    step(b, r, 2)
    expect(r.fills).toHaveLength(0)
    expect(submit(b, signal({ decidedAt: T0 + 2 * HOUR, horizonBars: 1 }), at(3))).toBe('expired')
    expect(submit(b, signal({ decidedAt: T0 + 2 * HOUR, horizonBars: 2 }), at(3))).toBe('entry')
    expect(portfolioMetrics(b).values).toMatchObject({ ideas: 3, expired: 2 })
  })

  it('a collision takes the mycelial idea’s decision and horizon', () => {
    const mycelial = idea({ decidedAt: T0, horizonBars: 4 })
    const baseline = idea({ source: 'baseline', decidedAt: T0 + 500, horizonBars: 120 })
    expect(collisionSignal(mycelial, baseline)).toMatchObject({ decidedAt: T0, closesAt: T0 + 4 * HOUR })
    expect(ideaSignal(baseline).closesAt).toBe(T0 + 500 + 120 * HOUR)
  })

  it('on ticks too: at the first trade at or after it plus the latency', () => {
    const { b, r } = held(2, { fillOn: 'ticks', latencyMs: 250 })
    const tick = (ms: number, price: number) => portfolioOnMarketTrade(b, { pair: 'A', time: T0 + ms, price, volume: 1 }, r)
    tick(HOUR + 250, 101)
    tick(3 * HOUR + 249, 102)
    expect(r.trades).toHaveLength(0)
    tick(3 * HOUR + 250, 103)
    expect(r.trades).toMatchObject([{ entryPriceUsd: 101, exitPriceUsd: 103, reason: 'horizon' }])
  })

  it('its style is how long it was really open', () => {
    expect([1, 299_999, 300_000, 24 * HOUR, 24 * HOUR + 1].map(styleOf)).toEqual(['HFT', 'HFT', 'DAY', 'DAY', 'SWING'])
    const { b, r } = held(30)
    for (let h = 2; h < 33; h++) step(b, r, h)
    expect(r.trades).toMatchObject([{ style: 'SWING', barsHeld: 30 }])
  })
})

describe('at the open at which a position would close', () => {
  it('an idea of its direction renews the horizon: no fill, no cost, one trade from first entry to last exit', () => {
    const { b, r } = held(2, { feeRate: 0.004 })
    const [entry] = r.fills
    const now = step(b, r, 2)
    expect(submitNow(b, signal({ horizonBars: 3, id: 'later' }), now)).toBe('renewal')
    for (let h = 3; h < 6; h++) step(b, r, h)
    expect(r.fills).toEqual([entry])
    step(b, r, 6, 110)
    expect(r.trades).toMatchObject([{ tradeId: entry?.tradeId, exitTime: T0 + 6 * HOUR, barsHeld: 5, reason: 'horizon' }])
    expect(portfolioMetrics(b).values).toMatchObject({ extended: 1, trades: 1, ideas: 2, ignored: 0 })
    expect(auditPortfolio(b)).toBe(0)
  })

  it('an opposite one fills both orders at that open, even where the gross limit is used up', () => {
    const { b, r } = held(2, { sizeShare: 0.3, grossLimit: 0.3 })
    const now = step(b, r, 2)
    expect(submitNow(b, signal({ direction: -1 }), now)).toBe('entry')
    step(b, r, 3, 90)
    expect(r.trades).toMatchObject([{ reason: 'horizon', exitPriceUsd: 90 }])
    expect(r.fills.map(f => [f.opens, f.side, f.time])).toEqual([
      [true, 'buy', T0 + HOUR],
      [false, 'sell', T0 + 3 * HOUR],
      [true, 'sell', T0 + 3 * HOUR],
    ])
    expect(b.instruments.get('A')?.position?.signal.direction).toBe(-1)
    expect(auditPortfolio(b)).toBe(0)
  })

  it('both together cancel each other, and the position closes', () => {
    for (const first of [1, -1] as const) {
      const { b, r } = held(2)
      const now = step(b, r, 2)
      submitNow(b, signal({ direction: first }), now)
      expect(submitNow(b, signal({ direction: first === 1 ? -1 : 1 }), now)).toBe('cancelsEntry')
      step(b, r, 3)
      expect(r.trades).toHaveLength(1)
      expect(b.held).toHaveLength(0)
    }
  })

  it.each([1, -1] as const)('it is one whether the idea comes before or after the end of the step: direction %i', direction => {
    const run = (before: boolean) => {
      const { b, r } = held(2)
      portfolioOnBar(b, bar(2, 100), r)
      if (before) submitNow(b, signal({ direction }), at(3))
      portfolioOnStep(b, at(3))
      if (!before) submitNow(b, signal({ direction }), at(3))
      for (let h = 3; h < 9; h++) step(b, r, h, 100 + h)
      return { fills: r.fills, trades: r.trades, extended: b.extended }
    }
    expect(run(true)).toEqual(run(false))
    expect(run(true).extended).toBe(direction === 1 ? 1 : 0)
  })

  it('an idea of a later open does not renew: the position closes, and the entry is another trade', () => {
    const { b, r } = held(2)
    step(b, r, 2)
    // Memory answered five minutes into the bar whose open is the end of the horizon.
    const late = { step: 3, time: T0 + 3 * HOUR + 300_000 }
    submitNow(b, signal({ horizonBars: 5 }), late)
    step(b, r, 3)
    expect(r.trades).toMatchObject([{ exitTime: T0 + 3 * HOUR }])
    step(b, r, 4)
    expect(r.fills.at(-1)).toMatchObject({ opens: true, time: T0 + 4 * HOUR })
    expect(b.extended).toBe(0)
  })

  it('a halt lets no idea renew: the position closes', () => {
    const { b, r } = held(2)
    const now = step(b, r, 2)
    submitNow(b, signal(), now)
    beginLock(b.gate.locks, lock())
    step(b, r, 3)
    expect(r.trades).toHaveLength(1)
    expect(b.broker.orders.cancelled.halted).toBe(1)
    const other = held(2)
    const then = step(other.b, other.r, 2)
    beginLock(other.b.gate.locks, lock())
    expect(submitNow(other.b, signal(), then)).toBe('operator')
  })

  it('a renewed position survives a checkpoint', () => {
    const { b, r } = held(2)
    submitNow(b, signal({ horizonBars: 3 }), step(b, r, 2))
    const copy = decodeValue(encodeValue(b)) as Portfolio
    const [one, two] = [recorder(), recorder()]
    for (let h = 3; h < 9; h++) {
      step(b, one, h)
      step(copy, two, h)
    }
    expect(two).toMatchObject({ trades: one.trades, fills: one.fills })
    expect(one.trades).toMatchObject([{ exitTime: T0 + 6 * HOUR }])
  })
})
