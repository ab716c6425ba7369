/** Failover of sources: each fault of each source costs at most one bar, trades no bad one, and is named. */
import { describe, expect, it } from 'vitest'
import {
  askSources,
  type BarSource,
  chooseBar,
  newFailover,
  type SourceAnswer,
  type SourcedCandle,
} from '../../src/feed/failover.js'

const MINUTE = 60_000
const names = ['kraken', 'coinbase', 'binance', 'coingecko'] as const
const sources = names.map(name => ({ name, quote: 'USD' }))
const price = (i: number) => 100 + Math.sin(i / 5) / 10

function bar(i: number, over: Partial<SourcedCandle> = {}): SourcedCandle {
  const close = price(i)
  return { pair: 'XXBTZUSD', time: i * MINUTE, open: close, high: close, low: close, close, volume: 1 + i, ...over }
}

const faults: Readonly<Record<string, { readonly answer: (i: number) => SourceAnswer; readonly cause: string }>> = {
  stall: { answer: () => ({ fault: 'late' }), cause: 'late' },
  429: { answer: () => ({ fault: 'http429' }), cause: 'http429' },
  500: { answer: () => ({ fault: 'http500' }), cause: 'http500' },
  garbage: { answer: () => ({ bar: '<html>' }), cause: 'garbage' },
  'a price that is none': { answer: i => ({ bar: bar(i, { close: Number.NaN }) }), cause: 'garbage' },
  'stale repeat': { answer: i => ({ bar: { ...bar(19), time: i * MINUTE } }), cause: 'repeated' },
  'an old bar': { answer: i => ({ bar: bar(i - 3) }), cause: 'otherTime' },
  '×10 price': {
    answer: i => ({ bar: bar(i, { open: 10 * price(i), high: 10 * price(i), low: 10 * price(i), close: 10 * price(i) }) }),
    cause: 'apart',
  },
  'wrong symbol': { answer: i => ({ bar: bar(i, { pair: 'XETHZUSD' }) }), cause: 'otherPair' },
}

describe('failover of sources', () => {
  for (const [fault, { answer, cause }] of Object.entries(faults))
    it.each(names)(`of ${fault} at %s: no bad bar, at most one lost, and its cause is named`, failing => {
      const failover = newFailover('XXBTZUSD', sources)
      let bad = 0
      for (let i = 1; i <= 60; i++) {
        const fails = i >= 20 && i < 40
        const answers = new Map<string, SourceAnswer>(
          names.map(name => [name, name === failing && fails ? answer(i) : { bar: bar(i) }]),
        )
        const chosen = chooseBar(failover, i * MINUTE, answers)
        if (chosen !== null && JSON.stringify(chosen.bar) !== JSON.stringify(bar(i))) bad++
      }
      const health = failover.sources.find(({ name }) => name === failing)
      expect(bad).toBe(0)
      expect(failover.lost).toBeLessThanOrEqual(1)
      expect(health?.faults[cause]).toBeGreaterThanOrEqual(19)
      // The first of the order is believed again after 20 good bars.
      expect(failover.current).toBe('kraken')
    })

  it('goes back to an earlier source after 20 good bars, and not before', () => {
    const failover = newFailover('XXBTZUSD', sources)
    const at = (i: number, down: boolean) =>
      chooseBar(
        failover,
        i * MINUTE,
        new Map(names.map(name => [name, name === 'kraken' && down ? { fault: 'late' } : { bar: bar(i) }])),
      )
    expect(at(1, false)?.source).toBe('kraken')
    expect(at(2, true)?.source).toBe('coinbase')
    for (let i = 3; i < 22; i++) expect(at(i, false)?.source).toBe('coinbase')
    expect(at(22, false)?.source).toBe('kraken')
    expect(failover.switches).toBe(2)
  })

  it('quarantines what is apart in two bars, and lets nothing enter where two disagree', () => {
    const failover = newFailover('XXBTZUSD', sources.slice(0, 2))
    const off = { open: 103, high: 103, low: 103, close: 103 }
    const two = chooseBar(
      failover,
      MINUTE,
      new Map([
        ['kraken', { bar: bar(1) }],
        ['coinbase', { bar: bar(1, off) }],
      ]),
    )
    expect(two).toMatchObject({ source: 'kraken', mayEnter: false })
    const four = newFailover('XXBTZUSD', sources)
    for (const i of [1, 2])
      chooseBar(four, i * MINUTE, new Map(names.map(name => [name, { bar: name === 'kraken' ? bar(i, off) : bar(i) }])))
    expect(four.sources[0]).toMatchObject({ quarantined: true })
    expect(four.current).toBe('coinbase')
  })

  it('never goes on with a series in another currency', () => {
    const failover = newFailover('XXBTZUSD', [
      { name: 'kraken', quote: 'USD' },
      { name: 'binance', quote: 'USDT' },
    ])
    const chosen = chooseBar(
      failover,
      MINUTE,
      new Map<string, SourceAnswer>([
        ['kraken', { fault: 'late' }],
        ['binance', { bar: bar(1) }],
      ]),
    )
    expect(chosen).toBeNull()
    expect(failover.lost).toBe(1)
  })

  it('asks all at once, and names what each error was', async () => {
    const answering = (name: string, make: () => Promise<SourcedCandle>): BarSource => ({ name, quote: 'USD', bar: make })
    const answers = await askSources(
      [
        answering('fine', async () => bar(1)),
        answering('busy', () => Promise.reject(Object.assign(new Error('busy'), { status: 429 }))),
        answering('silent', () => Promise.reject(new Error('nothing in time'))),
      ],
      'XXBTZUSD',
      MINUTE,
      answer => answer,
    )
    expect([...answers]).toEqual([
      ['fine', { bar: bar(1) }],
      ['busy', { fault: 'http429' }],
      ['silent', { fault: 'late' }],
    ])
  })
})
