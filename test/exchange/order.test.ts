import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  acceptOrder,
  cancelOrder,
  countUp,
  expireOrder,
  faultOf,
  fillOrder,
  illegalEvents,
  newOrders,
  type OrderState,
  orderLimits,
} from '../../src/exchange/index.js'
import { request, seed, T0 } from './support.js'

function order() {
  const orders = newOrders()
  return { orders, placed: acceptOrder(orders, request({ qtyE8: 100, expiresAt: T0 })) }
}

describe('R5: the state machine of orders', () => {
  it('fills in parts, refuses more than was ordered, and ends once', () => {
    const { orders, placed } = order()
    expect(fillOrder(orders, placed.id, 40)).toBeNull()
    expect(placed).toMatchObject({ state: 'partlyFilled', filledE8: 40 })
    expect(fillOrder(orders, placed.id, 61)).toBe('overfill')
    expect(fillOrder(orders, placed.id, 0)).toBe('badQuantity')
    expect(fillOrder(orders, placed.id, 0.5)).toBe('badQuantity')
    expect(fillOrder(orders, placed.id, 60)).toBeNull()
    expect(fillOrder(orders, placed.id, 60)).toBe('fillAfterFill')
    expect(cancelOrder(orders, placed.id, 'opposite')).toBe('cancelAfterFill')
    expect(expireOrder(orders, placed.id, T0 + 1)).toBe('expireAfterFill')
    expect(placed).toMatchObject({ state: 'filled', filledE8: 100 })
    expect(orders.illegal).toMatchObject({
      overfill: 1,
      badQuantity: 2,
      fillAfterFill: 1,
      cancelAfterFill: 1,
      expireAfterFill: 1,
    })
    expect(orders).toMatchObject({ filled: 1, expired: 0, cancelled: {} })
  })

  it('cancels what is open, and nothing happens after', () => {
    const { orders, placed } = order()
    fillOrder(orders, placed.id, 1)
    expect(cancelOrder(orders, placed.id, 'opposite')).toBeNull()
    expect(fillOrder(orders, placed.id, 1)).toBe('fillAfterCancel')
    expect(cancelOrder(orders, placed.id, 'opposite')).toBe('cancelAfterCancel')
    expect(expireOrder(orders, placed.id, T0 + 1)).toBe('expireAfterCancel')
    for (const unknown of [0, 99, -1, 0.5, Number.NaN])
      expect([fillOrder(orders, unknown, 1), cancelOrder(orders, unknown, 'opposite'), expireOrder(orders, unknown, T0)]).toEqual(
        ['unknownOrder', 'unknownOrder', 'unknownOrder'],
      )
    expect(placed).toMatchObject({ state: 'cancelled', filledE8: 1 })
    expect(orders.illegal).toMatchObject({ fillAfterCancel: 1, cancelAfterCancel: 1, expireAfterCancel: 1, unknownOrder: 15 })
    expect(orders.cancelled).toEqual({ opposite: 1 })
  })

  it('expires after its last instant, not at it, and nothing happens after', () => {
    const { orders, placed } = order()
    expect(expireOrder(orders, placed.id, T0)).toBe('earlyExpiry')
    expect(placed.state).toBe('accepted')
    expect(expireOrder(orders, placed.id, T0 + 1)).toBeNull()
    expect(fillOrder(orders, placed.id, 1)).toBe('fillAfterExpiry')
    expect(cancelOrder(orders, placed.id, 'opposite')).toBe('cancelAfterExpiry')
    expect(expireOrder(orders, placed.id, T0 + 1)).toBe('expireAfterExpiry')
    expect(placed).toMatchObject({ state: 'expired', filledE8: 0 })
    expect(orders.expired).toBe(1)
  })

  it('agrees with the written transitions under any sequence of events', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('fill' as const), qty: fc.integer({ min: -1, max: 120 }) }),
      fc.record({ kind: fc.constant('cancel' as const), qty: fc.constant(0) }),
      fc.record({ kind: fc.constant('expire' as const), qty: fc.integer({ min: 0, max: 1 }) }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), events => {
        const { orders, placed } = order()
        let state: OrderState = 'accepted'
        let filled = 0
        let refused = 0
        for (const { kind, qty } of events) {
          const alive = state === 'accepted' || state === 'partlyFilled'
          const allowed = { fill: qty > 0 && filled + qty <= 100, cancel: true, expire: qty > 0 }[kind]
          const illegal = {
            fill: () => fillOrder(orders, placed.id, qty),
            cancel: () => cancelOrder(orders, placed.id, 'opposite'),
            expire: () => expireOrder(orders, placed.id, T0 + qty),
          }[kind]()
          expect(illegal === null).toBe(alive && allowed)
          if (illegal !== null) refused++
          else if (kind === 'cancel') state = 'cancelled'
          else if (kind === 'expire') state = 'expired'
          else {
            filled += qty
            state = filled === 100 ? 'filled' : 'partlyFilled'
          }
          expect(placed).toMatchObject({ state, filledE8: filled })
        }
        expect(illegalEvents.reduce((n, k) => n + orders.illegal[k], 0)).toBe(refused)
      }),
      { seed, numRuns: 500 },
    )
  })

  it('accepts orders that reduce where so many wait that it accepts no others, up to a limit of their own', () => {
    const orders = newOrders()
    while (orders.live.size < orderLimits.liveOrders) acceptOrder(orders, request())
    expect([faultOf(orders, request()), faultOf(orders, request({ reduces: true }))]).toEqual(['tooManyOrders', null])
    for (let i = 0; i < orderLimits.liveReductions; i++) acceptOrder(orders, request({ reduces: true }))
    expect(faultOf(orders, request({ reduces: true }))).toBe('tooManyOrders')
  })

  it('remembers only so many finished orders', () => {
    const { orders } = order()
    for (let i = 0; i < 5_000; i++) cancelOrder(orders, acceptOrder(orders, request()).id, 'opposite')
    expect(orders.finishedId).toHaveLength(orderLimits.finishedOrders)
    expect(fillOrder(orders, 4_999, 1)).toBe('fillAfterCancel')
    expect(fillOrder(orders, 2, 1)).toBe('unknownOrder')
  })

  it('counts only so many reasons of cancels apart', () => {
    const counters = {}
    for (let i = 0; i < 100; i++) countUp(counters, `reason ${i}`, orderLimits.cancelReasons)
    countUp(counters, 'reason 3', orderLimits.cancelReasons)
    expect(Object.keys(counters)).toHaveLength(orderLimits.cancelReasons + 1)
    expect(counters).toMatchObject({ 'reason 3': 2, 'reason 63': 1, other: 36 })
  })
})
