/** Perpetual futures: exact money, liquidation on the mark, funding, deleveraging, and what bad prices may not do. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, HOUR_MS, OperatorError, UNIT, USD } from '../../src/core/index.js'
import {
  fundingRateE8,
  liquidationUsd,
  newPerpMarket,
  perpVenue,
  totalE6,
  unlimitedClearing,
  usualPerp,
} from '../../src/exchange/index.js'
import { times } from '../tier.js'
import { type AnyEvent, exchangeOf } from './perp-kit.js'
import { seed, T0 } from './support.js'
import { venueConformance } from './venue-conformance.js'

venueConformance('a perpetual future', () => {
  const state = newPerpMarket(['A'], usualPerp, 0)
  perpVenue.advance(
    state,
    { kind: 'index', pair: 'A', priceUsd: 100, asOf: T0, time: T0 },
    unlimitedClearing(() => {}),
  )
  return {
    // Without an index there are no marks, so that all its events are of orders.
    venue: perpVenue as never,
    state,
    trades: (_, time) => ({ kind: 'quote', pair: 'A', priceUsd: 100, time, reachedBy: time }),
    passes: (_, time) => ({ kind: 'time', time }),
  }
})

/** Entered at 100 USD, then the mark: computed by hand from the page of the exchange, not by this code. */
const handTable = [
  // side, leverage, quantity, mark, fund USD → price of liquidation, loss, fee, from the fund, deleveraged
  ['long', 5, 100, 80.4, 0, 80.321285, null],
  ['long', 5, 100, 80.3, 0, 80.321285, [2_000, 30, 0, 0]],
  ['long', 5, 100, 79.9, 1_000, 80.321285, [2_000, 0, 10, 0]],
  ['long', 5, 100, 70, 1_000, 80.321285, [2_000, 0, 1_000, 0]],
  ['long', 5, 100, 70, 250, 80.321285, [2_000, 0, 250, 75]],
  ['long', 5, 100, 70, 0, 80.321285, [2_000, 0, 0, 100]],
  ['short', 5, 100, 119.5, 0, 119.521912, null],
  ['short', 5, 100, 119.6, 0, 119.521912, [2_000, 40, 0, 0]],
  ['short', 5, 100, 130, 400, 119.521912, [2_000, 0, 400, 60]],
  ['long', 2, 1_000, 50.2, 0, 50.251256, [50_000, 200, 0, 0]],
  ['long', 4, 6_000, 75.5, 0, 75.757576, [149_265, 2_265, 0, 0]],
  ['short', 3, 20_000, 130.2, 0, 130.081301, [617_020, 13_020, 0, 0]],
] as const

describe('the money of a perpetual future', () => {
  it.each(handTable)('a %s at %i times of %i units, marked at %f with a fund of %i: as by hand', (...row) => {
    const [way, leverage, qty, mark, fundUsd, price, outcome] = row
    const { index, trade, open, held, house, of } = exchangeOf({ fundUsd })
    const [side, other] = way === 'long' ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const)
    open('trader', (qty * 100) / leverage, leverage)
    open('winner', qty * 100, 1)
    index(100)
    trade('trader', side, qty, 100)
    trade('winner', other, qty, 100)
    const position = held('trader')
    if (position === undefined) throw new Error('not entered')
    expect(liquidationUsd(house.terms, position)).toBeCloseTo(price, 6)
    index(mark)
    const [liquidated] = of('liquidated')
    if (outcome === null) {
      expect(liquidated).toBeUndefined()
      expect(held('trader')).toBeDefined()
      return
    }
    const [lossUsd, feeUsd, fromFundUsd, deleveraged] = outcome
    expect(liquidated).toMatchObject({
      lossE6: lossUsd * USD,
      feeE6: feeUsd * USD,
      fromFundE6: fromFundUsd * USD,
      deleveragedE8: deleveraged * UNIT,
    })
    expect(house.fundE6).toBe((fundUsd + feeUsd - fromFundUsd) * USD)
    expect(of('deleveraged').map(({ account, qtyE8 }) => [account, qtyE8 / UNIT])).toEqual(
      deleveraged === 0 ? [] : [['winner', deleveraged]],
    )
    expect(totalE6(house)).toBe(house.depositsE6)
  })

  it('deleverages the winners in order of profit times leverage, at the price where the loser’s margin is gone', () => {
    const { index, trade, open, of, cashUsd } = exchangeOf()
    open('loser', 2_000, 5)
    open('low', 10_000, 1)
    open('high', 2_000, 5)
    open('late', 2_000, 5)
    index(100)
    trade('loser', 'buy', 100, 100)
    trade('low', 'sell', 60, 100)
    trade('high', 'sell', 30, 100)
    trade('late', 'sell', 20, 90)
    index(70)
    // At 80 the loser’s margin is gone: 30 and 20 units of the levered first, and the rest of the unlevered.
    expect(of('deleveraged').map(({ account, qtyE8, gainE6 }) => [account, qtyE8 / UNIT, gainE6 / USD])).toEqual([
      ['high', 30, 600],
      ['late', 20, 200],
      ['low', 50, 1_000],
    ])
    expect(cashUsd('high')).toBe(2_600)
  })

  it('has exactly what was paid in, whatever is traded, marked, funded and liquidated; funding sums to 0; each liquidation is within a tick of the formula', () => {
    const count = times(100, 1_000)
    const kinds = { commands: 0, liquidations: 0, deleveragings: 0, funded: 0 }
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 100, maxLength: 120 }),
        fc.integer({ min: 0, max: 3_000 }),
        (commands, fundUsd) => {
          const exchange = exchangeOf({ fundUsd, takerBp: 5, premiumCapE8: fundUsd })
          const { house, market, of, index, trade, pass, open } = exchange
          for (let i = 0; i < 8; i++) open(`t${i}`, 500 + 1_700 * i, 1 + (i % 5))
          index(100)
          let price = 100
          for (const { kind, who, move, qty } of commands) {
            kinds.commands++
            const name = `t${who}`
            if (kind === 'trade') trade(name, qty > 0 ? 'buy' : 'sell', Math.abs(qty), price)
            else if (kind === 'close') trade(name, 'sell', Math.abs(qty), price * (1 + move / 10), true)
            else if (kind === 'pass') fundingSums(exchange, () => pass(8 * HOUR_MS))
            else {
              price *= 1 + move
              const before = positionsOf(house)
              const seen = of('liquidated').length
              index(price)
              for (const { account, way, markE8 } of of('liquidated').slice(seen)) {
                const { formulaUsd } = before.get(account) ?? { formulaUsd: Number.NaN }
                // It has reached its price, and one that is spared has not.
                expect(way * (markE8 / UNIT - formulaUsd)).toBeLessThanOrEqual(TICK)
              }
              for (const [account, { formulaUsd, way }] of positionsOf(house))
                if (before.has(account) && house.accounts.get(account)?.positions.has('A'))
                  expect(way * ((market.contracts.get('A')?.markE8 ?? 0) / UNIT - formulaUsd)).toBeGreaterThanOrEqual(-TICK)
            }
            expect(totalE6(house)).toBe(house.depositsE6)
            expect(house.fundE6).toBeGreaterThanOrEqual(0)
            expect(quantities(house)).toBe(0)
            for (const { cashE6 } of house.accounts.values()) expect(cashE6).toBeGreaterThanOrEqual(0)
          }
          kinds.liquidations += house.liquidations
          kinds.deleveragings += house.deleveragings
          kinds.funded += of('funded').length
        },
      ),
      { seed, numRuns: count },
    )
    expect(kinds.commands).toBeGreaterThanOrEqual(times(10_000, 100_000))
    for (const [kind, n] of Object.entries(kinds)) expect(n, kind).toBeGreaterThan(30)
  })

  it('keeps its accounts and prices as data that a checkpoint can hold', () => {
    const { index, trade, open, house, market } = exchangeOf({ fundUsd: 100 })
    open('trader', 2_000, 5)
    index(100)
    trade('trader', 'buy', 50, 100)
    expect(decodeValue(encodeValue({ house, market }))).toEqual({ house, market })
  })
})

const TICK = 0.01

const command = fc.record({
  kind: fc.constantFrom('trade', 'trade', 'trade', 'mark', 'mark', 'mark', 'mark', 'close', 'pass'),
  who: fc.integer({ min: 0, max: 7 }),
  move: fc.integer({ min: -120, max: 130 }).map(n => n / 1_000),
  qty: fc.integer({ min: -20_000, max: 20_000 }).map(n => (n === 0 ? 1 : n) / 100),
})

type House = ReturnType<typeof exchangeOf>['house']

function positionsOf(house: House) {
  const found = new Map<string, { formulaUsd: number; way: number }>()
  for (const { name, positions } of house.accounts.values()) {
    const held = positions.get('A')
    if (held !== undefined) found.set(name, { formulaUsd: liquidationUsd(house.terms, held), way: held.way })
  }
  return found
}

/** The least of the fund and of what accounts have free. */
function _leastCash({ fundE6, accounts }: House): number {
  return Math.min(fundE6, ...[...accounts.values()].map(({ cashE6 }) => cashE6))
}

function quantities({ accounts, makerQtyE8 }: House): number {
  let sum = makerQtyE8.get('A') ?? 0
  for (const { positions } of accounts.values()) {
    const held = positions.get('A')
    sum += held === undefined ? 0 : held.way * held.qtyE8
  }
  return sum
}

/** What the traders pay, the rest of the market receives. */
function fundingSums({ house, of }: ReturnType<typeof exchangeOf>, pay: () => void): void {
  const [before, seen] = [house.makerE6, of('funded').length]
  const liquidated = of('liquidated').length
  pay()
  if (of('liquidated').length > liquidated) return
  const paid = of('funded')
    .slice(seen)
    .reduce((sum, { paidE6 }) => sum + paidE6, 0)
  expect(house.makerE6 - before - paid).toBe(0)
}

describe('funding', () => {
  it.each([
    [0, 10_000],
    [10_000, 10_000],
    [40_000, 10_000],
    [100_000, 50_000],
    [-100_000, -50_000],
    [2_000_000, 750_000],
    [-2_000_000, -750_000],
  ])('of a premium of %i is %i: F = P + clamp(1 bp − P, ±5 bp), capped at 75 bp', (premium, rate) => {
    expect(fundingRateE8(usualPerp, premium)).toBe(rate)
  })

  it('is paid by longs to shorts at the end of each interval, on what the position is worth at the mark', () => {
    const { index, trade, open, pass, of, cashUsd } = exchangeOf()
    open('long', 20_000, 1)
    open('short', 20_000, 1)
    index(100)
    trade('long', 'buy', 100, 100)
    trade('short', 'sell', 100, 100)
    pass(7 * HOUR_MS)
    expect(of('funded')).toEqual([])
    pass(HOUR_MS)
    expect(of('funded')).toMatchObject([
      { account: 'long', paidE6: 1 * USD, rateE8: 10_000 },
      { account: 'short', paidE6: -1 * USD },
    ])
    expect([cashUsd('long'), cashUsd('short')]).toEqual([9_999, 10_001])
  })

  it('is not paid where its rate is not known, and nothing is entered before a rate is', () => {
    const { index, trade, open, pass, put, of, market, held } = exchangeOf()
    open('long', 1_000, 1)
    index(100)
    pass(1)
    put({ kind: 'funding', pair: 'A', rate: Number.NaN, time: T0 + 2 })
    trade('long', 'buy', 1, 100)
    expect(of('cancelled')).toMatchObject([{ reason: 'badFunding' }])
    pass(8 * HOUR_MS)
    expect(of('fundingDue')).toEqual([])
    expect(market.badFunding).toBe(2)
    index(100)
    trade('long', 'buy', 1, 100)
    expect(held('long')).toBeDefined()
  })
})

describe('bad prices at a perpetual exchange', () => {
  it('let nothing be entered without a mark or by an index of more than 30 s, and let a position be closed', () => {
    const { index, trade, open, of, held, wait } = exchangeOf()
    open('trader', 1_000, 1)
    trade('trader', 'buy', 1, 100)
    expect(of('cancelled')).toMatchObject([{ reason: 'noMark' }])
    index(100)
    wait(29_999)
    trade('trader', 'buy', 1, 100)
    expect(held('trader')).toBeDefined()
    trade('trader', 'buy', 1, 100)
    expect(of('cancelled').at(-1)).toMatchObject({ reason: 'staleIndex' })
    trade('trader', 'sell', 1, 100, true)
    expect(held('trader')).toBeUndefined()
  })

  it('liquidate nobody by a mark of more than 5 s, and are counted', () => {
    for (const [ageMs, liquidations] of [
      [5_000, 1],
      [5_001, 0],
    ] as const) {
      const { index, trade, open, house, wait } = exchangeOf()
      open('trader', 2_000, 5)
      index(100)
      trade('trader', 'buy', 100, 100)
      wait(6_000)
      index(70, ageMs)
      expect([house.liquidations, house.staleMarks]).toEqual([liquidations, 1 - liquidations])
    }
  })

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 1e9])('%f is no price: counted, and nothing changes', price => {
    const { index, market, events, put } = exchangeOf()
    index(100)
    const before: readonly AnyEvent[] = [...events]
    index(price)
    put({ kind: 'mark', pair: 'A', priceUsd: price, asOf: T0 + 9, time: T0 + 9 })
    put({ kind: 'quote', pair: 'A', priceUsd: price, time: T0 + 9, reachedBy: T0 + 9 })
    expect(market.badPrices).toBe(3)
    expect(events).toEqual(before)
    expect(market.contracts.get('A')?.markE8).toBe(100 * UNIT)
  })

  it.each([0, -1, 0.5, 5.01, Number.NaN, Number.POSITIVE_INFINITY])('a leverage of %f is refused, naming the range', leverage => {
    expect(() => exchangeOf().open('trader', 100, leverage)).toThrow(OperatorError)
    expect(() => exchangeOf().open('trader', 100, leverage)).toThrow(/a number from 1 to 5/)
  })

  it('the mark is the index and the mean premium of the future’s own trades, no further away than the cap', () => {
    const { index, trade, open, market } = exchangeOf({ premiumCapE8: 5_000_000 })
    open('trader', 1_000, 1)
    index(100)
    trade('trader', 'buy', 1, 102)
    index(100)
    trade('trader', 'buy', 1, 104)
    index(100)
    expect(market.contracts.get('A')?.markE8).toBe(103 * UNIT)
    trade('trader', 'buy', 1, 150)
    index(100)
    expect(market.contracts.get('A')?.markE8).toBe(105 * UNIT)
  })

  it('a mark that the exchange publishes is taken, and the index no longer makes one', () => {
    const { index, put, market, of } = exchangeOf()
    index(100)
    put({ kind: 'mark', pair: 'A', priceUsd: 101, asOf: T0 + 2, time: T0 + 2 })
    index(90)
    expect(market.contracts.get('A')?.markE8).toBe(101 * UNIT)
    expect(of('marked').map(({ markE8 }) => markE8 / UNIT)).toEqual([100, 101])
  })
})
