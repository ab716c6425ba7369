/** What every venue must do, whatever it trades: run by each implementation's tests. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, type TimeMs } from '../../src/core/index.js'
import {
  illegalEvents,
  type OrderEvent,
  type OrderRequest,
  orderLimits,
  rejectCodes,
  type Venue,
  type VenueState,
} from '../../src/exchange/index.js'
import { type Recorder, recorder, request, seed, T0 } from './support.js'

/** A venue with a market of its own. */
export interface VenueFixture<S extends VenueState, M> {
  readonly venue: Venue<S, M>
  readonly state: S
  /** Lets the market trade at `time`, so that every order that waits is offered its whole fill. */
  trades(state: S, time: TimeMs): M
  /** Lets time pass without a trade. */
  passes(state: S, time: TimeMs): M
}

const refusing = { refuses: () => 'halted' }
const affording = (part: number) => ({ affords: () => ({ qtyE8: part, code: 'noMargin' }) })

/** `make` gives a venue without orders. */
export function venueConformance<S extends VenueState, M>(name: string, make: () => VenueFixture<S, M>): void {
  const begin = () => {
    const fixture = make()
    const { venue, state } = fixture
    const clearing = recorder()
    const submit = (over: Partial<OrderRequest> = {}) => venue.submit(state, request(over))
    const accept = (over: Partial<OrderRequest> = {}): number => {
      const event = submit(over)
      if (event.kind === 'rejected') throw new Error(`rejected: ${event.code}`)
      return event.orderId
    }
    const cancel = (id: number, over: { account?: string; reason?: string } = {}) =>
      venue.cancel(state, { id, account: 'alice', reason: 'opposite', time: T0 + 1, ...over })
    const trade = (time: TimeMs, to: Recorder = clearing) => venue.advance(state, fixture.trades(state, time), to)
    const pass = (time: TimeMs, to: Recorder = clearing) => venue.advance(state, fixture.passes(state, time), to)
    return { state, orders: state.orders, clearing, submit, accept, cancel, trade, pass }
  }

  describe(`${name}, as a venue`, () => {
    it('accepts an order, fills nothing yet, and fills it when the market goes on', () => {
      const { orders, clearing, submit, trade } = begin()
      expect(submit()).toMatchObject({ kind: 'accepted', orderId: 1, account: 'alice', clientId: 'a trade', pair: 'A', time: T0 })
      expect(orders.live.get(1)).toMatchObject({ state: 'accepted', filledE8: 0 })
      expect(submit({ account: 'bob' })).toMatchObject({ orderId: 2 })
      trade(T0 + 1)
      expect(clearing.events).toMatchObject([
        { kind: 'filled', orderId: 1, account: 'alice', side: 'buy', qtyE8: 100_000, unfilledE8: 0, time: T0 + 1 },
        { kind: 'filled', orderId: 2, account: 'bob' },
      ])
      expect([orders.filled, orders.live.size]).toEqual([2, 0])
    })

    it.each([
      [{ qtyE8: 0 }, 'badQuantity'],
      [{ qtyE8: -1 }, 'badQuantity'],
      [{ qtyE8: 0.5 }, 'badQuantity'],
      [{ qtyE8: Number.NaN }, 'badQuantity'],
      [{ qtyE8: 2 ** 53 }, 'badQuantity'],
      [{ limitUsd: 0 }, 'badPrice'],
      [{ limitUsd: Number.NaN }, 'badPrice'],
      [{ limitUsd: Number.POSITIVE_INFINITY }, 'badPrice'],
      [{ expiresAt: T0 - 1 }, 'expired'],
      [{ expiresAt: Number.NaN }, 'expired'],
      [{ submittedAt: Number.NaN }, 'expired'],
      [{ pair: 'in no table' }, 'unknownPair'],
    ] as const)('rejects %o with the code %s, counts it, and keeps nothing of it', (over, code) => {
      const { orders, submit, trade, clearing } = begin()
      expect(submit(over)).toMatchObject({ kind: 'rejected', code, account: 'alice', clientId: 'a trade' })
      trade(T0 + 1)
      expect(clearing.events).toEqual([])
      expect([orders.rejected[code], orders.accepted, orders.live.size]).toEqual([1, 0, 0])
    })

    it('changes its own state before it says so', () => {
      const { orders, accept, trade } = begin()
      const id = accept()
      const seen: boolean[] = []
      trade(T0 + 1, recorder({ on: () => seen.push(orders.live.has(id)) }))
      expect(seen).toEqual([false])
    })

    it('asks an account whether it may trade before what it can pay for, and cancels with the code of its answer', () => {
      const { orders, accept, trade } = begin()
      accept()
      const refused = recorder({ ...refusing, affords: () => expect.unreachable() })
      trade(T0 + 1, refused)
      expect(refused.events).toMatchObject([{ kind: 'cancelled', reason: 'halted', unfilledE8: 100_000 }])
      accept()
      const poor = recorder(affording(0))
      trade(T0 + 2, poor)
      expect(poor.events).toMatchObject([{ kind: 'cancelled', reason: 'noMargin', unfilledE8: 100_000 }])
      expect([orders.cancelled, orders.filled, orders.live.size]).toEqual([{ halted: 1, noMargin: 1 }, 0, 0])
    })

    it('fills the part that an account can pay for, and cancels the rest', () => {
      const { accept, trade } = begin()
      accept()
      const part = recorder(affording(30_000))
      trade(T0 + 1, part)
      expect(part.events).toMatchObject([
        { kind: 'filled', qtyE8: 30_000, unfilledE8: 70_000 },
        { kind: 'cancelled', reason: 'noMargin', unfilledE8: 70_000 },
      ])
    })

    it('cancels what waits; a cancel after the end, of another’s order or of none is refused, counted, and changes nothing', () => {
      const { orders, accept, cancel, trade, pass, clearing } = begin()
      const [waiting, filled, lapsed] = [accept(), accept(), accept({ expiresAt: T0 + 5 })]
      expect(cancel(waiting, { account: 'bob' })).toMatchObject({ kind: 'refused', code: 'foreignOrder' })
      expect(cancel(waiting)).toMatchObject({ kind: 'cancelled', orderId: waiting, reason: 'opposite', unfilledE8: 100_000 })
      expect(cancel(lapsed, { account: 'bob' })).toMatchObject({ kind: 'refused' })
      pass(T0 + 6)
      trade(T0 + 7)
      expect(clearing.events.map(e => [e.kind, 'orderId' in e && e.orderId])).toEqual([
        ['expired', lapsed],
        ['filled', filled],
      ])
      expect([waiting, filled, lapsed, 99].map(id => cancel(id))).toMatchObject([
        { code: 'cancelAfterCancel' },
        { code: 'cancelAfterFill' },
        { code: 'cancelAfterExpiry' },
        { code: 'unknownOrder' },
      ])
      expect(orders.illegal).toMatchObject({ foreignOrder: 2, cancelAfterCancel: 1, cancelAfterFill: 1, unknownOrder: 1 })
      expect([orders.cancelled, orders.filled, orders.expired]).toEqual([{ opposite: 1 }, 1, 1])
    })

    it('fills an order at its last instant, and expires it a millisecond later, with a trade or without', () => {
      for (const [late, by] of [
        [0, 'trade'],
        [1, 'trade'],
        [1, 'pass'],
      ] as const) {
        const venue = begin()
        venue.accept({ expiresAt: T0 + 5 })
        venue[by](T0 + 5 + late)
        expect(venue.clearing.events.map(e => e.kind)).toEqual([late === 0 ? 'filled' : 'expired'])
        expect(venue.orders.live.size).toBe(0)
      }
    })

    it('lets an order that is submitted or cancelled during an event wait for the next time, or end there', () => {
      const { orders, accept, cancel, trade, clearing } = begin()
      accept()
      const second = accept()
      const meddling = (event: OrderEvent) => {
        if (event.kind !== 'filled') return
        accept()
        cancel(second)
      }
      trade(T0 + 1, recorder({ on: meddling }))
      expect([...orders.live.keys()]).toEqual([3])
      expect([orders.filled, orders.cancelled]).toEqual([1, { opposite: 1 }])
      trade(T0 + 2)
      expect(clearing.events).toMatchObject([{ kind: 'filled', orderId: 3 }])
    })

    it('conserves quantity, orders events and ends each order once, under any sequence; and does it again, from a saved state too', () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 40 }), actions => {
          const { events, counters } = play(make(), actions)
          audit(events)
          expect(counted(events)).toEqual(counters)
          expect(play(make(), actions).events).toEqual(events)
          expect(play(make(), actions, true).events).toEqual(events)
        }),
        { seed, numRuns: 100 },
      )
    })

    it('takes 50,000 orders in one tick, in their order, and keeps no more of them than its limits say', () => {
      const { state, orders, clearing, submit, accept, cancel, trade } = begin()
      for (let i = 1; i <= 50_000; i++) expect(accept({ account: `user ${i % 5_000}`, clientId: `${i}` })).toBe(i)
      expect(orders.live.size).toBe(50_000)
      while (orders.live.size < orderLimits.liveOrders) accept()
      expect(submit()).toMatchObject({ kind: 'rejected', code: 'tooManyOrders' })
      const last = orders.accepted
      expect(cancel(last).kind).toBe('cancelled')
      expect(submit().kind).toBe('accepted')
      trade(T0 + 1)
      expect(clearing.events.map(e => ('orderId' in e ? e.orderId : 0))).toEqual([
        ...Array.from({ length: last - 1 }, (_, i) => i + 1),
        last + 1,
      ])
      expect([orders.live.size, orders.filled, orders.rejected.tooManyOrders]).toEqual([0, orderLimits.liveOrders, 1])
      expect([orders.finishedId.length, orders.finishedAs.length]).toEqual([
        orderLimits.finishedOrders,
        orderLimits.finishedOrders,
      ])
      expect(Object.keys(orders.illegal)).toHaveLength(illegalEvents.length)
      expect(Object.keys(orders.rejected)).toHaveLength(rejectCodes.length)
      // Whatever a venue keeps of finished orders, none of the 100,000 is in its state any more.
      expect(encodeValue(state).length).toBeLessThan(50_000)
    })
  })

  /** The events of a sequence of actions, and the venue's counters after it; `saves`: its state is saved and loaded before each. */
  function play({ venue, state: first, ...fixture }: VenueFixture<S, M>, actions: readonly Action[], saves = false) {
    let state = first
    const events: OrderEvent[] = []
    const clearing = recorder({
      refuses: ({ id }) => (id % 7 === 0 ? 'halted' : null),
      affords: ({ id }, { qtyE8 }) => (id % 3 === 0 ? { qtyE8: Math.floor(qtyE8 / 2), code: 'noMargin' } : { qtyE8, code: null }),
      on: event => events.push(event),
    })
    actions.forEach((does, i) => {
      const time = T0 + i
      if (saves) state = decodeValue(encodeValue(state)) as S
      if (does.kind === 'submit')
        events.push(venue.submit(state, request({ ...does.order, submittedAt: time, expiresAt: time + does.lifeMs })))
      else if (does.kind === 'cancel') events.push(venue.cancel(state, { ...does.of, reason: 'opposite', time }))
      else venue.advance(state, fixture[does.kind](state, time), clearing)
    })
    const { accepted, filled, expired, cancelled, rejected, illegal } = state.orders
    const sum = (counters: Record<string, number>) => Object.values(counters).reduce((a, n) => a + n, 0)
    return {
      events,
      counters: { accepted, filled, expired, cancelled: sum(cancelled), rejected: sum(rejected), refused: sum(illegal) },
    }
  }
}

type Action =
  | { readonly kind: 'submit'; readonly order: Partial<OrderRequest>; readonly lifeMs: number }
  | { readonly kind: 'cancel'; readonly of: { readonly id: number; readonly account: string } }
  | { readonly kind: 'trades' | 'passes' }

const account = fc.constantFrom('alice', 'bob')
const submission = fc.record({
  kind: fc.constant('submit' as const),
  order: fc.record({
    account,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    qtyE8: fc.integer({ min: 0, max: 20 }).map(n => n * 10_000),
    reduces: fc.boolean(),
  }),
  lifeMs: fc.integer({ min: 0, max: 12 }),
})
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: submission },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      of: fc.record({ id: fc.integer({ min: 0, max: 12 }), account }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'trades' as const }, { kind: 'passes' as const }) },
)

/** Each order: accepted once, then filled in parts that never exceed it, then ended once; in time, with what was unfilled. */
function audit(events: readonly OrderEvent[]): void {
  const open = new Map<number, { left: number; time: TimeMs }>()
  for (const event of events) {
    if (event.kind === 'rejected' || event.kind === 'refused') continue
    if (event.kind === 'accepted') {
      expect(open.has(event.orderId)).toBe(false)
      open.set(event.orderId, { left: event.qtyE8, time: event.time })
      continue
    }
    const order = open.get(event.orderId)
    if (order === undefined || order.left < 0) throw new Error(`an event of an order that has ended: ${JSON.stringify(event)}`)
    expect(event.time).toBeGreaterThanOrEqual(order.time)
    order.time = event.time
    if (event.kind === 'filled') {
      expect(event.qtyE8).toBeGreaterThan(0)
      order.left -= event.qtyE8
    }
    expect(event.unfilledE8).toBe(order.left)
    if (event.kind !== 'filled' || order.left === 0) order.left = -1
  }
}

function counted(events: readonly OrderEvent[]) {
  const of = (kind: OrderEvent['kind']) => events.filter(event => event.kind === kind).length
  const whole = events.filter(event => event.kind === 'filled' && event.unfilledE8 === 0).length
  return {
    accepted: of('accepted'),
    filled: whole,
    expired: of('expired'),
    cancelled: of('cancelled'),
    rejected: of('rejected'),
    refused: of('refused'),
  }
}
