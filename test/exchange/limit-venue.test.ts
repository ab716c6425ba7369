import { describe, expect, it } from 'vitest'
import type { OrderRequest } from '../../src/exchange/index.js'
import { limitVenue, newLimitVenue } from './limit-venue.js'
import { recorder, request, T0 } from './support.js'
import { venueConformance } from './venue-conformance.js'

venueConformance('an order book', () => ({
  venue: limitVenue,
  state: newLimitVenue('A'),
  trades: (_, time) => ({ time, priceUsd: 100 }),
  passes: (_, time) => ({ time, priceUsd: Number.NaN }),
}))

describe('an order book', () => {
  const noDealer = { time: T0, priceUsd: Number.NaN }
  const begin = (over: Parameters<typeof recorder>[0] = {}) => {
    const venue = newLimitVenue('A')
    const clearing = recorder(over)
    const place = (account: string, side: OrderRequest['side'], limitUsd: number | null, qtyE8: number) =>
      limitVenue.submit(venue, request({ account, side, limitUsd, qtyE8 }))
    return { venue, clearing, place, advance: () => limitVenue.advance(venue, noDealer, clearing) }
  }

  it('fills the best price first and then the oldest, both accounts at the resting price, and lets the rest wait', () => {
    const { venue, clearing, place, advance } = begin()
    place('alice', 'sell', 102, 10)
    place('bob', 'sell', 101, 10)
    place('carol', 'sell', 101, 10)
    advance()
    expect(clearing.events).toEqual([])
    place('dave', 'buy', 102, 25)
    place('erin', 'buy', 101, 5)
    advance()
    const fills = clearing.events.map(e => (e.kind === 'filled' ? [e.account, e.priceUsd, e.qtyE8, e.unfilledE8] : e.kind))
    expect(fills).toEqual([
      ['bob', 101, 10, 0],
      ['dave', 101, 10, 15],
      ['carol', 101, 10, 0],
      ['dave', 101, 10, 5],
      ['alice', 102, 5, 5],
      ['dave', 102, 5, 0],
    ])
    expect([...venue.orders.live.values()].map(o => [o.account, o.state, o.filledE8])).toEqual([
      ['alice', 'partlyFilled', 5],
      ['erin', 'accepted', 0],
    ])
  })

  it('fills both sides by what the poorer account can pay for, and cancels that account’s rest alone', () => {
    const { venue, clearing, place, advance } = begin({
      affords: ({ account }, { qtyE8 }) => (account === 'dave' ? { qtyE8: 4, code: 'noMargin' } : { qtyE8, code: null }),
    })
    place('alice', 'sell', 101, 10)
    place('dave', 'buy', null, 10)
    advance()
    expect(clearing.events).toMatchObject([
      { kind: 'filled', account: 'alice', qtyE8: 4 },
      { kind: 'filled', account: 'dave', qtyE8: 4 },
      { kind: 'cancelled', account: 'dave', reason: 'noMargin', unfilledE8: 6 },
    ])
    expect([...venue.orders.live.values()]).toMatchObject([{ account: 'alice', state: 'partlyFilled' }])
  })
})
