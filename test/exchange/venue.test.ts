import { describe, expect, it } from 'vitest'
import {
  fillOnPaper,
  type InstrumentRules,
  newPaperBroker,
  openQuote,
  type PaperSettings,
  paperBroker,
  type Quote,
  tradeQuote,
} from '../../src/exchange/index.js'
import { recorder, request, T0 } from './support.js'
import { venueConformance } from './venue-conformance.js'

const free: PaperSettings = { feeRate: 0, halfSpread: 0, slippage: 0, maxJump: 3 }
const anyRules: InstrumentRules = { lotE8: 1, minQtyE8: 1, minCostE6: 0, tickUsd: 0 }
const quote = (time: number, priceUsd = 100, pair = 'A'): Quote => ({ kind: 'quote', pair, priceUsd, time, reachedBy: time })
const broker = (settings: Partial<PaperSettings> = {}, rules: Partial<InstrumentRules> = {}) =>
  newPaperBroker({ ...free, ...settings }, new Map(['A', 'B'].map(pair => [pair, { ...anyRules, ...rules }])))

venueConformance('the paper broker', () => ({
  venue: paperBroker,
  state: broker(),
  trades: (_, time) => quote(time),
  passes: (_, time) => ({ kind: 'time', time }),
}))

describe('the paper broker', () => {
  it('charges half the spread, the slippage, the tick and the fee against the order', () => {
    const paper = broker({ feeRate: 0.004, halfSpread: 0.0005, slippage: 0.0005 }, { tickUsd: 0.5 })
    const clearing = recorder()
    paperBroker.submit(paper, request({ qtyE8: 2_000_000_000 }))
    paperBroker.submit(paper, request({ qtyE8: 2_000_000_000, side: 'sell' }))
    paperBroker.advance(paper, quote(T0), clearing)
    const amounts = { marketUsd: 100, qtyE8: 2_000_000_000, slippageE6: 10_000_000 }
    expect(clearing.events).toMatchObject([
      { side: 'buy', priceUsd: 100.5, notionalE6: 2_010_000_000, feeE6: 8_040_000, ...amounts },
      { side: 'sell', priceUsd: 99.5, notionalE6: 1_990_000_000, feeE6: 7_960_000, ...amounts },
    ])
  })

  it('fills at a price that the decision reaches, of its pair, and not before', () => {
    const bar = { pair: 'A', time: T0, barMs: 60_000, flags: 0, open: 100, high: 100, low: 100, close: 100, volume: 1 }
    const trade = { pair: 'A', time: T0 + 249, price: 100, volume: 1 }
    for (const [market, fills] of [
      [openQuote({ ...bar, time: T0 - 1 }), 0],
      [openQuote(bar), 1],
      [openQuote({ ...bar, pair: 'B' }), 0],
      [tradeQuote(trade, 250), 0],
      [tradeQuote({ ...trade, time: T0 + 250 }, 250), 1],
    ] as const) {
      const paper = broker()
      const clearing = recorder()
      paperBroker.submit(paper, request())
      paperBroker.advance(paper, market, clearing)
      expect(clearing.events).toHaveLength(fills)
    }
  })

  it('fills what reduces first, whenever it was submitted', () => {
    const paper = broker()
    const clearing = recorder()
    for (const reduces of [false, true, false]) paperBroker.submit(paper, request({ reduces }))
    paperBroker.advance(paper, quote(T0), clearing)
    expect(clearing.events).toMatchObject([{ orderId: 2 }, { orderId: 1 }, { orderId: 3 }])
  })

  it.each([
    [300, 'filled'],
    [300.01, 'cancelled'],
    [34, 'filled'],
    [33, 'cancelled'],
  ])('at %f USD an order decided at 100 USD is %s: three times is the most the price may change by', (price, kind) => {
    const paper = broker()
    const clearing = recorder()
    paperBroker.submit(paper, request({ referenceUsd: 100 }))
    paperBroker.advance(paper, quote(T0, price), clearing)
    expect(clearing.events.map(e => e.kind)).toEqual([kind])
    expect(paper.orders.cancelled.jump ?? 0).toBe(kind === 'filled' ? 0 : 1)
  })

  it('rejects what an exchange would: less than its minimum, no whole lots, a limit', () => {
    const rules = { lotE8: 10, minQtyE8: 100, minCostE6: 5_000_000 }
    const code = (over: object) => {
      const event = paperBroker.submit(broker({}, rules), request({ referenceUsd: 100, ...over }))
      return event.kind === 'rejected' ? event.code : event.kind
    }
    expect(code({ qtyE8: 5_000_000 })).toBe('accepted')
    expect(code({ qtyE8: 4_999_990 })).toBe('tooSmall')
    expect(code({ qtyE8: 90, referenceUsd: Number.NaN })).toBe('tooSmall')
    expect(code({ qtyE8: 100, referenceUsd: Number.NaN })).toBe('accepted')
    expect(code({ qtyE8: 5_000_001 })).toBe('badQuantity')
    expect(code({ limitUsd: 100 })).toBe('unsupported')
    // A position is always let go.
    expect(code({ qtyE8: 1, reduces: true })).toBe('accepted')
  })

  it('cancels what cannot be counted exactly, and goes on', () => {
    const paper = broker()
    const clearing = recorder()
    paperBroker.submit(paper, request({ qtyE8: Number.MAX_SAFE_INTEGER }))
    paperBroker.submit(paper, request())
    paperBroker.advance(paper, quote(T0, 1e6), clearing)
    expect(clearing.events).toMatchObject([{ kind: 'cancelled', reason: 'tooLarge' }, { kind: 'filled' }])
  })

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])('neither fills nor cancels at %f USD, and counts it', price => {
    const paper = broker()
    const clearing = recorder()
    paperBroker.submit(paper, request({ referenceUsd: 100 }))
    paperBroker.advance(paper, quote(T0, price), clearing)
    expect([clearing.events, paper.orders.live.size, paper.badQuotes]).toEqual([[], 1, 1])
  })

  it('fills one order at a price of its owner’s choosing, once', () => {
    const paper = broker()
    const clearing = recorder()
    paperBroker.submit(paper, request({ submittedAt: T0 + 9 }))
    paperBroker.submit(paper, request())
    fillOnPaper(paper, 1, quote(T0 + 1, 98), clearing)
    fillOnPaper(paper, 1, quote(T0 + 1, 98), clearing)
    expect(clearing.events).toMatchObject([{ kind: 'filled', orderId: 1, priceUsd: 98 }])
    expect(paper.orders.illegal.fillAfterFill).toBe(1)
    expect([...paper.orders.live.keys()]).toEqual([2])
  })
})
