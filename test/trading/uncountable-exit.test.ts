/** Exits at a price at which what they close is worth more than exact numbers can say. */

import { describe, expect, it } from 'vitest'
import { type Portfolio, portfolioOnBar, portfolioOnStep } from '../../src/trading/index.js'
import { bar, HOUR, noFeatures, portfolio, recorder, signal, submitNow, T0 } from './support.js'

const at = (hour: number) => ({ step: hour, time: T0 + hour * HOUR })

/** A position of 1e9 USD since 01:00, entered at 100 USD, with a horizon of 3 hours and its target far away. */
function held() {
  const p = portfolio({ capitalUsd: 1e9, sizeShare: 1, grossLimit: 1, maxJump: 1_000, targetAtr: 1 })
  const r = recorder()
  const live = (hour: number, open: number, over = {}) => {
    portfolioOnBar(p, bar(hour, open, over), r)
    portfolioOnStep(p, at(hour + 1))
  }
  live(0, 100)
  submitNow(p, signal({ horizonBars: 3, features: { ...noFeatures, atr: 20 } }), at(1))
  live(1, 100)
  return { p, r, live }
}

const exitsOf = ({ broker }: Portfolio) => [...broker.orders.live.values()].filter(({ reduces }) => reduces)

describe('a position that is worth too much to count at the price of its exit', () => {
  it.each([
    ['opposite', 2],
    ['horizon', 4],
  ] as const)('leaves at the next price at which it is countable, for the reason it had: %s', (reason, hour) => {
    const { p, r, live } = held()
    for (let h = 2; h < hour; h++) live(h, 100)
    if (reason === 'opposite') submitNow(p, signal({ direction: -1 }), at(hour))
    live(hour, 1_000, { close: 100, low: 100 })
    expect([r.trades.length, exitsOf(p).length, p.instruments.get('A')?.exit]).toEqual([0, 0, null])
    live(hour + 1, 110)
    expect(r.trades).toMatchObject([{ reason, exitPriceUsd: 110, exitTime: T0 + (hour + 1) * HOUR }])
    expect([p.held.length, exitsOf(p).length]).toEqual([0, 0])
  })
})
