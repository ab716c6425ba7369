import { describe, expect, it } from 'vitest'
import { curveVenue, newCurve } from './curve-venue.js'
import { recorder, request, T0 } from './support.js'
import { venueConformance } from './venue-conformance.js'

const [million, units] = [1_000_000_000_000, 100_000_000]

venueConformance('a constant-product curve', () => ({
  venue: curveVenue,
  state: newCurve('A', million * 100, million),
  trades: (_, time) => ({ time, trades: true }),
  passes: (_, time) => ({ time, trades: false }),
}))

describe('a constant-product curve', () => {
  it('moves its own price with each order, by two users in one tick, and keeps the product', () => {
    const curve = newCurve('A', 1_000 * units, million)
    const clearing = recorder()
    for (const account of ['alice', 'bob']) curveVenue.submit(curve, request({ account, qtyE8: 100 * units }))
    curveVenue.advance(curve, { time: T0, trades: true }, clearing)
    // 1,000 tokens and 1,000,000 USD: the first 100 cost 1e6 × 100 / 900, the next 1.1e6 × 100 / 800.
    expect(clearing.events).toMatchObject([
      { account: 'alice', marketUsd: expect.closeTo(1_000), notionalE6: 111_111_111_111 },
      { account: 'bob', notionalE6: 138_888_888_889 },
    ])
    expect([curve.tokensE8, curve.cashE6]).toEqual([800 * units, 1_250_000_000_000])
  })

  it('cancels what its limit does not allow: the tolerance of a swap', () => {
    const curve = newCurve('A', 1_000 * units, million)
    const clearing = recorder()
    for (const limitUsd of [1_111, 1_112]) curveVenue.submit(curve, request({ qtyE8: 100 * units, limitUsd }))
    curveVenue.advance(curve, { time: T0, trades: true }, clearing)
    expect(clearing.events).toMatchObject([{ kind: 'cancelled', reason: 'limit' }, { kind: 'filled' }])
  })
})
