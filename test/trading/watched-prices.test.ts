/** Where a live portfolio fills: at prints that somebody watched, never inside a bar. */

import { describe, expect, it } from 'vitest'
import { BarFlag } from '../../src/market/index.js'
import { type Portfolio, portfolioOnBar, portfolioOnMarketTrade, portfolioOnStep } from '../../src/trading/index.js'
import { bar, HOUR, noFeatures, portfolio, type Recorder, recorder, signal, submitNow, T0 } from './support.js'

const unwatched = { flags: BarFlag.unwatched }

/** A long of 100 with its stop at 90 and its target at 120, entered a second after the first bar, with a horizon of 100 bars. */
function held(fillOn: 'bars' | 'ticks' = 'ticks') {
  const b = portfolio({ fillOn, latencyMs: 0, stopAtr: 1, targetAtr: 2 })
  const r = recorder()
  submitNow(b, signal({ horizonBars: 24, features: { ...noFeatures, atr: 0.1 } }), step(b, r, 0, 100))
  if (fillOn === 'ticks') print(b, r, 1 * HOUR + 1_000, 100)
  else step(b, r, 1, 100)
  expect(r.fills).toHaveLength(1)
  return { b, r }
}

function step(b: Portfolio, r: Recorder, hour: number, open: number, over = {}) {
  const now = { step: hour + 1, time: T0 + (hour + 1) * HOUR }
  portfolioOnBar(b, bar(hour, open, over), r)
  portfolioOnStep(b, now)
  return now
}

function print(b: Portfolio, r: Recorder, ms: number, price: number) {
  portfolioOnMarketTrade(b, { pair: 'A', time: T0 + ms, price, volume: 1 }, r)
}

describe('with fills on ticks', () => {
  it('a bar fills nothing: no entry, no stop, no target and no horizon, whatever its prices', () => {
    const { b, r } = held()
    step(b, r, 2, 100, { low: 1 })
    step(b, r, 3, 100, { high: 1_000 })
    for (let hour = 4; hour < 40; hour++) step(b, r, hour, 50)
    expect(r.trades).toEqual([])
    const fresh = portfolio({ fillOn: 'ticks' })
    submitNow(fresh, signal(), step(fresh, r, 0, 100))
    step(fresh, r, 1, 100)
    expect(r.fills).toHaveLength(1)
  })

  it.each([
    ['stop', { low: 89, close: 91 }, 101],
    ['target', { high: 121, close: 119 }, 101],
    ['stop', { low: 89, high: 121 }, 60],
  ])('a %s reached while nobody watched leaves at the first print after the return, at its price', (reason, over, price) => {
    const { b, r } = held()
    step(b, r, 2, 100, { ...over, ...unwatched })
    expect(r.trades).toEqual([])
    print(b, r, 3 * HOUR + 5, price)
    expect(r.trades).toMatchObject([{ reason, exitPriceUsd: price, exitTime: T0 + 3 * HOUR + 5 }])
    expect(r.trades[0]?.pnlE6).toBe(Math.round((r.fills[0]?.notionalE6 as number) * (price / 100 - 1)))
  })

  it('a horizon that ended while nobody watched leaves there too', () => {
    const { b, r } = held()
    for (let hour = 2; hour < 40; hour++) step(b, r, hour, 100, unwatched)
    print(b, r, 41 * HOUR, 97)
    expect(r.trades).toMatchObject([{ reason: 'horizon', exitPriceUsd: 97 }])
  })

  it('a level that was reached before the entry, in the bar of the entry, is none of the position’s', () => {
    const { b, r } = held()
    step(b, r, 1, 100, { low: 80, ...unwatched })
    print(b, r, 2 * HOUR + 5, 101)
    expect(r.trades).toEqual([])
  })
})

describe('with fills on bars', () => {
  it('a bar that nobody watched fills nothing: what it reached leaves at the open of the next', () => {
    const { b, r } = held('bars')
    step(b, r, 2, 100, { low: 50, ...unwatched })
    expect(r.trades).toEqual([])
    step(b, r, 3, 105)
    expect(r.trades).toMatchObject([{ reason: 'stop', exitPriceUsd: 105, exitTime: T0 + 3 * HOUR }])
  })
})
