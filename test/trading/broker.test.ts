import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, Rng, rootOf } from '../../src/core/index.js'
import { BarFlag } from '../../src/market/index.js'
import {
  closePortfolio,
  equityE6,
  haltPortfolio,
  type Portfolio,
  portfolioMetrics,
  portfolioOnBar,
  portfolioOnMarketTrade,
  portfolioOnStep,
  sizeFactor,
} from '../../src/trading/index.js'
import {
  anyRules,
  auditPortfolio,
  bar,
  filled,
  HOUR,
  lock,
  losePrice,
  noFeatures,
  portfolio,
  type Recorder,
  recorder,
  signal,
  submitNow,
  T0,
} from './support.js'

/** Delivers one bar and ends its step, as a tick does; returns the instant of the tick. */
function step(b: Portfolio, r: Recorder, hour: number, open: number, over = {}): { step: number; time: number } {
  const now = { step: hour + 1, time: T0 + (hour + 1) * HOUR }
  portfolioOnBar(b, bar(hour, open, over), r)
  portfolioOnStep(b, now)
  return now
}

const at = (hour: number) => ({ step: hour, time: T0 + hour * HOUR })
const atr = (share: number) => ({ features: { ...noFeatures, atr: share } })
const drawdown = lock({ portfolio: 'mycelial', kind: 'drawdown' })

describe('the paper broker', () => {
  it('fills an order at the open of the next bar, never at a price its decision knew', () => {
    const b = portfolio()
    const r = recorder()
    const now = step(b, r, 0, 100, { close: 110 })
    expect(submitNow(b, signal(), now)).toBe('entry')
    expect(r.fills).toHaveLength(0)
    step(b, r, 1, 111, { close: 150, high: 150 })
    expect(r.fills).toMatchObject([{ time: T0 + HOUR, priceUsd: 111, side: 'buy', opens: true }])
    expect(r.fills[0]?.tradeId).toBe('mycelial:1:PatternLearner-0:0')
  })

  it('does not fill an order in a bar of the tick it was decided in: that bar opened before', () => {
    const b = portfolio({}, ['A', 'B'])
    const r = recorder()
    step(b, r, 0, 100)
    portfolioOnBar(b, bar(0, 50, { pair: 'B' }), r)
    // The next tick: A's bar comes first and leads to an order on B, whose own bar of the same hour comes second.
    portfolioOnBar(b, bar(1, 100), r)
    submitNow(b, signal({ pair: 'B' }), at(2))
    portfolioOnBar(b, bar(1, 40, { pair: 'B', close: 60 }), r)
    expect(r.fills).toHaveLength(0)
    portfolioOnBar(b, bar(2, 61, { pair: 'B' }), r)
    expect(r.fills).toMatchObject([{ priceUsd: 61 }])
  })

  it('skips a filled gap and fills at the next existing bar, two bars later at most', () => {
    for (const [opensAt, fills] of [
      [2, 1],
      [3, 1],
      [4, 0],
    ] as const) {
      const b = portfolio()
      const r = recorder()
      submitNow(b, signal(), step(b, r, 0, 100))
      for (let h = 1; h < opensAt; h++) step(b, r, h, 100, filled)
      step(b, r, opensAt, 105)
      expect(r.fills).toHaveLength(fills)
      expect(b.broker.orders.expired).toBe(1 - fills)
      if (fills === 1) expect(r.fills[0]).toMatchObject({ priceUsd: 105, time: T0 + opensAt * HOUR })
    }
  })

  it('fills nothing late, even where no tick came between to cancel it', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal(), step(b, r, 0, 100))
    portfolioOnBar(b, bar(4, 105), r)
    expect(r.fills).toHaveLength(0)
    expect(b.broker.orders.expired).toBe(1)
  })

  it('I3: a repeated or older bar fills and stops nothing, and is counted', () => {
    const b = portfolio({ stopAtr: 1 })
    const r = recorder()
    step(b, r, 1, 100)
    submitNow(b, signal(atr(0.1)), at(1))
    portfolioOnBar(b, bar(1, 100), r)
    expect(r.fills).toHaveLength(0)
    portfolioOnBar(b, bar(2, 100), r)
    expect(r.fills).toHaveLength(1)
    portfolioOnBar(b, bar(2, 100, { low: 50 }), r)
    portfolioOnBar(b, bar(1, 50), r)
    expect(r.trades).toHaveLength(0)
    expect(b.oddBars).toBe(3)
    expect(b.instruments.get('A')?.priceUsd).toBe(100)
  })

  it('sizes at 2 % of equity, down to the lot, and refuses what the exchange would', () => {
    const lots = { lotE8: 30_000_000, minQtyE8: 60_000_000, minCostE6: 5_000_000, tickUsd: 0.01 }
    const b = portfolio({}, ['A'], lots)
    const r = recorder()
    submitNow(b, signal(), step(b, r, 0, 300))
    step(b, r, 1, 300)
    // 2,000 USD / 300 = 6.67 → 22 lots of 0.3
    expect(r.fills[0]?.qtyE8).toBe(660_000_000)
    const poor = portfolio({ capitalUsd: 8_999 }, ['A'], lots)
    expect(submitNow(poor, signal(), step(poor, r, 0, 300))).toBe('tooSmall')
    expect(poor.ignored.tooSmall).toBe(1)
  })

  it.each([
    ['a coin at 0.000005 USD', {}, 0.000005],
    ['a coin at 0.07 USD and a capital of 1e9', { capitalUsd: 1e9 }, 0.07],
    ['a price next to nothing', {}, 1e-300],
  ])('a quantity beyond exact integers is refused as tooLarge, and counted: %s', (_, over, price) => {
    const b = portfolio(over, ['A'], { ...anyRules, lotE8: 100_000_000 })
    const r = recorder()
    expect(submitNow(b, signal(), step(b, r, 0, price))).toBe('tooLarge')
    step(b, r, 1, price)
    expect([b.ignored.tooLarge, r.fills.length]).toEqual([1, 0])
    // A tenth of that is a quantity like any other.
    const small = portfolio({ ...over, sizeShare: 0.002 }, ['A'], { ...anyRules, lotE8: 100_000_000 })
    expect(submitNow(small, signal(), step(small, r, 0, Math.max(price, 5e-6)))).toBe('entry')
    step(small, r, 1, Math.max(price, 5e-6))
    expect(r.fills).toHaveLength(1)
  })

  it.each([
    [0.5, 0.25],
    [0.55, 0.25],
    [0.6, 0.5],
    [0.7, 1],
    [0.9, 1],
  ])('an idea as sure as %f gets %f of a full position', (confidence, part) => {
    expect(sizeFactor(confidence)).toBeCloseTo(part, 12)
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ confidence }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    expect(r.fills[0]?.notionalE6).toBeCloseTo(2_000_000_000 * part, -3)
  })

  it('charges spread, slippage, tick and fee against the order, and books the trade to the last unit', () => {
    const b = portfolio({ feeRate: 0.004, halfSpread: 0.0005, slippage: 0.0005 }, ['A'], {
      ...anyRules,
      lotE8: 100_000_000,
      tickUsd: 0.5,
    })
    const r = recorder()
    submitNow(b, signal({ horizonBars: 1 }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    step(b, r, 2, 110)
    // Buy 20 at 100.1 → tick 100.5; sell at 109.89 → tick 109.5.
    expect(r.trades).toMatchObject([
      {
        entryPriceUsd: 100.5,
        exitPriceUsd: 109.5,
        qtyE8: 2_000_000_000,
        entryNotionalE6: 2_010_000_000,
        exitNotionalE6: 2_190_000_000,
        feesE6: 8_040_000 + 8_760_000,
        slippageE6: 10_000_000 + 10_000_000,
        borrowE6: 0,
        pnlE6: 180_000_000 - 16_800_000,
        reason: 'horizon',
        barsHeld: 1,
      },
    ])
    expect(b.cashE6).toBe(100_000_000_000 + 163_200_000)
    expect(auditPortfolio(b)).toBe(0)
  })

  it('lends for a short at 0.02 % a day, in equity while it is held and in the trade at its end', () => {
    const b = portfolio({ borrowRatePerDay: 0.0002 })
    const r = recorder()
    submitNow(b, signal({ direction: -1, horizonBars: 24 }), step(b, r, 0, 100))
    for (let h = 1; h <= 12; h++) step(b, r, h, 100)
    expect(equityE6(b)).toBe(100_000_000_000 - 200_000)
    for (let h = 13; h <= 25; h++) step(b, r, h, 100)
    expect(r.trades).toMatchObject([
      { direction: -1, borrowE6: 400_000, pnlE6: -400_000, entryTime: T0 + HOUR, exitTime: T0 + 25 * HOUR },
    ])
    expect(auditPortfolio(b)).toBe(0)
  })

  it('holds a position for exactly its horizon: from the open after the decision to the open h bars on', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 3 }), step(b, r, 0, 100))
    for (let h = 1; h <= 6; h++) step(b, r, h, 100 + h)
    expect(r.trades).toMatchObject([{ entryPriceUsd: 101, exitPriceUsd: 104, barsHeld: 3, reason: 'horizon', pnlE6: 60_000_000 }])
  })

  it('counts a same-direction idea as ignored and closes on an opposite one', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 100 }), step(b, r, 0, 100))
    expect(submitNow(b, signal(), at(1))).toBe('sameDirection')
    const now = step(b, r, 1, 100)
    expect(submitNow(b, signal(), now)).toBe('sameDirection')
    expect(submitNow(b, signal({ direction: -1 }), now)).toBe('exit')
    expect(submitNow(b, signal({ direction: -1 }), now)).toBe('leaving')
    step(b, r, 2, 90)
    expect(r.trades).toMatchObject([{ reason: 'opposite', exitPriceUsd: 90 }])
    expect(b.held).toHaveLength(0)
    expect(portfolioMetrics(b).values).toMatchObject({ ideas: 5, ignored: 3, trades: 1 })
  })

  it('an opposite idea takes back an entry that still waits', () => {
    const b = portfolio()
    const r = recorder()
    const now = step(b, r, 0, 100)
    submitNow(b, signal(), now)
    expect(submitNow(b, signal({ direction: -1 }), now)).toBe('cancelsEntry')
    step(b, r, 1, 100)
    expect(r.fills).toHaveLength(0)
    expect(b.broker.orders.cancelled.opposite).toBe(1)
  })

  it('ignores, and counts, what is not sure enough, too late, or about an unknown or flagged pair', () => {
    const b = portfolio({ minConfidence: 0.5 })
    const r = recorder()
    const now = step(b, r, 0, 100)
    expect(submitNow(b, signal({ confidence: 0.5 - 1e-12 }), now)).toBe('lowConfidence')
    expect(submitNow(b, signal({ confidence: Number.NaN }), now)).toBe('lowConfidence')
    expect(submitNow(b, signal({ expiresAt: now.time - 1 }), now)).toBe('expired')
    expect(submitNow(b, signal({ pair: 'Z' }), now)).toBe('unknownPair')
    const later = step(b, r, 1, 1_000, { flags: BarFlag.outlier })
    expect(submitNow(b, signal(), later)).toBe('flagged')
    expect(submitNow(b, signal({ confidence: 0.5 }), step(b, r, 2, 1_000))).toBe('entry')
    expect(b.ignored).toMatchObject({ lowConfidence: 2, expired: 1, unknownPair: 1, flagged: 1 })
  })

  it('cancels an entry whose price has run away since the decision (I4)', () => {
    for (const price of [1_000, 10]) {
      const b = portfolio()
      const r = recorder()
      submitNow(b, signal(), step(b, r, 0, 100))
      step(b, r, 1, price)
      expect(r.fills).toHaveLength(0)
      expect(b.broker.orders.cancelled.jump).toBe(1)
    }
  })

  describe('stops and targets', () => {
    it('of a position entered at this bar’s open are met inside the bar: the price it was entered at is no gap', () => {
      const b = portfolio({ stopAtr: 1 })
      const r = recorder()
      step(b, r, 0, 100)
      submitNow(b, signal(atr(0.01)), at(1))
      step(b, r, 1, 100, { low: 98 })
      expect(r.trades).toMatchObject([{ reason: 'stop', entryTime: T0 + HOUR, exitTime: T0 + 2 * HOUR }])
    })

    it.each([
      ['nearer than the cost of its exit', 0.0044, false],
      ['of a market without a range', 0, false],
      ['beyond that cost', 0.0046, true],
    ])('a stop %s: %f of the price away, it is one: %s', (_, distance, stops) => {
      const b = portfolio({ stopAtr: 1, feeRate: 0.004, halfSpread: 0.0003, slippage: 0.0002 })
      const r = recorder()
      step(b, r, 0, 100)
      submitNow(b, signal(atr(distance)), at(1))
      step(b, r, 1, 100, { low: 90 })
      expect(r.trades).toHaveLength(stops ? 1 : 0)
    })

    function enter(direction: 1 | -1, horizonBars = 24) {
      const b = portfolio({ stopAtr: 2, targetAtr: 4 })
      const r = recorder()
      submitNow(b, signal({ direction, horizonBars, ...atr(0.01) }), step(b, r, 0, 100))
      return { b, r }
    }
    it.each([
      ['long stop', 1, { low: 98 }, 98, 'stop'],
      ['long target', 1, { high: 104 }, 104, 'target'],
      ['short stop', -1, { high: 102 }, 102, 'stop'],
      ['short target', -1, { low: 96 }, 96, 'target'],
      ['both in one bar, long: the stop', 1, { low: 90, high: 110 }, 98, 'stop'],
      ['both in one bar, short: the stop', -1, { low: 90, high: 110 }, 102, 'stop'],
    ] as const)('%s', (_, direction, range, price, reason) => {
      for (const sameBar of [true, false]) {
        const { b, r } = enter(direction)
        if (!sameBar) step(b, r, 1, 100)
        step(b, r, sameBar ? 1 : 2, 100, range)
        expect(r.trades).toMatchObject([{ reason, exitPriceUsd: price }])
        expect(auditPortfolio(b)).toBe(0)
      }
    })
    it.each([
      ['long stop', 1, 95, 'stop'],
      ['long target', 1, 107, 'target'],
      ['short stop', -1, 105, 'stop'],
      ['short target', -1, 91, 'target'],
    ] as const)('a gap through the %s fills at the open', (_, direction, open, reason) => {
      const { b, r } = enter(direction)
      step(b, r, 1, 100)
      step(b, r, 2, open)
      expect(r.trades).toMatchObject([{ reason, exitPriceUsd: open, exitTime: T0 + 2 * HOUR }])
    })
    it('stand further off the longer the horizon, as √bars beyond 24, because prices spread so', () => {
      const plain = enter(1, 1)
      const long = enter(1, 96)
      for (const { b, r } of [plain, long]) step(b, r, 1, 100, { low: 97.9 })
      expect(plain.r.trades).toMatchObject([{ reason: 'stop', exitPriceUsd: 98 }])
      expect(long.r.trades).toHaveLength(0)
      step(long.b, long.r, 2, 100, { low: 95.9 })
      expect(long.r.trades).toMatchObject([{ reason: 'stop', exitPriceUsd: 96 }])
    })
    it('nothing happens one step inside the levels', () => {
      const { b, r } = enter(1)
      step(b, r, 1, 100, { low: 98.01, high: 103.99 })
      expect(r.trades).toHaveLength(0)
    })
  })

  it('closes everything at the last close when data end', () => {
    const b = portfolio({ feeRate: 0.004 }, ['A', 'B'])
    const r = recorder()
    portfolioOnBar(b, bar(0, 10, { pair: 'B' }), r)
    const now = step(b, r, 0, 100)
    submitNow(b, signal({ horizonBars: 100 }), now)
    step(b, r, 1, 100, { close: 120 })
    submitNow(b, signal({ pair: 'B' }), at(2))
    closePortfolio(b, at(2), r)
    expect(r.trades).toMatchObject([{ reason: 'end', exitPriceUsd: 120, exitTime: T0 + 2 * HOUR }])
    expect(b.broker.orders.live.size).toBe(0)
    expect(equityE6(b)).toBe(b.cashE6)
    expect(portfolioMetrics(b).values.equity).toBe(b.cashE6 / 1e6)
    expect(auditPortfolio(b)).toBe(0)
  })

  it('an exit waits for the next existing bar, however long it takes', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 1 }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    for (let h = 2; h < 8; h++) step(b, r, h, 100, filled)
    step(b, r, 8, 70)
    step(b, r, 9, 71)
    expect(r.trades).toHaveLength(1)
    expect(r.trades[0]?.reason).toBe('horizon')
  })

  it('refuses entries while halted, takes back waiting ones, and lets exits go on', () => {
    const b = portfolio({}, ['A', 'B'])
    const r = recorder()
    portfolioOnBar(b, bar(0, 10, { pair: 'B' }), r)
    submitNow(b, signal({ horizonBars: 1 }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    submitNow(b, signal({ pair: 'B' }), at(2))
    haltPortfolio(b, drawdown)
    expect(b.broker.orders.cancelled.halted).toBe(1)
    expect(submitNow(b, signal({ pair: 'B' }), at(2))).toBe('drawdown')
    portfolioOnBar(b, bar(2, 10, { pair: 'B' }), r)
    step(b, r, 2, 101)
    expect(r.trades).toMatchObject([{ reason: 'horizon' }])
    expect(r.fills.filter(f => f.opens)).toHaveLength(1)
    haltPortfolio(b, { ...drawdown, on: false })
    expect(submitNow(b, signal({ pair: 'B' }), at(3))).toBe('entry')
    haltPortfolio(b, { ...drawdown, portfolio: 'baseline' })
    expect(b.gate.locks).toEqual([])
  })

  it('R3: makes no entry while a held pair has no price, and still exits when it has one again', () => {
    const b = portfolio({}, ['A', 'B'])
    const r = recorder()
    portfolioOnBar(b, bar(0, 10, { pair: 'B' }), r)
    submitNow(b, signal({ horizonBars: 2 }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    losePrice(b, 'A')
    expect(equityE6(b)).toBeNaN()
    expect(submitNow(b, signal({ pair: 'B' }), at(2))).toBe('noPrice')
    step(b, r, 2, Number.NaN)
    expect(submitNow(b, signal({ pair: 'B' }), at(3))).toBe('noPrice')
    step(b, r, 3, 104)
    expect(r.trades).toMatchObject([{ reason: 'horizon', exitPriceUsd: 104 }])
    expect(portfolioMetrics(b).values.trades).toBe(1)
  })

  it('R3: an entry in the place of a position whose price is lost is cancelled, and the position closed', () => {
    const b = portfolio()
    const r = recorder()
    submitNow(b, signal({ horizonBars: 2 }), step(b, r, 0, 100))
    step(b, r, 1, 100)
    expect(submitNow(b, signal({ direction: -1 }), step(b, r, 2, 100))).toBe('entry')
    losePrice(b, 'A')
    step(b, r, 3, 104)
    expect(r.trades).toMatchObject([{ reason: 'horizon', exitPriceUsd: 104 }])
    expect(r.fills).toHaveLength(2)
    expect(b.broker.orders.cancelled.grossLimit).toBe(1)
  })

  it('on ticks fills at the first trade at or after the decision plus its latency', () => {
    const b = portfolio({ fillOn: 'ticks', latencyMs: 250, stopAtr: 1, targetAtr: 0 })
    const r = recorder()
    submitNow(b, signal({ horizonBars: 1, ...atr(0.1) }), step(b, r, 0, 100))
    const tick = (ms: number, price: number) =>
      portfolioOnMarketTrade(b, { pair: 'A', time: T0 + HOUR + ms, price, volume: 1 }, r)
    tick(100, 90)
    tick(249, 91)
    expect(r.fills).toHaveLength(0)
    tick(250, 101)
    tick(251, 102)
    expect(r.fills).toMatchObject([{ priceUsd: 101, time: T0 + HOUR + 250 }])
    // The bar that contains the entry began before it: its low is no reason to stop.
    step(b, r, 1, 100, { low: 50 })
    expect(r.trades).toHaveLength(0)
    tick(HOUR + 10, 99)
    expect(r.trades).toHaveLength(0)
    tick(HOUR + 260, 98)
    expect(r.trades).toMatchObject([{ exitPriceUsd: 98, reason: 'horizon' }])
  })

  it('on ticks a stop fills at the trade that reaches it', () => {
    const b = portfolio({ fillOn: 'ticks', latencyMs: 0, stopAtr: 1 })
    const r = recorder()
    submitNow(b, signal({ horizonBars: 9, ...atr(0.1) }), step(b, r, 0, 100))
    for (const [i, price] of [100, 91, 89.5, 80].entries())
      portfolioOnMarketTrade(b, { pair: 'A', time: T0 + HOUR + i, price, volume: 1 }, r)
    expect(r.trades).toMatchObject([{ exitPriceUsd: 89.5, reason: 'stop' }])
  })

  it('decides today as it would with another tomorrow: the future changes no earlier fill', () => {
    const run = (future: number) => {
      const b = portfolio({ stopAtr: 2, targetAtr: 2, feeRate: 0.004 })
      const r = recorder()
      for (let h = 0; h < 40; h++) {
        const price = h < 20 ? 100 + 3 * Math.sin(h) : future + h
        const now = step(b, r, h, price, { high: price * 1.01, low: price * 0.99 })
        submitNow(b, signal({ direction: h % 3 === 0 ? -1 : 1, horizonBars: 4, ...atr(0.01) }), now)
      }
      return r.fills.filter(f => f.time < T0 + 20 * HOUR)
    }
    expect(run(50)).toEqual(run(400))
    expect(run(50).length).toBeGreaterThan(5)
  })

  it('goes on from a saved portfolio as if never interrupted', () => {
    const run = (interrupt: boolean) => {
      let b = portfolio({ stopAtr: 2, targetAtr: 3, feeRate: 0.004 }, ['A', 'B'])
      const r = recorder()
      for (let h = 0; h < 60; h++) {
        portfolioOnBar(b, bar(h, 50 + Math.cos(h), { pair: 'B' }), r)
        const now = step(b, r, h, 100 + 4 * Math.sin(h))
        submitNow(b, signal({ pair: h % 2 ? 'A' : 'B', direction: h % 5 ? 1 : -1, horizonBars: 3, ...atr(0.01) }), now)
        if (interrupt) b = decodeValue(encodeValue(b)) as Portfolio
      }
      closePortfolio(b, at(60), r)
      return { fills: r.fills, trades: r.trades, metrics: portfolioMetrics(b) }
    }
    expect(run(true)).toEqual(run(false))
    expect(run(false).trades.length).toBeGreaterThan(8)
  })

  it('makes nothing out of nothing: random ideas on a fair market earn 0, and with costs lose just those', () => {
    const rng = Rng.derive(rootOf(17), 1, 1)
    const pairs = Array.from({ length: 10 }, (_, i) => `P${i}`)
    const run = (over: object) => {
      const b = portfolio(over, pairs)
      const r = recorder()
      const last = pairs.map(() => 100)
      for (let h = 0; h < 6_000; h++) {
        const now = at(h + 1)
        pairs.forEach((pair, i) => {
          const open = last[i] as number
          // Two equal halves of a martingale: the price halfway is the other extreme of the bar.
          const middle = open * Math.exp(0.01 * rng.normal() - 0.00005)
          const close = middle * Math.exp(0.01 * rng.normal() - 0.00005)
          last[i] = close
          portfolioOnBar(
            b,
            bar(h, open, { pair, close, high: Math.max(open, middle, close), low: Math.min(open, middle, close) }),
            r,
          )
        })
        portfolioOnStep(b, now)
        for (const pair of pairs)
          if (rng.chance(0.3))
            submitNow(b, signal({ pair, direction: rng.chance(0.5) ? 1 : -1, horizonBars: 5, expiresAt: now.time }), now)
      }
      expect(auditPortfolio(b)).toBe(0)
      const returns = r.trades.map(t => t.pnlE6 / t.entryNotionalE6)
      const cost = r.trades.reduce((a, t) => a + (t.feesE6 + t.slippageE6 + t.borrowE6) / t.entryNotionalE6, 0) / returns.length
      const mean = returns.reduce((a, x) => a + x, 0) / returns.length
      const se = Math.sqrt(returns.reduce((a, x) => a + (x - mean) ** 2, 0)) / returns.length
      expect(returns.length).toBeGreaterThan(5_000)
      return { mean, se, cost }
    }
    const free = run({ maxJump: 1_000 })
    expect(Math.abs(free.mean)).toBeLessThan(3 * free.se)
    expect(free.cost).toBe(0)
    const real = run({ maxJump: 1_000, feeRate: 0.004, halfSpread: 0.0005, slippage: 0.0005, borrowRatePerDay: 0.0002 })
    expect(real.cost).toBeCloseTo(0.01, 3)
    expect(Math.abs(real.mean + real.cost)).toBeLessThan(3 * real.se)
  })

  it('R6: 123 orders in one tick never pass the gross limit, not by one fill, and are granted in a fixed order', () => {
    const pairs = Array.from({ length: 123 }, (_, i) => `P${i}`)
    const run = () => {
      const b = portfolio({ grossLimit: 0.3, halfSpread: 0.01, feeRate: 0.004 }, pairs)
      const r = recorder()
      for (const pair of pairs) portfolioOnBar(b, bar(0, 7, { pair }), r)
      portfolioOnStep(b, at(1))
      const outcomes = pairs.map((pair, i) => submitNow(b, signal({ pair, direction: i % 2 ? 1 : -1, horizonBars: 50 }), at(1)))
      let gross = 0
      for (const pair of pairs) {
        // Every market opens 2 % higher than it closed, so that the last orders no longer fit.
        portfolioOnBar(b, bar(1, 7.14, { pair }), {
          ...r,
          fill: f => {
            gross += f.notionalE6
            r.fill(f)
            expect(gross).toBeLessThanOrEqual(30_000_000_000)
          },
        })
      }
      portfolioOnStep(b, at(2))
      expect(auditPortfolio(b)).toBe(0)
      return { outcomes, fills: r.fills, cancelled: b.broker.orders.cancelled.grossLimit, gross }
    }
    const first = run()
    expect(first.outcomes.filter(o => o === 'entry')).toHaveLength(15)
    expect(first.outcomes.slice(15).every(o => o === 'grossLimit')).toBe(true)
    expect(first.fills.map(f => f.pair)).toEqual(pairs.slice(0, first.fills.length))
    // The last one is cut to what is left: a partial fill, the rest cancelled.
    expect(first.cancelled).toBe(1)
    expect(first.gross).toBeGreaterThan(29_999_000_000)
    expect(run()).toEqual(first)
  })
})
