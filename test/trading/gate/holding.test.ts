/** How long a position is held under the gate's limits, and when the next one may begin. */

import { describe, expect, it } from 'vitest'
import {
  type Answer,
  closePortfolio,
  gateKeeper,
  gateOnTrade,
  houseRules,
  type Limits,
  newGate,
  newPortfolio,
  portfolioOnBar,
  submitSignal,
} from '../../../src/trading/index.js'
import { anyRules, bar, noFeatures, recorder, settings, signal } from '../support.js'
import { HOUR, T0 } from './support.js'

/** A portfolio that is long in A since 01:00, with a stop 10 % below its entry at 100 USD and a horizon of 10 hours. */
function holding(limits: Limits) {
  const gate = newGate('portfolio', 'mycelial', limits, houseRules)
  const portfolio = newPortfolio('mycelial', settings({ stopAtr: 1, targetAtr: 1 }), [['A', anyRules]], gate)
  const kept = gateKeeper(portfolio, houseRules, { doubt: () => null, announce: () => undefined })
  const r = recorder()
  const events = {
    fill: r.fill,
    trade(trade: (typeof r.trades)[number]) {
      r.trades.push(trade)
      gateOnTrade(kept, trade)
    },
  }
  /** A signal that is decided so many hours after T0. */
  const answer = (hour: number, direction: 1 | -1, horizonBars = 10): Answer => {
    const time = T0 + hour * HOUR
    const given = signal({ direction, horizonBars, features: { ...noFeatures, atr: 0.1 } })
    return submitSignal(portfolio, { ...given, decidedAt: time, closesAt: time + horizonBars * HOUR }, { step: hour, time }, kept)
  }
  const live = (hour: number, open: number, over = {}) => portfolioOnBar(portfolio, bar(hour, open, over), events)
  live(0, 100)
  expect(answer(1, 1).outcome).toBe('entry')
  live(1, 100)
  return { portfolio, answer, live, trades: r.trades, events }
}

describe('a minimum holding time', () => {
  const limits = { minHoldMs: 4 * HOUR }

  it('keeps an opposite signal from closing a younger position, and lets it close one of that age', () => {
    const { answer, live, trades } = holding(limits)
    live(2, 100)
    expect(answer(4, -1)).toMatchObject({ outcome: 'minHold', verdict: { measured: 3 * HOUR, limit: 4 * HOUR } })
    live(4, 100)
    expect(answer(5, -1).outcome).toBe('exit')
    live(5, 100)
    expect(trades).toMatchObject([{ reason: 'opposite', entryTime: T0 + HOUR, exitTime: T0 + 5 * HOUR }])
  })

  it('keeps no stop and no target from acting', () => {
    for (const [move, reason] of [
      [{ low: 80 }, 'stop'],
      [{ high: 120 }, 'target'],
    ] as const) {
      const { live, trades } = holding(limits)
      live(2, 100, move)
      expect(trades).toMatchObject([{ reason, exitTime: T0 + 3 * HOUR }])
    }
  })

  it('keeps neither the end of the horizon nor the end of data from closing a position', () => {
    const due = holding({ minHoldMs: 10 * HOUR })
    due.live(11, 100)
    expect(due.trades).toMatchObject([{ reason: 'horizon' }])
    const over = holding(limits)
    closePortfolio(over.portfolio, { step: 2, time: T0 + 2 * HOUR }, over.events)
    expect(over.trades).toMatchObject([{ reason: 'end' }])
  })

  it('lets no signal enter whose horizon is shorter', () => {
    const { answer, live } = holding(limits)
    live(2, 100, { low: 80 })
    expect([answer(4, 1, 3).outcome, answer(4, 1, 4).outcome]).toEqual(['minHold', 'entry'])
  })
})

describe('a cooldown', () => {
  it('begins with the exit, in its pair alone, and an entry at the open of that exit is refused', () => {
    const { answer, live, portfolio, trades } = holding({ cooldownMs: 2 * HOUR })
    live(10, 100)
    // At 11:00 the position is due: an opposite entry would fill at the open at which it leaves.
    expect(answer(11, -1).outcome).toBe('cooldown')
    live(11, 100)
    expect(trades).toMatchObject([{ reason: 'horizon', exitTime: T0 + 11 * HOUR }])
    expect(portfolio.gate.locks).toMatchObject([{ kind: 'cooldown', pair: 'A', until: T0 + 13 * HOUR }])
    expect([answer(12, 1).outcome, answer(13, 1).outcome]).toEqual(['cooldown', 'entry'])
  })

  it('does not begin where a position is renewed', () => {
    const { answer, live, portfolio, trades } = holding({ cooldownMs: 2 * HOUR })
    live(10, 100)
    expect(answer(11, 1).outcome).toBe('renewal')
    live(11, 100)
    expect([trades, portfolio.gate.locks, portfolio.extended]).toEqual([[], [], 1])
  })
})
