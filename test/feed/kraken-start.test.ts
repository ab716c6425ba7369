/** How the Kraken feed starts where the exchange is away, in maintenance, behind a captive portal, slow, or lists half of its pairs. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Attempts } from '../../src/feed/kraken/attempts.js'
import { KrakenClient } from '../../src/feed/kraken/client.js'
import { ExchangeClock } from '../../src/feed/kraken/exchange-clock.js'
import { KrakenFeed, type KrakenFeedOptions } from '../../src/feed/kraken/feed.js'
import { rulesIn } from '../../src/feed/kraken/listed-rules.js'
import { Listing } from '../../src/feed/kraken/listing.js'
import { defaultPairs } from '../../src/market/index.js'
import { pairsToday } from '../standins/kraken/markets.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import type { Trouble } from '../standins/kraken/trouble.js'
import { ManualClock } from '../world/live-kit.js'
import { fastClock } from './fast-clock.js'

const M = 60_000
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Time runs this much faster than the machine's: a minute is five seconds. */
const speed = 12

// The client is large: loading it is no part of a start.
beforeAll(async () => void (await KrakenClient.open({}, 1_000)))

interface Given {
  readonly pairs?: readonly string[]
  readonly options?: Partial<KrakenFeedOptions>
}

/** A Kraken with 20 bars of history in every pair, and a feed with the times of a real run. */
async function world({ pairs = defaultPairs.slice(0, 3), options = {} }: Given = {}) {
  const clock = fastClock(speed)
  const kraken = await KrakenStandin.start({ pairs: pairsToday(), now: clock.now, heartbeatMs: 1_000 / speed })
  closing.push(() => kraken.stop())
  const now = clock.now()
  for (const { symbol } of kraken.pairs) {
    const candle = (i: number) => ({
      time: now - (now % M) - (20 - i) * M,
      open: 100,
      high: 101,
      low: 99,
      close: 100,
      volume: 1,
      trades: 1,
    })
    kraken.tape.write(
      symbol,
      M,
      Array.from({ length: 20 }, (_, i) => candle(i)),
    )
    kraken.trade(symbol, 100, 1)
  }
  const notes: string[] = []
  const feed = new KrakenFeed({
    pairs,
    barMs: M,
    endpoints: kraken.endpoints,
    clock,
    // The machine is not faster: what is measured in its own time needs room.
    silenceMs: 5_000 * speed,
    firstFrameMs: 10_000 * speed,
    staleMs: 60_000 * speed,
    restTimeoutMs: 10_000,
    onNote: note => notes.push(note),
    ...options,
  })
  closing.push(() => feed.stop())
  return { clock, kraken, feed, notes }
}

async function until(condition: () => boolean, what: string, ms = 30_000): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const isLive = (feed: KrakenFeed, pair: string) => feed.status().some(s => s.pair === pair && s.state === 'live')

describe('a start while the exchange is away', () => {
  const troubles: Trouble[] = ['absent', 'maintenance', 'portal', 'empty', 'blank']

  it.each(troubles)('%s: goes on trying, and is live with its whole history within a minute of the return', async trouble => {
    const { clock, kraken, feed, notes } = await world()
    kraken.away(trouble)
    const started = feed.start()
    let isStarted = false
    void started.then(() => {
      isStarted = true
    })
    await until(() => notes.filter(note => /attempt \d+ failed/.test(note)).length >= 4, 'four attempts')
    expect(isStarted).toBe(false)
    expect(feed.status()).toEqual([])
    const back = clock.monotonic()
    kraken.away(undefined)
    const { pairs, missing, history } = await started
    expect(clock.monotonic() - back).toBeLessThan(60_000)
    expect(pairs).toEqual(defaultPairs.slice(0, 3))
    expect(missing).toEqual([])
    expect(history.filter(bar => bar.pair === 'SOLUSD').length).toBeGreaterThanOrEqual(19)
    expect(feed.status().map(({ state }) => state)).toEqual(['live', 'live', 'live'])
  })

  it('says what it tries: the address, the number of the attempt, and when it tries again', async () => {
    const { kraken, feed, notes } = await world()
    kraken.away('portal', /AssetPairs|Assets/)
    const started = feed.start()
    const failed = () => notes.filter(note => /failed/.test(note))
    await until(() => failed().length >= 3, 'three attempts')
    expect(failed()[0]).toMatch(
      /^The list of pairs at http:\/\/127\.0\.0\.1:\d+: attempt 1 failed \(a web page\)\. Next try in 1 s\.$/,
    )
    expect(failed()[2]).toMatch(/attempt 3 failed/)
    kraken.refuseSockets(503)
    kraken.away(undefined)
    await until(() => notes.some(note => /socket/.test(note)), 'the socket')
    expect(notes.at(-1)).toMatch(
      /^Kraken's socket at ws:\/\/127\.0\.0\.1:\d+\/v2: attempt 1 failed \(http 503\)\. Next try in 1 s\.$/,
    )
    kraken.refuseSockets(undefined)
    await started
    expect(notes.at(-1)).toMatch(/socket at .*: it answers\.$/)
  })

  it('ends at once where it is stopped meanwhile', async () => {
    const { kraken, feed, notes } = await world()
    kraken.away('absent')
    const started = feed.start()
    await until(() => notes.length >= 2, 'two attempts')
    await feed.stop()
    expect(await started).toEqual({ pairs: [], missing: [], history: [] })
  })

  it('slow: an exchange that needs longer than the deadline is given more time', async () => {
    const { kraken, feed } = await world({ pairs: ['SOLUSD'], options: { restTimeoutMs: 150 } })
    kraken.slow(400)
    const { pairs, history } = await feed.start()
    expect(pairs).toEqual(['SOLUSD'])
    expect(history.length).toBeGreaterThanOrEqual(19)
  }, 20_000)
})

describe('what was missing at the start', () => {
  it('half a list: begins with what is listed, and a pair that comes later is live within a minute, after its history', async () => {
    const { clock, kraken, feed, notes } = await world()
    kraken.hide('SOLUSD')
    const { pairs, missing } = await feed.start()
    expect(pairs).toEqual(['XXBTZUSD', 'XETHZUSD'])
    expect(missing).toEqual([{ pair: 'SOLUSD', reason: 'Kraken does not list it today' }])
    const asked = () => kraken.requests.filter(request => /AssetPairs\?pair=SOLUSD/.test(request)).length
    await until(() => asked() >= 2, 'questions after it')
    // The whole list is megabytes: it is not fetched for one pair.
    expect(kraken.requests.filter(request => request.endsWith('AssetPairs')).length).toBe(1)
    const back = clock.monotonic()
    kraken.hide()
    await until(() => isLive(feed, 'SOLUSD'), 'the pair')
    expect(clock.monotonic() - back).toBeLessThan(60_000)
    expect(notes).toContain('SOLUSD: Kraken lists it now.')
    expect(feed.waiting()).toBeGreaterThan(0)
    const history = feed.takeHistory()
    expect(history?.pair).toBe('SOLUSD')
    expect(history?.bars.length).toBeGreaterThanOrEqual(19)
    // No bar of the past comes as one of now.
    const bars = feed.take(10_000).flatMap(input => (input.kind === 'bar' && input.bar.pair === 'SOLUSD' ? [input.bar] : []))
    expect(bars.every(bar => bar.time > (history?.bars.at(-1)?.time ?? Number.NaN))).toBe(true)
  })

  it.each(['portal', 'empty', 'blank'] as const)(
    '%s in the place of candles: trades come at once, bars after the history',
    async trouble => {
      const { kraken, feed } = await world({ pairs: ['SOLUSD'] })
      kraken.away(trouble, /OHLC/)
      const { history } = await feed.start()
      expect(history).toEqual([])
      expect(isLive(feed, 'SOLUSD')).toBe(true)
      kraken.trade('SOL/USD', 101, 1)
      const kinds = new Set<string>()
      await until(() => {
        for (const input of feed.take(1_000)) kinds.add(input.kind)
        return kinds.has('trade')
      }, 'a trade')
      feed.closeBars(feed.now() - (feed.now() % M))
      for (const input of feed.take(1_000)) kinds.add(input.kind)
      expect(kinds.has('bar')).toBe(false)
      kraken.away(undefined)
      await until(() => feed.waiting() > 0 && feed.counters().backfillsFailed !== undefined, 'the history')
      expect(feed.takeHistory()?.bars.length).toBeGreaterThanOrEqual(19)
    },
  )

  it('a subscription that was refused is sent again, until it is taken', async () => {
    const { kraken, feed } = await world({ options: { firstFrameMs: 400 * speed } })
    kraken.refuse('ETH/USD')
    await feed.start()
    expect(feed.status().map(({ state }) => state)).toEqual(['live', 'refused', 'live'])
    kraken.permit('ETH/USD')
    await until(() => isLive(feed, 'XETHZUSD'), 'the pair')
    expect(feed.counters().connects).toBe(1)
  })
})

describe('what the exchange demands of orders', () => {
  it('comes with its list, once', async () => {
    const { kraken, feed } = await world({ pairs: ['XXBTZUSD', 'XRPUSD'] })
    kraken.list('XRPUSD', { ordermin: '2.5', costmin: '0.5', tick_size: '0.00001', lot_decimals: 8 })
    await feed.start()
    const [bitcoin, ripple] = feed.takeRules()
    expect(bitcoin?.pair).toBe('XXBTZUSD')
    expect(ripple).toEqual({ pair: 'XRPUSD', tickSize: 0.00001, lotDecimals: 8, orderMin: 2.5, costMin: 0.5 })
    expect(feed.takeRules()).toEqual([])
  })

  it('is looked at again hourly, and handed on where it has changed', async () => {
    const clock = new ManualClock(0)
    let ordermin = '2.5'
    let lists = 0
    const info = () => ({ altname: 'XRPUSD', pair_decimals: 5, lot_decimals: 8, ordermin, costmin: '0.5' })
    const client = {
      async markets() {
        lists++
        return [{ id: 'XXRPZUSD', symbol: 'XRP/USD', active: true, info: info() }]
      },
      assetPair: async () => ({}),
    }
    const listing = new Listing({ pairs: ['XRPUSD'], clock, client, acquire: async () => undefined })
    await listing.fetch()
    expect(listing.takeRules()).toMatchObject([{ orderMin: 2.5 }])
    expect(listing.againMs).toBe(3_600_000)
    ordermin = '3'
    clock.pass(3_599_999)
    await listing.look()
    expect([lists, listing.takeRules()]).toEqual([1, []])
    clock.pass(1)
    await listing.look()
    expect([lists, listing.takeRules()]).toEqual([2, [expect.objectContaining({ pair: 'XRPUSD', orderMin: 3 })]])
  })

  it('is not taken where it makes no sense', () => {
    const good = { pair_decimals: 2, lot_decimals: 8, ordermin: '0.02', costmin: '0.5', tick_size: '0.01' }
    expect(rulesIn('SOLUSD', good)).toEqual({ pair: 'SOLUSD', tickSize: 0.01, lotDecimals: 8, orderMin: 0.02, costMin: 0.5 })
    expect(rulesIn('SOLUSD', { ...good, tick_size: undefined })).toMatchObject({ tickSize: 0.01 })
    for (const bad of [
      { tick_size: '0' },
      { tick_size: '-1' },
      { ordermin: 'many' },
      { ordermin: '1e99' },
      { ordermin: undefined },
      { lot_decimals: 2.5 },
      { lot_decimals: '<b>' },
      { costmin: '1e300' },
    ])
      expect(rulesIn('SOLUSD', { ...good, ...bad }), JSON.stringify(bad)).toBeUndefined()
  })
})

describe('the clock', () => {
  /** A comparison with an exchange whose clock is `aheadMs` ahead, and which needs `tookMs` to answer. */
  async function compared(aheadMs: number, tookMs = 100) {
    const notes: string[] = []
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 0, 0, 500))
    const compares = new ExchangeClock(clock, note => notes.push(note))
    let ahead = aheadMs
    const client = {
      async time() {
        const made = clock.now() + tookMs / 2 + ahead
        clock.pass(tookMs)
        return Math.floor(made / 1_000) * 1_000
      },
    }
    return {
      compares,
      notes,
      again: await compares.compare(client),
      set: (ms: number) => (ahead = ms),
      ask: () => compares.compare(client),
    }
  }

  it('is compared at the start and hourly; off by more than a second is said, and again where it is right', async () => {
    const right = await compared(0)
    expect(right).toMatchObject({ notes: [], again: 3_600_000 })
    expect(Math.abs(right.compares.offsetMs ?? Number.NaN)).toBeLessThanOrEqual(500)
    const behind = await compared(5_000)
    expect(behind.compares.offsetMs).toBeLessThan(-4_400)
    expect(behind.notes).toEqual([
      expect.stringMatching(/^This machine's clock is \d\.\d s behind Kraken's\. Set it right \(NTP\)/),
    ])
    expect(behind.again).toBe(60_000)
    await behind.ask()
    expect(behind.notes).toHaveLength(1)
    behind.set(0)
    expect(await behind.ask()).toBe(3_600_000)
    expect(behind.notes[1]).toBe("This machine's clock agrees with Kraken's again.")
    expect((await compared(-90_000)).notes[0]).toMatch(/ahead of Kraken's/)
  })

  it('is not called wrong on the word of an answer that took long', async () => {
    expect(await compared(1_500, 20_000)).toMatchObject({ notes: [], again: 3_600_000 })
  })

  it('is asked of the exchange with its list', async () => {
    const { kraken, feed } = await world({ pairs: ['SOLUSD'] })
    await feed.start()
    await until(() => feed.clockOffsetMs() !== null, 'an answer')
    expect(kraken.requests.some(request => request.endsWith('/0/public/Time'))).toBe(true)
  })
})

describe('attempts', () => {
  it('are all said in the first minute, then one a minute', () => {
    const clock = new ManualClock(0)
    const said: string[] = []
    const attempts = new Attempts(clock, 'It', sentence => said.push(sentence))
    for (let i = 0; i < 60; i++) {
      attempts.failed('refused', 10_000)
      clock.pass(10_000)
    }
    // Seven in the first minute, then eight more.
    expect(said.length).toBe(15)
    attempts.succeeded()
    attempts.failed('closed 1006', 500)
    expect(said.slice(-2)).toEqual(['It: it answers.', 'It: the connection ended (closed 1006). Next try in 1 s.'])
  })

  it('that hang are said to be under way', () => {
    const clock = new ManualClock(0)
    const said: string[] = []
    const over = new Attempts(clock, 'It', sentence => said.push(sentence)).begin()
    clock.pass(3_000)
    over()
    expect(said).toEqual(['It: attempt 1 has no answer yet.'])
  })
})
