/** The rules of the order book, one by one. */
import { describe, expect, it } from 'vitest'
import {
  auctionPrice,
  type BookListener,
  type BookOrder,
  type BookTerms,
  bestAsk,
  bestBid,
  cancelInBook,
  closeBook,
  depthOf,
  expireInBook,
  haltBook,
  modifyInBook,
  newBook,
  openBook,
  setBand,
  startAuction,
  submitToBook,
  uncross,
} from '../../../src/exchange/index.js'
import { queueOf } from './queue.js'

/** A book, what it told, and orders in short. */
function desk(terms: Partial<BookTerms> = {}) {
  const book = newBook({ ticks: 1_000, selfTrade: 'cancelNewest', ...terms })
  const told: string[] = []
  const on: BookListener = {
    accepted: () => {},
    rejected: (_, code) => told.push(code),
    traded: ({ lots, tick, makerOwner, takerOwner }) => told.push(`${takerOwner} trades ${lots} at ${tick} with ${makerOwner}`),
    ended: (_, owner, end, left) => told.push(`${owner} ${end}${left > 0 ? ` with ${left} left` : ''}`),
  }
  const order =
    (side: 'buy' | 'sell') =>
    (owner: number, lots: number, limit: number | null, over: Partial<BookOrder> = {}) =>
      submitToBook(book, { owner, side, lots, limit, ...over }, on)
  return { book, told, on, buy: order('buy'), sell: order('sell') }
}

describe('orders of a book', () => {
  it('fill the best price first, and at one price the oldest first, at the price of the order that waited', () => {
    const { told, buy, sell } = desk()
    sell(1, 5, 101)
    sell(2, 5, 100)
    sell(3, 5, 100)
    buy(4, 12, 103)
    expect(told).toEqual([
      '4 trades 5 at 100 with 2',
      '2 filled',
      '4 trades 5 at 100 with 3',
      '3 filled',
      '4 trades 2 at 101 with 1',
      '4 filled',
    ])
  })

  it('wait with what is left of a limit order, and end with what is left of a market order', () => {
    const { book, told, buy, sell } = desk()
    sell(1, 5, 100)
    buy(2, 8, 100)
    expect(bestBid(book)).toBe(100)
    expect(depthOf(book, 'buy', 5)).toEqual([{ tick: 100, lots: 3 }])
    sell(3, 10, null)
    expect(told.slice(-3)).toEqual(['3 trades 3 at 100 with 2', '2 filled', '3 noLiquidity with 7 left'])
  })

  it('trade at once or end, where they are immediate; whole or not at all, where they are whole', () => {
    const { book, told, buy, sell } = desk()
    sell(1, 5, 100)
    buy(2, 8, 100, { force: 'whole' })
    expect(told).toEqual(['cannotFill'])
    buy(2, 8, 100, { force: 'immediate' })
    expect(told.slice(1)).toEqual(['2 trades 5 at 100 with 1', '1 filled', '2 immediate with 3 left'])
    sell(1, 5, 100)
    sell(1, 5, 101)
    buy(2, 8, 101, { force: 'whole' })
    expect(told.slice(-1)).toEqual(['2 filled'])
    expect(bestAsk(book)).toBe(101)
  })

  it('are never whole where the next part of an iceberg comes behind an order of their own owner', () => {
    const { told, buy, sell } = desk()
    sell(1, 10, 100, { show: 1 })
    sell(2, 1, 100)
    buy(2, 5, 100, { force: 'whole' })
    expect(told).toEqual(['cannotFill'])
  })

  it('are rejected as wouldTrade where they are post-only and would', () => {
    const { book, told, buy, sell } = desk()
    sell(1, 5, 100)
    buy(2, 5, 100, { postOnly: true })
    expect(told).toEqual(['wouldTrade'])
    buy(2, 5, 99, { postOnly: true })
    expect(bestBid(book)).toBe(99)
  })

  it('show a part where they are icebergs, and the next part stands behind the others of its price', () => {
    const { book, told, buy, sell } = desk()
    sell(1, 10, 100, { show: 4 })
    sell(2, 4, 100)
    expect(depthOf(book, 'sell', 1)).toEqual([{ tick: 100, lots: 8 }])
    buy(3, 10, 100)
    expect(told).toEqual([
      '3 trades 4 at 100 with 1',
      '3 trades 4 at 100 with 2',
      '2 filled',
      '3 trades 2 at 100 with 1',
      '3 filled',
    ])
    expect(queueOf(book, 'sell')).toMatchObject([{ owner: 1, shown: 2, hidden: 2 }])
  })

  it('come in where a trade reaches their stop, the nearest first', () => {
    const { told, buy, sell } = desk()
    sell(1, 1, 100)
    sell(1, 1, 102)
    sell(1, 9, 105)
    buy(2, 1, null, { stop: 102 })
    buy(3, 1, 105, { stop: 101 })
    buy(4, 2, null)
    expect(told).toEqual([
      '4 trades 1 at 100 with 1',
      '1 filled',
      '4 trades 1 at 102 with 1',
      '1 filled',
      '4 filled',
      '3 trades 1 at 105 with 1',
      '3 filled',
      '2 trades 1 at 105 with 1',
      '2 filled',
    ])
    const late = desk()
    late.sell(1, 2, 100)
    late.buy(2, 1, 100)
    late.buy(3, 1, null, { stop: 100 })
    expect(late.told).toContain('3 trades 1 at 100 with 1')
  })

  it('keep their place where they are made smaller, and lose it where they grow or change their price', () => {
    const { book, on, sell } = desk()
    const first = sell(1, 5, 100)
    sell(2, 5, 100)
    expect(modifyInBook(book, first, 1, { lots: 3, limit: 100 }, on)).toBe(true)
    expect(queueOf(book, 'sell').map(({ owner, shown }) => [owner, shown])).toEqual([
      [1, 3],
      [2, 5],
    ])
    modifyInBook(book, first, 1, { lots: 4, limit: 100 }, on)
    expect(queueOf(book, 'sell').map(({ owner }) => owner)).toEqual([2, 1])
    expect(modifyInBook(book, first, 2, { lots: 1, limit: 100 }, on)).toBe(false)
    expect(modifyInBook(book, first, 1, { lots: 1.5, limit: 100 }, on)).toBe(false)
  })

  it('can be cancelled by their owner alone, and once', () => {
    const { book, told, on, buy } = desk()
    const id = buy(1, 5, 99)
    expect(cancelInBook(book, id, 2, on)).toBe(false)
    expect(cancelInBook(book, id, 1, on)).toBe(true)
    expect(cancelInBook(book, id, 1, on)).toBe(false)
    const next = buy(1, 5, 99)
    expect(next).not.toBe(id)
    expect(expireInBook(book, id, on)).toBe(false)
    expect(expireInBook(book, next, on)).toBe(true)
    expect(told).toEqual(['1 owner with 5 left', '1 expired with 5 left'])
  })

  it.each([
    ['cancelNewest', ['1 selfTrade with 5 left']],
    ['cancelOldest', ['1 selfTrade with 3 left', '1 trades 5 at 101 with 2', '1 filled']],
    ['cancelBoth', ['1 selfTrade with 3 left', '1 selfTrade with 5 left']],
    ['allow', ['1 trades 3 at 100 with 1', '1 filled', '1 trades 2 at 101 with 2', '1 filled']],
  ] as const)('do with one of their own owner as the rule %s says', (selfTrade, expected) => {
    const { told, buy, sell } = desk({ selfTrade })
    sell(1, 3, 100)
    sell(2, 9, 101)
    buy(1, 5, 101)
    expect(told).toEqual(expected)
  })

  it.each([
    ['badQuantity', { lots: 0 }],
    ['badQuantity', { lots: 1.5 }],
    ['badQuantity', { lots: Number.NaN }],
    ['badQuantity', { lots: 2 ** 40 }],
    ['badQuantity', { show: 9 }],
    ['badPrice', { limit: 0 }],
    ['badPrice', { limit: 1_000 }],
    ['badPrice', { limit: 99.5 }],
    ['badPrice', { limit: Number.NaN }],
    ['badStop', { stop: -1 }],
    ['unsupported', { limit: null, show: 1 }],
    ['unsupported', { limit: null, postOnly: true }],
    ['unsupported', { force: 'immediate', show: 1 }],
    ['unsupported', { stop: 90, force: 'whole' }],
  ] as const)('are rejected as %s with %o, and counted', (code, over) => {
    const { book, told, on } = desk()
    expect(submitToBook(book, { owner: 1, side: 'buy', lots: 5, limit: 99, ...over } as BookOrder, on)).toBe(0)
    expect(told).toEqual([code])
    expect(book.rejected[code]).toBe(1)
    expect(book.orders.live).toBe(0)
  })
})

describe('an auction', () => {
  it('trades most lots at one price, by price and then by time', () => {
    const { book, told, on, buy, sell } = desk()
    startAuction(book)
    buy(1, 5, 104)
    buy(2, 5, 102)
    sell(3, 4, 100)
    sell(4, 4, 101)
    sell(5, 4, 103)
    expect(told).toEqual([])
    expect(auctionPrice(book, 100)).toMatchObject({ tick: 102, lots: 8, surplus: 2 })
    expect(uncross(book, 100, on)?.tick).toBe(102)
    expect(told.filter(line => line.includes('trades'))).toEqual([
      '3 trades 4 at 102 with 1',
      '4 trades 1 at 102 with 1',
      '4 trades 3 at 102 with 2',
    ])
    expect([bestBid(book), bestAsk(book)]).toEqual([102, 103])
  })

  it('takes the price nearest to the reference where several trade the same', () => {
    const both = (reference: number) => {
      const { book, on, buy, sell } = desk()
      startAuction(book)
      buy(1, 5, 110)
      sell(2, 5, 100)
      return uncross(book, reference, on)?.tick
    }
    expect([both(105), both(90), both(200)]).toEqual([105, 100, 110])
  })

  it('takes the highest of the best prices where buyers are left, the lowest where sellers are', () => {
    const { book, on, buy, sell } = desk()
    startAuction(book)
    buy(1, 9, 110)
    sell(2, 5, 100)
    expect(uncross(book, 100, on)?.tick).toBe(110)
    const other = desk()
    startAuction(other.book)
    other.buy(1, 5, 110)
    other.sell(2, 9, 100)
    expect(uncross(other.book, 110, other.on)?.tick).toBe(100)
  })

  it('takes market orders first, and cancels what it leaves of them', () => {
    const { book, told, on, buy, sell } = desk()
    startAuction(book)
    buy(1, 5, 100)
    buy(2, 8, null)
    sell(3, 6, 99)
    uncross(book, 100, on)
    expect(told).toEqual(['3 trades 6 at 100 with 2', '3 filled', '2 auction with 2 left'])
    expect(bestBid(book)).toBe(100)
  })

  it('goes on from a checkpoint in its middle as if nothing had been', () => {
    const { book, buy, sell } = desk()
    startAuction(book)
    buy(1, 5, 104)
    sell(3, 4, 100, { show: 2 })
    buy(4, 5, 101, { stop: 103 })
    const copy = structuredClone(book)
    const [a, b] = [desk(), desk()]
    expect(uncross(copy, 100, a.on)).toEqual(uncross(book, 100, b.on))
    expect(a.told).toEqual(b.told)
    expect(queueOf(copy, 'buy')).toEqual(queueOf(book, 'buy'))
  })
})

describe('halts, bands and the close', () => {
  it('let nothing in while trading is halted, but cancels', () => {
    const { book, told, on, buy } = desk()
    const id = buy(1, 5, 99)
    haltBook(book)
    buy(1, 5, 98)
    expect(told).toEqual(['phase'])
    expect(cancelInBook(book, id, 1, on)).toBe(true)
  })

  it('trade nothing outside the price band: a limit beyond it waits at its edge, a market order ends there', () => {
    const { book, told, on, buy, sell } = desk()
    setBand(book, 100, 0.05, on)
    sell(1, 5, 104)
    sell(1, 5, 107)
    buy(2, 8, null)
    expect(told).toEqual(['2 trades 5 at 104 with 1', '1 filled', '2 band with 3 left'])
    buy(3, 2, 200)
    expect(bestBid(book)).toBe(105)
    expect(bestAsk(book)).toBe(107)
  })

  it('cancel what waits beyond a band that moves', () => {
    const { book, told, on, buy } = desk()
    buy(1, 5, 120)
    buy(1, 5, 99)
    setBand(book, 100, 0.05, on)
    expect(told).toEqual(['1 band with 5 left'])
    expect(bestBid(book)).toBe(99)
  })

  it('end every order at the close, stops too, and begin the next day with an empty book', () => {
    const { book, told, on, buy, sell } = desk()
    buy(1, 5, 99)
    sell(2, 5, 101, { show: 1 })
    sell(3, 5, null, { stop: 90 })
    closeBook(book, on)
    expect(told.sort()).toEqual(['1 expired with 5 left', '2 expired with 5 left', '3 expired with 5 left'])
    expect([bestBid(book), bestAsk(book), book.orders.live]).toEqual([0, 0, 0])
    buy(1, 5, 99)
    expect(told.at(-1)).toBe('phase')
    openBook(book)
    buy(1, 5, 99)
    expect(bestBid(book)).toBe(99)
  })
})
