/** What orders must respect where no table says it, and when the next bar of a pair begins. */

import { describe, expect, it } from 'vitest'
import { barsAfter, instrumentRules, lotAt, sessionOf, tickAt } from '../../src/exchange/index.js'
import { InstrumentTable, instrument, sessionSchema } from '../../src/market/index.js'

const HOUR = 3_600_000
const generic = instrumentRules(instrument('XRPUSD'))

describe('steps of an instrument in no table', () => {
  it.each([
    [0.000005, 1e-11, 1e8],
    [0.009, 1e-8, 1e8],
    [0.5, 1e-6, 1e6],
    [9.99, 1e-5, 1e5],
    [10, 1e-4, 1e4],
    [1_000, 0.01, 100],
    [100_000, 1, 1],
    [1e9, 1e4, 1],
  ])('at %d USD: prices of six digits, quantities of at most a cent', (price, tick, lotE8) => {
    expect(tickAt(generic, price)).toBe(tick)
    expect(lotAt(generic, price)).toBe(lotE8)
    expect(lotE8 === 1 || (price * lotE8) / 1e8 <= 0.01).toBe(true)
  })

  it('are those of the table where there is one', () => {
    const btc = instrumentRules(instrument('BTC'))
    expect([tickAt(btc, 5), lotAt(btc, 5)]).toEqual([0.1, 1])
  })
})

describe('the next bars of a pair', () => {
  const stock = instrumentRules(new InstrumentTable({ AAPL: { session: 'NYSE' } }).instrument('AAPL'))
  const friday = Date.UTC(2024, 0, 5, 21, 30)

  it('follow each other where the market never closes, and skip the weekend where it does', () => {
    expect(barsAfter(generic, friday, 2, HOUR)).toBe(friday + 2 * HOUR)
    expect(barsAfter(stock, friday, 2, HOUR)).toBe(Date.UTC(2024, 0, 8, 16, 30))
  })

  it('count the days of a year by the market that is open most', () => {
    const week = sessionSchema.parse({
      timeZone: 'UTC',
      days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri'],
      open: '00:00',
      close: '00:00',
    })
    expect(sessionOf([stock, { ...stock, session: week }])).toBe(week)
    expect(sessionOf([stock, generic])).toBeUndefined()
    expect(sessionOf([])).toBeUndefined()
  })
})
