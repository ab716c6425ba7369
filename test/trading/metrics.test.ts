import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/index.js'
import { type Session, sessionCalendar, sessionSchema } from '../../src/market/index.js'
import {
  buyAndHoldMetrics,
  buyAndHoldOnBar,
  buyAndHoldOnStep,
  curveMetrics,
  finishEquity,
  type MetricName,
  metricNames,
  newBuyAndHold,
  newPerformance,
  portfolioMetrics,
  portfolioOnBar,
  portfolioOnStep,
  sampleEquity,
  sampleTrade,
  type Trade,
} from '../../src/trading/index.js'
import { wholeDays } from '../../src/trading/performance.js'
import { bar, filled, HOUR, portfolio, recorder, settings, signal, submitNow, T0 } from './support.js'

const free = { feesUsd: 0, slippageUsd: 0, interestUsd: 0 }
const USD = 1e6

/** Equity in USD, one sample a day at 00:00, the first at the start. */
function daily(equities: readonly number[]) {
  const p = newPerformance((equities[0] ?? 0) * USD)
  equities.forEach((e, i) => {
    sampleEquity(p, { time: T0 + i * DAY_MS, equityE6: e * USD, grossE6: (e * USD) / 4, halted: false })
  })
  return curveMetrics(p, free).values
}

describe('metrics of an equity curve', () => {
  it('equal a hand calculation on 40 whole days', () => {
    const r = Array.from({ length: 40 }, (_, i) => [0.02, -0.01, 0.005, 0][i % 4] as number)
    const equities = [100_000]
    for (const x of r) equities.push((equities[equities.length - 1] as number) * (1 + x))
    const got = daily(equities)
    const mean = r.reduce((a, b) => a + b, 0) / 40
    const sd = Math.sqrt(r.reduce((a, b) => a + (b - mean) ** 2, 0) / 39)
    const down = Math.sqrt((10 * 0.01 ** 2) / 40)
    const total = (1.02 * 0.99 * 1.005) ** 10 - 1
    expect(got.return).toBeCloseTo(total, 9)
    expect(got.sharpe).toBeCloseTo((mean / sd) * Math.sqrt(365), 5)
    expect(got.sortino).toBeCloseTo((mean / down) * Math.sqrt(365), 5)
    expect(got.cagr).toBeCloseTo((1 + total) ** (365 / 40) - 1, 6)
    expect(got.maxDrawdown).toBeCloseTo(0.01, 9)
    expect(got.calmar).toBeCloseTo((got.cagr as number) / 0.01, 4)
    expect(got.exposure).toBeCloseTo(0.25, 9)
  })

  it('measure a drawdown from its peak to its recovery, in bars and hours', () => {
    const p = newPerformance(100 * USD)
    const curve = [100, 110, 99, 88, 100, 110, 120, 119, 121, 120]
    curve.forEach((e, i) => {
      sampleEquity(p, { time: T0 + i * HOUR, equityE6: e * USD, grossE6: 0, halted: i === 3 })
    })
    const { values } = curveMetrics(p, free)
    expect(values.maxDrawdown).toBeCloseTo(0.2, 12)
    // Peak at bar 1, regained at bar 5.
    expect(values).toMatchObject({ maxDrawdownBars: 4, maxDrawdownHours: 4 })
    expect(p.barsHalted).toBe(1)
    const rising = newPerformance(100 * USD)
    for (let i = 0; i < 5; i++)
      sampleEquity(rising, { time: T0 + i * HOUR, equityE6: (100 + i) * USD, grossE6: 0, halted: false })
    expect(curveMetrics(rising, free).values).toMatchObject({ maxDrawdown: 0, maxDrawdownBars: 0 })
  })

  it('count what closing the last positions costs, after a single bar too', () => {
    const p = newPerformance(100 * USD)
    finishEquity(p, 90 * USD)
    expect(p.maxDrawdown).toBe(0)
    sampleEquity(p, { time: T0, equityE6: 100 * USD, grossE6: 0, halted: false })
    finishEquity(p, 90 * USD)
    expect(p.maxDrawdown).toBeCloseTo(0.1, 12)
  })

  it('count a drawdown that has not ended until now', () => {
    const p = newPerformance(100 * USD)
    ;[100, 90, 91, 92].forEach((e, i) => {
      sampleEquity(p, { time: T0 + i * HOUR, equityE6: e * USD, grossE6: 0, halted: false })
    })
    expect(curveMetrics(p, free).values.maxDrawdownBars).toBe(3)
  })

  it('take whole UTC days only: 29 are too few, 30 enough, and a part of a day does not count', () => {
    const over = (startHour: number, hours: number) => {
      const p = newPerformance(100 * USD)
      for (let h = 0; h <= hours; h++)
        sampleEquity(p, { time: T0 + (startHour + h) * HOUR, equityE6: (100 + Math.sin(h)) * USD, grossE6: 0, halted: false })
      return curveMetrics(p, free)
    }
    expect(over(0, 30 * 24).values.sharpe).not.toBeNull()
    expect(over(0, 30 * 24 - 1).values.sharpe).toBeNull()
    expect(over(0, 30 * 24 - 1).reasons.sharpe).toBe('needs 30 whole UTC days, has 29')
    expect(over(1, 30 * 24).values.sharpe).toBeNull()
    expect(over(1, 30 * 24 + 23).values.sharpe).not.toBeNull()
  })

  it('days without any sample are days without a change', () => {
    const every = newPerformance(100 * USD)
    const gappy = newPerformance(100 * USD)
    for (let d = 0; d <= 40; d++) {
      const e = (d < 10 ? 100 + d : d < 20 ? 109 : 109 + (d - 19)) * USD
      sampleEquity(every, { time: T0 + d * DAY_MS, equityE6: e, grossE6: 0, halted: false })
      if (d < 10 || d >= 20) sampleEquity(gappy, { time: T0 + d * DAY_MS, equityE6: e, grossE6: 0, halted: false })
    }
    expect(curveMetrics(gappy, free).values.sharpe).toBeCloseTo(curveMetrics(every, free).values.sharpe as number, 9)
  })

  it('are null with a reason, never NaN, where undefined', () => {
    const nothing = portfolioMetrics(portfolio())
    const flat = daily(Array.from({ length: 40 }, () => 100_000))
    expect(flat).toMatchObject({ sharpe: null, sortino: null, calmar: null, cagr: 0, return: 0, maxDrawdown: 0 })
    expect(nothing.values).toMatchObject({ trades: 0, ideas: 0, winRate: null, profitFactor: null, sqn: null, return: null })
    for (const name of metricNames) {
      const value = nothing.values[name]
      expect(value === null ? nothing.reasons[name] : Number.isFinite(value), name).toBeTruthy()
    }
    expect(JSON.parse(JSON.stringify(nothing))).toEqual(nothing)
  })

  it('leave out bars whose equity cannot be computed', () => {
    const p = newPerformance(100 * USD)
    ;[100, Number.NaN, 90].forEach((e, i) => {
      sampleEquity(p, { time: T0 + i * HOUR, equityE6: e * USD, grossE6: 0, halted: false })
    })
    expect(p).toMatchObject({ bars: 2, barsUnknown: 1 })
    expect(curveMetrics(p, free).values.return).toBeCloseTo(-0.1, 12)
  })
})

describe('metrics of trades', () => {
  it('stand each for a count of its own', () => {
    const b = portfolio()
    Object.assign(b, { feesE6: USD, slippageE6: 2 * USD, borrowE6: 3 * USD, signals: 4, collisions: 5 })
    Object.assign(b.performance, { barsHalted: 6, barsUnknown: 7 })
    expect(portfolioMetrics(b).values).toMatchObject({
      fees: 1,
      slippage: 2,
      borrow: 3,
      ideas: 4,
      collisions: 5,
      barsHalted: 6,
    })
  })

  it('say of one trade that there must be two', () => {
    const b = portfolio()
    sampleTrade(b.performance, { pnlE6: USD, entryNotionalE6: 10 * USD } as Trade)
    expect(portfolioMetrics(b).reasons.sqn).toBe('needs 2 finished trades')
  })

  it('equal a hand calculation on three trades', () => {
    const b = portfolio()
    const r = recorder()
    // Entered at 100, left at 110, 95 and 102: +10 %, −5 %, +2 %, each on 2 % of equity.
    for (const [i, exit] of [110, 95, 102].entries()) {
      const h = i * 3
      portfolioOnBar(b, bar(h, 100), r)
      portfolioOnStep(b, { step: h + 1, time: T0 + (h + 1) * HOUR })
      submitNow(b, signal({ horizonBars: 1 }), { step: h + 1, time: T0 + (h + 1) * HOUR })
      for (const [k, price] of [
        [1, 100],
        [2, exit],
      ] as const) {
        portfolioOnBar(b, bar(h + k, price), r)
        portfolioOnStep(b, { step: h + k + 1, time: T0 + (h + k + 1) * HOUR })
      }
    }
    const { values } = portfolioMetrics(b)
    const pnl = r.trades.map(t => t.pnlE6 / USD)
    expect(pnl).toEqual([200, -100.2, expect.closeTo(40.04, 2)])
    const returns = [0.1, -0.05, 0.02]
    const mean = 0.07 / 3
    const sd = Math.sqrt(returns.reduce((a, x) => a + (x - mean) ** 2, 0) / 2)
    expect(values).toMatchObject({ trades: 3, ideas: 3, ignored: 0, collisions: 0, fees: 0 })
    expect(values.winRate).toBeCloseTo(2 / 3, 12)
    expect(values.profitFactor).toBeCloseTo((200 + (pnl[2] as number)) / 100.2, 9)
    expect(values.expectancy).toBeCloseTo(pnl.reduce((a, x) => a + x, 0) / 3, 9)
    expect(values.expectancyReturn).toBeCloseTo(mean, 9)
    expect(values.sqn).toBeCloseTo((Math.sqrt(3) * mean) / sd, 6)
    const traded = r.fills.reduce((a, f) => a + f.notionalE6 / USD, 0)
    expect(values.turnover).toBeCloseTo(traded / 100_000, 3)
  })
})

describe('a finished trade', () => {
  /** A record of trades of 100 USD with these results, in 1e-6 USD. */
  const recordOf = (...pnls: number[]) => {
    const p = portfolio()
    for (const pnlE6 of pnls) sampleTrade(p.performance, { pnlE6, entryNotionalE6: 100 * USD } as Trade)
    return { ...p.performance, ...portfolioMetrics(p) }
  }

  it('of exactly 0 is no win; one unit more is', () => {
    expect(recordOf(0).values).toMatchObject({ winRate: 0, trades: 1, expectancy: 0 })
    expect(recordOf(1).values.winRate).toBe(1)
    expect(recordOf(-1).values.winRate).toBe(0)
    expect(recordOf(0, 1, -1, 5).values.winRate).toBe(0.5)
  })

  it('of exactly 0 is no loss either: it moves no profit factor', () => {
    expect(recordOf(0).reasons.profitFactor).toBe('no losing trade')
    expect(recordOf(30, 0, -10)).toMatchObject({ wins: 1, wonE6: 30, lostE6: 10, values: { profitFactor: 3 } })
    expect(recordOf(-10, -20).values.profitFactor).toBe(0)
  })

  it('counts in its return on entry, and in money', () => {
    const { values } = recordOf(10 * USD, -5 * USD)
    expect(values.expectancy).toBe(2.5)
    expect(values.expectancyReturn).toBeCloseTo(0.025, 12)
  })
})

describe('a drawdown', () => {
  const curve = (...equities: number[]) => {
    const p = newPerformance(100 * USD)
    equities.forEach((e, i) => {
      sampleEquity(p, { time: T0 + i * HOUR, equityE6: e * USD, grossE6: 0, halted: false })
    })
    return curveMetrics(p, free).values
  }

  it('is none where equity stands at its peak, and over where it is back at it', () => {
    expect(curve(100, 100, 100)).toMatchObject({ maxDrawdown: 0, maxDrawdownBars: 0 })
    expect(curve(100, 90, 100, 100, 100)).toMatchObject({ maxDrawdownBars: 2, maxDrawdownHours: 2 })
  })

  it('is the deepest and the longest, which may be two', () => {
    const { maxDrawdown, maxDrawdownBars } = curve(100, 50, 100, 99, 99, 99, 101)
    expect([maxDrawdown, maxDrawdownBars]).toEqual([0.5, 4])
  })
})

describe('buy-and-hold', () => {
  it('spends an equal part on each pair at its first existing close, and holds', () => {
    const buyAndHold = newBuyAndHold(['A', 'B'], settings({ capitalUsd: 1_000 }))
    buyAndHoldOnBar(buyAndHold, bar(0, 10))
    buyAndHoldOnBar(buyAndHold, bar(0, 5, { pair: 'B', ...filled }))
    buyAndHoldOnStep(buyAndHold, T0 + HOUR)
    buyAndHoldOnBar(buyAndHold, bar(1, 20))
    buyAndHoldOnBar(buyAndHold, bar(1, 4, { pair: 'B' }))
    buyAndHoldOnStep(buyAndHold, T0 + 2 * HOUR)
    buyAndHoldOnBar(buyAndHold, bar(2, 20))
    buyAndHoldOnBar(buyAndHold, bar(2, 8, { pair: 'B' }))
    buyAndHoldOnStep(buyAndHold, T0 + 3 * HOUR)
    const { values, reasons } = buyAndHoldMetrics(buyAndHold)
    expect(values).toMatchObject({ return: 1, equity: 2_000, fees: 0, trades: null })
    expect(reasons.trades).toBe('not defined for buy-and-hold')
  })

  it('pays the costs of buying', () => {
    const buyAndHold = newBuyAndHold(['A'], settings({ capitalUsd: 1_000, feeRate: 0.01, halfSpread: 0.01, slippage: 0.01 }))
    buyAndHoldOnBar(buyAndHold, bar(0, 10))
    buyAndHoldOnStep(buyAndHold, T0 + HOUR)
    const { values } = buyAndHoldMetrics(buyAndHold)
    expect(values.equity).toBeCloseTo(1_000 / 1.01 / 1.02, 5)
    const lost: Record<string, number | null> = values satisfies Record<MetricName, number | null>
    expect((lost.fees as number) + (lost.slippage as number) + (lost.equity as number)).toBeCloseTo(1_000, 5)
  })
})

describe('figures that would be noise', () => {
  function curve(days: number, equityUsd: (day: number) => number) {
    const p = newPerformance(Math.round(equityUsd(0) * USD))
    for (let i = 0; i < days; i++) {
      sampleEquity(p, { time: T0 + i * DAY_MS, equityE6: Math.round(equityUsd(i) * USD), grossE6: 0, halted: false })
    }
    return curveMetrics(p, free)
  }

  it('a constant daily return has no Sharpe ratio: what varies is the rounding', () => {
    for (const rate of [0.001, -0.001, 0.05]) {
      const { values, reasons } = curve(250, day => 1_000 * (1 + rate) ** day)
      expect([values.sharpe, reasons.sharpe]).toEqual([null, 'every day returned the same'])
    }
    expect(curve(250, day => 1_000 * 1.001 ** day + (day % 2) * 0.01).values.sharpe).toBeGreaterThan(0)
    expect(curve(250, () => 1_000).reasons.sharpe).toBe('daily equity never changed')
  })

  it('equity that fell to 0 or below has no daily returns, also where it recovered', () => {
    const fell = (day: number) => 1_000 - 20 * day
    for (const equity of [fell, (day: number) => (day < 55 ? fell(day) : 500)]) {
      const { values, reasons } = curve(60, equity)
      expect([values.sharpe, values.sortino]).toEqual([null, null])
      expect([reasons.sharpe, reasons.sortino]).toEqual(['equity fell to 0 or below', 'equity fell to 0 or below'])
    }
  })
})

describe('metrics of a market that closes', () => {
  const nyse = sessionCalendar('NYSE')

  it('count the days of its sessions: no weekend, no holiday, and a year of 252', () => {
    const curve = (session?: Session) => {
      const p = newPerformance(100_000 * USD, session)
      const returns: number[] = []
      let equity = 100_000
      let time = nyse.after(Date.UTC(2024, 0, 2), 0, HOUR)
      for (let i = 0; i < 7 * 60; i++) {
        // Equity moves at the last bar of each day.
        const next = nyse.after(time, 1, HOUR)
        if (nyse.dayOf(next) !== nyse.dayOf(time)) {
          const r = returns.length % 3 === 0 ? 0.01 : -0.004
          if (i > 7) returns.push(r)
          equity *= 1 + r
        }
        sampleEquity(p, { time: time + HOUR, equityE6: equity * USD, grossE6: 0, halted: false })
        time = next
      }
      return { values: curveMetrics(p, free).values, n: p.daily.n, returns }
    }
    const { values, n, returns } = curve('NYSE')
    const mean = returns.reduce((a, b) => a + b, 0) / returns.length
    const sd = Math.sqrt(returns.reduce((a, b) => a + (b - mean) ** 2, 0) / (returns.length - 1))
    expect(n).toBe(58)
    expect(returns).toHaveLength(59)
    expect(values.sharpe).toBeCloseTo((mean / sd) * Math.sqrt(252), 4)
    expect(curve().n).toBeGreaterThan(80)
  })

  it('do not end a session day at midnight UTC, where the session goes on across it', () => {
    const session = sessionSchema.parse({ timeZone: 'America/Chicago', open: '09:00', close: '22:00' })
    const calendar = sessionCalendar(session)
    const p = newPerformance(100_000 * USD, session)
    let time = calendar.after(Date.UTC(2024, 0, 2, 12), 0, HOUR)
    while (time + HOUR < Date.UTC(2024, 0, 10)) {
      sampleEquity(p, { time: time + HOUR, equityE6: 100_000 * USD, grossE6: 0, halted: false })
      time = calendar.after(time, 1, HOUR)
    }
    sampleEquity(p, { time: Date.UTC(2024, 0, 10), equityE6: 100_000 * USD, grossE6: 0, halted: false })
    const before = p.daily.n
    // The session of the 9th is open until 04:00 UTC of the 10th.
    expect(wholeDays(p).daily.n).toBe(before)
    sampleEquity(p, { time: Date.UTC(2024, 0, 10, 4), equityE6: 100_000 * USD, grossE6: 0, halted: false })
    expect(wholeDays(p).daily.n).toBe(before + 1)
  })
})
