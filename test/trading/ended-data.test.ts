/** A pair whose data has ended: its position is closed by a rule, and marked stale until then. */

import { describe, expect, it } from 'vitest'
import {
  type BrokerSettings,
  closeEndedPairs,
  equityE6,
  portfolioMetrics,
  portfolioOnBar,
  portfolioOnStep,
  staleMarks,
} from '../../src/trading/index.js'
import { auditPortfolio, bar, filled, HOUR, portfolio, recorder, signal, submitNow, T0 } from './support.js'

const at = (hour: number) => ({ step: hour, time: T0 + hour * HOUR })

/** A position entered at 100 at hour 1, whose pair has its last bar at hour 1; steps go on to `hours`. */
function silent(direction: 1 | -1, hours: number, over: Partial<BrokerSettings> = {}) {
  const b = portfolio(over)
  const r = recorder()
  for (let h = 0; h < hours; h++) {
    portfolioOnBar(b, h < 2 ? bar(h, 100) : bar(h, 100, filled), r)
    closeEndedPairs(b, at(h + 1), r)
    portfolioOnStep(b, at(h + 1))
    if (h === 0) submitNow(b, signal({ direction, horizonBars: 1_000 }), at(1))
  }
  return { b, r }
}

describe('a pair whose data has ended', () => {
  it.each([
    [1, 95],
    [-1, 105],
  ] as const)('is left after three days at the last close less 5 %% against the position: direction %i', (direction, price) => {
    // The last bar ends at hour 2; three days later is hour 74.
    expect(silent(direction, 73).r.trades).toHaveLength(0)
    const { b, r } = silent(direction, 80)
    expect(r.trades).toMatchObject([{ reason: 'data-ended', exitPriceUsd: price, exitTime: T0 + 74 * HOUR, pnlE6: -100_000_000 }])
    expect(auditPortfolio(b)).toBe(0)
  })

  it('waits for the later of bars and days', () => {
    const exit = (over: Partial<BrokerSettings>) => silent(1, 130, over).r.trades[0]?.exitTime
    expect(exit({ dataEndedBars: 100 })).toBe(T0 + 102 * HOUR)
    expect(exit({ dataEndedBars: 30, dataEndedDays: 1 })).toBe(T0 + 32 * HOUR)
    expect(exit({ dataEndedLoss: 0, dataEndedDays: 5 })).toBe(T0 + 122 * HOUR)
  })

  it('is marked stale in every figure until then, and not after', () => {
    const { b } = silent(1, 50)
    expect(staleMarks(b, T0 + 50 * HOUR)).toBe(1)
    expect(equityE6(b)).toBe(100_000_000_000)
    // Of the 50 bars the first two existed.
    expect(portfolioMetrics(b).values.barsStale).toBe(48)
    const { b: closed } = silent(1, 200)
    expect(staleMarks(closed, T0 + 200 * HOUR)).toBe(0)
    expect(portfolioMetrics(closed).values.barsStale).toBe(71)
  })

  it('a pair that trades again in time is not left', () => {
    const { b, r } = silent(1, 73)
    portfolioOnBar(b, bar(73, 120), r)
    closeEndedPairs(b, at(74), r)
    portfolioOnStep(b, at(74))
    expect(r.trades).toHaveLength(0)
    expect(staleMarks(b, T0 + 74 * HOUR)).toBe(0)
  })
})
