/** The venue of bonding curves: the order of a slot, limits, completion and migration. */
import { describe, expect, it } from 'vitest'
import {
  curveVenue,
  launchCurve,
  newCurveMarket,
  type OrderRequest,
  publishedCurve,
  SOL,
  spotPrice,
  TOKEN,
  tokensFor,
} from '../../src/exchange/index.js'
import { type Recorder, recorder, request, T0 } from './support.js'
import { venueConformance } from './venue-conformance.js'

function launched() {
  const market = newCurveMarket()
  const curve = launchCurve(market, 'A', publishedCurve)
  if (curve === null) throw new Error('no curve')
  return { market, curve }
}

function slotWith(orders: Partial<OrderRequest>[], { market } = launched()): Recorder {
  const clearing = recorder()
  for (const over of orders) curveVenue.submit(market, request(over))
  curveVenue.advance(market, { kind: 'slot', time: T0 }, clearing)
  return clearing
}

venueConformance('a bonding curve', () => ({
  venue: curveVenue,
  state: launched().market,
  trades: (_, time) => ({ kind: 'slot', time }),
  passes: (_, time) => ({ kind: 'time', time }),
}))

describe('a bonding curve', () => {
  it('executes a slot by priority fee and then by sequence, so that who pays more buys cheaper', () => {
    const million = 1_000_000 * TOKEN
    const { events } = slotWith([
      { account: 'first', qtyE8: million },
      { account: 'second', qtyE8: million },
      { account: 'front-runner', qtyE8: million, priority: 1 },
    ])
    expect(events.map(event => event.account)).toEqual(['front-runner', 'first', 'second'])
    const paid = events.map(event => (event.kind === 'filled' ? event.notionalE6 : Number.NaN))
    expect(paid).toEqual([...paid].sort((a, b) => a - b))
    expect(new Set(paid).size).toBe(3)
  })

  it('executes no order before the slot that it can reach', () => {
    const { market } = launched()
    expect(slotWith([{ reachesAt: T0 + 400 }], { market, curve: launched().curve }).events).toEqual([])
    const clearing = recorder()
    curveVenue.advance(market, { kind: 'slot', time: T0 + 400 }, clearing)
    expect(clearing.events).toMatchObject([{ kind: 'filled' }])
  })

  it('counts units of a hundred tokens and thousandths of SOL, so that a fill is in whole base units and lamports', () => {
    const { market, curve } = launched()
    const qtyE8 = tokensFor(curve, SOL)
    const { events } = slotWith([{ qtyE8 }], { market, curve })
    expect(events).toMatchObject([{ kind: 'filled', qtyE8, marketUsd: expect.closeTo(0.0027958993, 9) }])
    const [fill] = events
    if (fill?.kind !== 'filled') throw new Error('not filled')
    expect(fill.notionalE6 + fill.feeE6).toBeLessThanOrEqual(SOL)
    expect(fill.notionalE6 + fill.feeE6).toBeGreaterThan(SOL - 3)
    expect(Math.round((fill.priceUsd * qtyE8) / 100)).toBe(fill.notionalE6)
  })

  it('cancels a buy that costs more than its limit with the fee, and a sale that brings less without it', () => {
    const { market, curve } = launched()
    const qtyE8 = tokensFor(curve, SOL)
    const most = (SOL / qtyE8) * 100
    expect(slotWith([{ qtyE8, limitUsd: most * 0.999 }], { market, curve }).events).toMatchObject([{ reason: 'limit' }])
    expect(slotWith([{ qtyE8, limitUsd: most }], { market, curve }).events).toMatchObject([{ kind: 'filled' }])
    const spot = spotPrice(curve) * 100
    expect(slotWith([{ side: 'sell', qtyE8, limitUsd: spot * 0.98 }], { market, curve }).events).toMatchObject([
      { reason: 'limit' },
    ])
    expect(slotWith([{ side: 'sell', qtyE8, limitUsd: spot * 0.95 }], { market, curve }).events).toMatchObject([
      { kind: 'filled' },
    ])
  })

  it('sells its last token exactly, refuses the rest, and is a pool from the next slot on', () => {
    const { market, curve } = launched()
    const { curveTokens } = publishedCurve
    const { events } = slotWith([{ qtyE8: curveTokens + 5 }, { account: 'late', qtyE8: 10 }], { market, curve })
    expect(events).toMatchObject([
      { kind: 'filled', qtyE8: curveTokens, unfilledE8: 5 },
      { kind: 'cancelled', reason: 'complete', unfilledE8: 5 },
      { kind: 'cancelled', reason: 'complete', account: 'late' },
    ])
    expect([curve.realTokens, curve.graduated]).toEqual([0, false])
    const before = spotPrice(curve)
    const clearing = recorder()
    curveVenue.submit(market, request({ side: 'sell', qtyE8: 1_000 * TOKEN }))
    curveVenue.advance(market, { kind: 'slot', time: T0 + 400 }, clearing)
    expect(curve.graduated).toBe(true)
    expect(clearing.events).toMatchObject([{ kind: 'filled', side: 'sell' }])
    // The program's constants are chosen so that the price goes on where the curve left it.
    expect(spotPrice(curve) / before).toBeCloseTo(1, 3)
  })

  it('takes back no more than it has sold', () => {
    expect(slotWith([{ side: 'sell', qtyE8: 1 }]).events).toMatchObject([{ kind: 'cancelled', reason: 'noLiquidity' }])
  })
})
