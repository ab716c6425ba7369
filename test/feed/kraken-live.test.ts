import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Rng, rootOf } from '../../src/core/index.js'
import { KrakenClient } from '../../src/feed/kraken/client.js'
import { KrakenFeed, type KrakenFeedOptions, type RejectedFrame } from '../../src/feed/kraken/feed.js'
import { fetchCandles } from '../../src/feed/kraken/fetch.js'
import { assertPublicMessage, assertPublicRequest, assertPublicSocket } from '../../src/feed/kraken/guard.js'
import { type Bar, type Candle, defaultPairs, type MarketInput } from '../../src/market/index.js'
import { standinPairs } from '../standins/kraken/markets.js'
import { KrakenStandin, type StandinOptions } from '../standins/kraken/standin.js'
import { fastClock } from './fast-clock.js'
import { endless, hostile, mutated } from './hostile-frames.js'

const M = 60_000
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const hurried: Partial<KrakenFeedOptions> = {
  restIntervalMs: 0,
  firstFrameMs: 1_500,
  silenceMs: 1_000,
  warmupBars: 10,
  backoff: { baseMs: 20, maxMs: 100, attemptsPerMinute: 600 },
}

async function standin(options: StandinOptions = {}): Promise<KrakenStandin> {
  const kraken = await KrakenStandin.start({ heartbeatMs: 200, ...options })
  closing.push(() => kraken.stop())
  return kraken
}

/** A feed with one trade of every pair on the rolling window, started. */
async function live(kraken: KrakenStandin, options: Partial<KrakenFeedOptions> = {}) {
  for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100, 1)
  const feed = new KrakenFeed({
    pairs: defaultPairs.slice(0, 3),
    barMs: 1000,
    endpoints: kraken.endpoints,
    ...hurried,
    ...options,
  })
  closing.push(() => feed.stop())
  return { feed, start: await feed.start() }
}

async function until(condition: () => boolean, what: string, ms = 5_000): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const states = (feed: KrakenFeed) => feed.status().map(s => s.state)
const allLive = (feed: KrakenFeed) => states(feed).every(s => s === 'live')
const ofKind = <K extends MarketInput['kind']>(inputs: readonly MarketInput[], kind: K) =>
  inputs.filter((i): i is Extract<MarketInput, { kind: K }> => i.kind === kind)

describe('the Kraken feed on the real client', () => {
  it('serves all 18 pairs on one connection, by whatever name Kraken lists them, and reports what is gone once', async () => {
    const kraken = await standin({ pairs: standinPairs(['EOSUSD'], ['MATICUSD']) })
    const { feed, start } = await live(kraken, { pairs: defaultPairs })
    expect(start.pairs).toEqual(defaultPairs.filter(p => p !== 'EOSUSD'))
    expect(start.missing).toEqual([{ pair: 'EOSUSD', reason: 'Kraken does not list it today' }])
    feed.take(1_000)
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 101, 2)
    await until(() => (feed.counters()['trades.applied'] ?? 0) >= 17, 'a trade of each')
    const seen = ofKind(feed.take(500), 'trade').map(i => i.trade.pair)
    expect(new Set(seen)).toEqual(new Set(start.pairs))
    expect(kraken.connections).toBe(1)
    expect(start.history.length).toBeGreaterThanOrEqual(0)
  })

  it('hands a trade on at once: measured from frame sent to input taken', async () => {
    const kraken = await standin()
    const { feed } = await live(kraken)
    feed.take(1_000)
    const delays: number[] = []
    for (let i = 0; i < 400; i++) {
      const sent = performance.now()
      kraken.trade('BTC/USD', 100 + (i % 7) / 10, 1)
      while (ofKind(feed.take(500), 'trade').length === 0) await new Promise(resolve => setImmediate(resolve))
      delays.push(performance.now() - sent)
    }
    const warm = delays.slice(200).sort((a, b) => a - b)
    console.info(`frame sent → input taken: p50 ${warm[100]?.toFixed(2)} ms, p99 ${warm[197]?.toFixed(2)} ms`)
    expect(feed.counters()['trades.applied']).toBeGreaterThanOrEqual(400)
  })

  it('I1: 10,000 hostile frames crash nothing; accepted and every reason of refusal add up', async () => {
    const kraken = await standin({ heartbeatMs: 1e9 })
    const rejected: RejectedFrame[] = []
    const { feed } = await live(kraken, { barMs: M, silenceMs: 1e9, onRejected: r => rejected.push(r) })
    // All that was sent so far has arrived: no answer of the start is counted among the hostile ones.
    const arrived = () => feed.counters().frames ?? 0
    await until(() => (feed.counters()['frames.candles'] ?? 0) >= 3 && arrived() === kraken.sent, 'snapshots')
    const sentBefore = kraken.sent
    const rng = Rng.derive(rootOf('I1'), 0, 0)
    const before = feed.counters()
    for (let i = 0; i < 10_000; i++) {
      const frame = i % 400 === 0 ? endless : i % 2 === 0 ? mutated(rng, kraken.now()) : hostile(rng, kraken.now())
      kraken.everyone(frame)
      if (i % 500 === 0) await new Promise(resolve => setTimeout(resolve, 1))
    }
    const since = (name: string) => (feed.counters()[name] ?? 0) - (before[name] ?? 0)
    await until(() => since('frames') >= kraken.sent - sentBefore, 'all frames', 20_000)
    // The stand-in may have answered a ping meanwhile.
    const sent = kraken.sent - sentBefore
    expect(sent).toBeGreaterThanOrEqual(10_000)
    expect(sent).toBeLessThan(10_010)
    const counts = feed.counters()
    const reasons = Object.keys(counts).filter(n => n.startsWith('rejected.'))
    const kinds = ['trades', 'candles', 'ticker', 'refused', 'control']
    const accepted = kinds.reduce((sum, kind) => sum + since(`frames.${kind}`), 0)
    expect(since('frames')).toBe(sent)
    expect(accepted + reasons.reduce((sum, name) => sum + since(name), 0)).toBe(sent)
    const expected = [
      'bad-shape',
      'bad-time',
      'bad-trade-id',
      'bad-trades',
      'close-outside-range',
      'empty',
      'future',
      'high-below-low',
      'infinite',
      'long-ago',
      'mixed-symbols',
      'negative-volume',
      'not-an-object',
      'null',
      'off-grid',
      'open-outside-range',
      'price-not-positive',
      'price-too-large',
      'text',
      'too-long',
      'too-many-digits',
      'unknown-kind',
      'unknown-symbol',
      'unparseable',
      'volume-too-large',
    ]
    expect(reasons.map(r => r.slice(9)).sort()).toEqual(expected)
    for (const reason of expected) expect(since(`rejected.${reason}`), reason).toBeGreaterThanOrEqual(20)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(rejected.length).toBeLessThanOrEqual(200)
    expect(Math.max(...rejected.map(r => r.raw.length))).toBeLessThanOrEqual(2_000)
    // The feed lives on, and its price is one that was traded.
    feed.take(100_000)
    kraken.trade('ETH/USD', 100, 1)
    await until(() => ofKind(feed.take(500), 'trade').some(i => i.trade.pair === 'XETHZUSD'), 'a good trade after all that')
  })

  it('I2, I3: impossible values make no trade and no candle; future, old and foreign trades are counted by reason', async () => {
    const kraken = await standin()
    const { feed } = await live(kraken)
    feed.take(1_000)
    const stamp = new Date(kraken.now()).toISOString()
    const frame = (fields: string) => `{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","trade_id":900,${fields}}]}`
    const cases: [string, string][] = [
      [`"price":NaN,"qty":1,"timestamp":"${stamp}"`, 'unparseable'],
      [`"price":1e999,"qty":1,"timestamp":"${stamp}"`, 'infinite'],
      [`"price":-1,"qty":1,"timestamp":"${stamp}"`, 'price-not-positive'],
      [`"price":0,"qty":1,"timestamp":"${stamp}"`, 'price-not-positive'],
      [`"price":"","qty":1,"timestamp":"${stamp}"`, 'empty'],
      [`"price":null,"qty":1,"timestamp":"${stamp}"`, 'null'],
      [`"price":"100","qty":1,"timestamp":"${stamp}"`, 'text'],
      [`"price":100.${'1234567890'.repeat(4)},"qty":1,"timestamp":"${stamp}"`, 'too-many-digits'],
      [`"price":100,"qty":-1,"timestamp":"${stamp}"`, 'negative-volume'],
      [`"price":100,"qty":1,"timestamp":"${new Date(kraken.now() + 60_000).toISOString()}"`, 'future'],
      ['"price":100,"qty":1,"timestamp":"1970-01-01T00:00:00.000Z"', 'long-ago'],
    ]
    for (const [fields, reason] of cases) {
      const before = feed.counters()[`rejected.${reason}`] ?? 0
      kraken.everyone(frame(fields))
      await until(() => (feed.counters()[`rejected.${reason}`] ?? 0) > before, reason)
    }
    expect(ofKind(feed.take(500), 'trade')).toEqual([])
  })

  it('I5: reconnects after every close code, subscribes again, and back-fills before anybody trades', async () => {
    const kraken = await standin()
    const { feed } = await live(kraken)
    for (const code of [1000, 1001, 1006, 1011]) {
      feed.take(10_000)
      const dials = kraken.connections
      kraken.drop(code)
      await until(() => states(feed).includes('offline') || kraken.connections > dials, `noticing ${code}`)
      kraken.skip('BTC/USD', 0)
      const missed = kraken.trade('BTC/USD', 105, 3)
      await until(() => kraken.connections > dials && allLive(feed), `life after ${code}`)
      expect(missed.id).toBeGreaterThan(0)
      const stale = ofKind(feed.take(10_000), 'stale').filter(i => i.pair === 'XXBTZUSD')
      expect(stale.map(i => i.since === null)).toEqual([false, true])
    }
    const counts = feed.counters()
    for (const code of [1000, 1001, 1006, 1011])
      expect(counts[`disconnects.closed ${code}`], String(code)).toBeGreaterThanOrEqual(1)
    expect(counts.connects).toBe(5)
  })

  it('I5: silence, refused dials and a refused subscription: noticed, counted, and healed without a storm of attempts', async () => {
    const kraken = await standin()
    kraken.refuse('ETH/USD')
    const { feed, start } = await live(kraken)
    expect(start.pairs).toContain('XETHZUSD')
    expect(feed.status().map(s => s.state)).toEqual(['live', 'refused', 'live'])
    kraken.stall()
    await until(() => feed.counters()['disconnects.silence'] === 1, 'silence')
    kraken.stall(false)
    kraken.refuseSockets(429)
    kraken.drop()
    await until(() => (feed.counters()['disconnects.http 429'] ?? 0) >= 2, '429')
    kraken.refuseSockets(503)
    await until(() => (feed.counters()['disconnects.http 503'] ?? 0) >= 1, '503')
    kraken.refuseSockets(undefined)
    await until(() => states(feed)[0] === 'live', 'life', 8_000)
    expect(feed.counters().connects).toBeLessThan(60)
  })

  it('I3: trades missing from the sequence are fetched, and the corrected bar is published', async () => {
    const kraken = await standin()
    const { feed } = await live(kraken)
    kraken.trade('BTC/USD', 100, 1)
    kraken.skip('BTC/USD', 2)
    kraken.trade('BTC/USD', 120, 5)
    kraken.trade('BTC/USD', 119, 5)
    const last = kraken.trade('BTC/USD', 101, 1)
    await until(() => (feed.counters().missedTrades ?? 0) === 2, 'noticing two missing trades')
    await until(() => (feed.counters().backfilledTrades ?? 0) >= 2, 'fetching them')
    const end = last.time - (last.time % 1000) + 1000
    await until(() => feed.now() > end + 50, 'the end of the bar')
    feed.closeBars(end)
    const bars = ofKind(feed.take(10_000), 'bar').filter(i => i.bar.pair === 'XXBTZUSD')
    expect(Math.max(...bars.map(i => i.bar.high))).toBe(120)
  })

  it("warms up from Kraken's candles, settles bars by them, and publishes a revision as one", async () => {
    const clock = fastClock(60)
    const kraken = await standin({ now: clock.now, heartbeatMs: 100 })
    const now = clock.now()
    const history: Candle[] = Array.from({ length: 30 }, (_, i) => {
      const price = 50 + i
      return {
        time: now - (now % M) - (30 - i) * M,
        open: price,
        high: price + 1,
        low: price - 1,
        close: price,
        volume: 2,
        trades: 4,
      }
    })
    for (const { symbol } of kraken.pairs) kraken.tape.write(symbol, M, history)
    const slow = { silenceMs: 60_000, firstFrameMs: 120_000, startTimeoutMs: 600_000, staleMs: 600_000 }
    const { feed, start } = await live(kraken, { barMs: M, clock, warmupBars: 20, ...slow })
    const bitcoin = start.history.filter(b => b.pair === 'XXBTZUSD')
    expect(bitcoin.length).toBeGreaterThanOrEqual(19)
    expect(start.history.map(b => b.time)).toEqual([...start.history.map(b => b.time)].sort((a, b) => a - b))
    const bars: Bar[] = []
    const collect = () => bars.push(...ofKind(feed.take(500), 'bar').map(i => i.bar))
    const from = clock.now()
    while (clock.now() < from + 4 * M) {
      kraken.trade('BTC/USD', 80 + Math.random(), 1)
      await new Promise(resolve => setTimeout(resolve, 50))
      collect()
    }
    const whole = bars.filter(b => b.pair === 'XXBTZUSD' && b.time > from)
    expect(whole.length).toBeGreaterThanOrEqual(2)
    for (const bar of whole) {
      const { time, open, high, low, close, volume } = bar
      const tape = kraken.tape.candle('BTC/USD', M, time)
      expect(tape).toMatchObject({ time, open, high, low, close })
      expect(volume).toBeCloseTo(tape?.volume ?? 0, 6)
    }
    expect(feed.counters().settled).toBeGreaterThanOrEqual(2)
    const last = whole.at(-1)
    if (last === undefined) throw new Error('no bar')
    kraken.revise('BTC/USD', 1, {
      time: last.time,
      open: last.open,
      high: 99,
      low: last.low,
      close: last.close,
      volume: 77,
      trades: 9,
    })
    await until(() => {
      return ofKind(feed.take(500), 'revision').some(({ bar }) => bar.high === 99 && bar.volume === 77)
    }, 'the revision')
    expect(new Set(bars.map(b => `${b.pair} ${b.time}`)).size).toBe(bars.length)
  })

  it('says where a bar is final, closes the rest on request, and T1: never doubles one when the wall clock jumps', async () => {
    const kraken = await standin()
    let jump = 0
    const real = fastClock(1)
    const clock = { ...real, now: () => real.now() + jump }
    const { feed } = await live(kraken, { clock })
    feed.take(10_000)
    const bars: Bar[] = []
    const step = async (ms: number) => {
      await new Promise(resolve => setTimeout(resolve, ms))
      kraken.trade('BTC/USD', 100, 1)
      feed.closeBars(feed.now() - 200)
      bars.push(...ofKind(feed.take(500), 'bar').map(i => i.bar))
    }
    for (let i = 0; i < 6; i++) await step(100)
    jump = 3_600_000
    feed.closeBars(clock.now())
    for (let i = 0; i < 15; i++) await step(100)
    jump = -86_400_000
    for (let i = 0; i < 15; i++) await step(100)
    const keys = bars.map(b => `${b.pair} ${b.time}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(bars.length).toBeLessThanOrEqual(3 * 6)
    expect(bars.filter(b => b.pair === 'XXBTZUSD').length).toBeGreaterThanOrEqual(3)
    expect(feed.counters().clockJumps).toBeGreaterThanOrEqual(1)
    const end = bars.at(-1)?.time ?? 0
    expect(feed.barFinal('XXBTZUSD', end)).toBe(true)
    expect(feed.barFinal('XXBTZUSD', feed.now() + 60_000)).toBe(false)
    expect(feed.barFinal('EOSUSD', feed.now() + 60_000)).toBe(true)
  })

  it('retries a start that Kraken turns away', async () => {
    const kraken = await standin()
    kraken.failRest(2, 200, 'EAPI:Rate limit exceeded')
    const { start } = await live(kraken)
    expect(start.pairs).toHaveLength(3)
  })
})

describe('addresses', () => {
  it('come from KRAKEN_REST_URL and KRAKEN_WS_URL; I5: a frame that is no text ends the connection, and the next begins', async () => {
    const kraken = await standin()
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100, 1)
    Object.assign(process.env, { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl.replace('/v2', '/') })
    const feed = new KrakenFeed({ pairs: ['XXBTZUSD'], barMs: 1000, ...hurried })
    closing.push(() => feed.stop())
    delete process.env.KRAKEN_REST_URL
    delete process.env.KRAKEN_WS_URL
    await feed.start()
    kraken.brokenText()
    await until(() => feed.counters().connects === 2 && allLive(feed), 'a second connection')
    expect(() => new KrakenFeed({ pairs: [], barMs: 7_001 })).toThrow(/a divisor of a day/)
    const wrong = new KrakenFeed({ pairs: [], barMs: 1000, endpoints: { restUrl: 'ftp://x' } })
    await expect(wrong.start()).rejects.toThrow(/KRAKEN_REST_URL: expected an address with http/)
  })

  it('I5: a name that does not resolve and a failing TLS handshake are counted as such, said, and tried again', async () => {
    const kraken = await standin()
    const cases = { dns: 'ws://no-such-host.invalid/v2', tls: kraken.wsUrl.replace('ws:', 'wss:') }
    for (const [reason, wsUrl] of Object.entries(cases)) {
      const endpoints = { restUrl: kraken.restUrl, wsUrl }
      const notes: string[] = []
      const feed = new KrakenFeed({ pairs: ['XXBTZUSD'], barMs: 1000, ...hurried, endpoints, onNote: note => notes.push(note) })
      const started = feed.start()
      await until(() => (feed.counters()[`disconnects.${reason}`] ?? 0) >= 2, reason)
      expect(notes.at(-1)).toMatch(new RegExp(`^Kraken's socket at wss?://.*: attempt \\d+ failed \\(${reason}\\)`))
      await feed.stop()
      await started
    }
  })
})

describe('downloading candles', () => {
  const history = (now: number, count: number): Candle[] =>
    Array.from({ length: count }, (_, i) => {
      const price = 100 + (i % 10)
      return { time: now - (now % M) - (count - i) * M, open: price, high: price, low: price, close: price, volume: 1, trades: 1 }
    })

  it('retries, continues where it stopped, and leaves out the candle in progress', async () => {
    const kraken = await standin()
    kraken.tape.write('BTC/USD', M, history(kraken.now(), 100))
    kraken.trade('BTC/USD', 100, 1)
    const written: Candle[] = []
    const options = { pairs: ['XXBTZUSD', 'NOPEUSD'], barMs: M, endpoints: kraken.endpoints, restIntervalMs: 5 }
    kraken.failRest(1, 503)
    const first = await fetchCandles({ ...options, write: (_, c) => void written.push(...c) })
    expect(first.candles.XXBTZUSD).toBe(100)
    expect(first.missing).toHaveLength(1)
    const again = await fetchCandles({
      ...options,
      resumeAt: () => (written[49]?.time ?? 0) + M,
      write: (_, c) => void expect(c[0]?.time).toBe(written[50]?.time),
    })
    expect(again.candles.XXBTZUSD).toBe(50)
  })

  it('fetches what is wanted before the candles already stored first, and nothing of it twice', async () => {
    const kraken = await standin()
    const now = kraken.now() - (kraken.now() % 1000) - 10_000
    for (let i = 0; i < 2_500; i++) kraken.tape.add('BTC/USD', now - 2_500_000 + i * 1_000, 100 + (i % 5), 1)
    const [older, newer]: [Candle[], Candle[]] = [[], []]
    const [from, to] = [now - 2_000_000, now - 900_000]
    const options = { pairs: ['XXBTZUSD'], barMs: 1_000, endpoints: kraken.endpoints, restIntervalMs: 0, from }
    let done = 0
    const before = () => ({ from, to, write: (c: readonly Candle[]) => void older.push(...c), done: () => void done++ })
    const { candles } = await fetchCandles({
      ...options,
      before,
      resumeAt: () => now - 100_000,
      write: (_, c) => void newer.push(...c),
    })
    expect([older[0]?.time, older.at(-1)?.time, older.length]).toEqual([from, to - 1_000, 1_100])
    expect(newer[0]?.time).toBe(now - 100_000)
    expect([candles.XXBTZUSD, done]).toEqual([older.length + newer.length, 1])
  })

  it('builds what Kraken has no candles for from its trades, and says in one sentence that it is offline', async () => {
    const kraken = await standin()
    const now = kraken.now() - (kraken.now() % 1000) - 10_000
    for (let i = 0; i < 2_500; i++) kraken.tape.add('BTC/USD', now - 2_500 + i, 100 + (i % 5), 1)
    const written: Candle[] = []
    await fetchCandles({
      pairs: ['XXBTZUSD'],
      barMs: 1000,
      endpoints: kraken.endpoints,
      restIntervalMs: 0,
      write: (_, c) => void written.push(...c),
    })
    expect(written.reduce((sum, c) => sum + (c.trades ?? 0), 0)).toBe(2_500)
    expect(new Set(written.map(c => c.time)).size).toBe(written.length)
    const offline = { restUrl: 'http://127.0.0.1:1', wsUrl: 'ws://127.0.0.1:1' }
    const failing = fetchCandles({
      pairs: ['XXBTZUSD'],
      barMs: M,
      endpoints: offline,
      restIntervalMs: 0,
      attempts: 2,
      write: () => {},
    })
    await expect(failing).rejects.toThrow(/Kraken cannot be reached.*continues where it stopped/)
  })
})

describe('nothing can send an order', () => {
  it('opens no door but public market data, whatever the configuration', async () => {
    process.env.KRAKEN_API_KEY = 'planted-key'
    process.env.KRAKEN_API_SECRET = 'cGxhbnRlZA=='
    const kraken = await standin()
    const { feed } = await live(kraken)
    const client = await KrakenClient.open(kraken.endpoints, 1_000)
    const exchange = (
      client as unknown as { exchange: Record<string, (...a: unknown[]) => Promise<unknown>> & { apiKey?: string } }
    ).exchange
    await client.markets()
    // Even with credentials forced upon it.
    Object.assign(exchange, { apiKey: 'planted-key', secret: 'cGxhbnRlZA==' })
    const attempts: [string, unknown[]][] = [
      ['createOrder', ['BTC/USD', 'limit', 'buy', 1, 1]],
      ['cancelOrder', ['X', 'BTC/USD']],
      ['fetchBalance', []],
      ['fetchOpenOrders', []],
      ['withdraw', ['BTC', 1, 'somewhere', undefined, { key: 'mine' }]],
      ['watchBalance', []],
      ['watchOrders', []],
      ['createOrderWs', ['BTC/USD', 'limit', 'buy', 1, 1]],
      ['fetch', [`${kraken.restUrl}/0/private/AddOrder`, 'POST']],
      ['fetch', [`${kraken.restUrl}/0/public/Time`, 'POST']],
    ]
    // Every private endpoint that ccxt knows, by the name it gives it.
    const described = (exchange.describe as unknown as () => { api: Record<string, Record<string, object>> })()
    const endpoints = Object.entries(described.api.private ?? {}).flatMap(([verb, paths]) =>
      Object.keys(paths).map(path => `private_${verb}_${path}`.replace(/[_/](\w)/g, (_, letter: string) => letter.toUpperCase())),
    )
    expect(endpoints.length).toBeGreaterThan(40)
    expect(endpoints).toContain('privatePostAddOrder')
    expect(endpoints.filter(name => typeof exchange[name] !== 'function')).toEqual([])
    attempts.push(...endpoints.map((name): [string, unknown[]] => [name, [{}]]))
    for (const [name, args] of attempts) {
      const call = async () => (exchange[name] as (...a: unknown[]) => Promise<unknown>).apply(exchange, args)
      await expect(call(), name).rejects.toThrow(/only (the )?public/)
    }
    expect(kraken.requests.filter(r => !/^GET \/0\/public\//.test(r))).toEqual([])
    const sent = kraken.messages.map(m => JSON.parse(m) as { method: string; params?: { channel?: string; token?: string } })
    expect(sent.length).toBeGreaterThan(0)
    for (const { method, params } of sent) {
      expect(['subscribe', 'ping']).toContain(method)
      if (method === 'subscribe') expect(['trade', 'ticker', 'ohlc']).toContain(params?.channel)
      expect(params?.token).toBeUndefined()
    }
    expect(feed.counters().connects).toBe(1)
    delete process.env.KRAKEN_API_KEY
    delete process.env.KRAKEN_API_SECRET
  })

  it('the guard itself refuses private paths, other methods, keys, tokens and other sockets', () => {
    const refused = [
      () => assertPublicRequest('https://api.kraken.com/0/private/Balance', 'POST'),
      () => assertPublicRequest('https://api.kraken.com/0/private/Balance', 'GET'),
      () => assertPublicRequest('https://api.kraken.com/0/public/AddOrder', 'GET'),
      () => assertPublicRequest('https://api.kraken.com/private/0/public/Time', 'GET'),
      () => assertPublicRequest('https://api.kraken.com/0/public/Time', 'GET', { 'API-Key': 'x' }),
      () => assertPublicSocket('wss://ws-auth.kraken.com/v2', 'wss://ws-auth.kraken.com/v2'),
      () => assertPublicSocket('wss://elsewhere/v2', 'wss://ws.kraken.com/v2'),
      () => assertPublicMessage('{"method":"add_order","params":{}}'),
      () => assertPublicMessage('{"method":"subscribe","params":{"channel":"executions"}}'),
      () => assertPublicMessage('{"method":"subscribe","params":{"channel":"trade","token":"x"}}'),
    ]
    for (const attempt of refused) expect(attempt).toThrow(/only/)
    assertPublicRequest('https://api.kraken.com/0/public/OHLC?pair=X', 'GET')
    assertPublicMessage('{"method":"ping"}')
  })
})

describe('the stand-in', () => {
  it("speaks in the keys of Kraken's real messages", async ctx => {
    const folder = join(process.env.MYCELIA_SHARED ?? '../shared', 'data/kraken-api-samples')
    const real = (file: string): unknown => {
      try {
        return JSON.parse(readFileSync(join(folder, file), 'utf8'))
      } catch {
        return ctx.skip(`no real frames at ${folder}`)
      }
    }
    const kraken = await standin()
    kraken.trade('BTC/USD', 100, 1)
    const get = async (path: string): Promise<unknown> => (await fetch(`${kraken.restUrl}/0/public/${path}`)).json()
    const first = (answer: unknown): unknown => Object.values((answer as { result: object }).result)[0]
    const keys = (value: unknown) => Object.keys(value as object).sort()
    const row = (answer: unknown) => ((first(answer) as unknown[])[0] as unknown[]).map(v => typeof v)
    expect(keys(first(await get('AssetPairs')))).toEqual(keys(first(real('http_asset_pairs.json'))))
    expect(row(await get('OHLC?pair=XBTUSD&interval=1'))).toEqual(row(real('http_ohlc.json')))
    expect(row(await get('Trades?pair=XBTUSD'))).toEqual(row(real('http_trades.json')))
    expect(keys(first(await get('Ticker?pair=XBTUSD')))).toEqual(keys(first(real('http_ticker.json'))))
    expect(keys(((await get('Time')) as { result: object }).result)).toEqual(
      keys((real('http_server_time.json') as { result: object }).result),
    )
    expect(keys(((await get('SystemStatus')) as { result: object }).result)).toEqual(
      keys((real('http_system_status.json') as { result: object }).result),
    )
    const frames: Record<string, unknown>[] = []
    const socket = new WebSocket(kraken.wsUrl)
    socket.onmessage = e => frames.push(JSON.parse(String(e.data)) as Record<string, unknown>)
    await new Promise(resolve => {
      socket.onopen = resolve
    })
    const say = (params: object) => socket.send(JSON.stringify({ method: 'subscribe', params, req_id: 1 }))
    for (const channel of ['ticker', 'trade', 'ohlc']) say({ channel, symbol: ['BTC/USD'], interval: 1 })
    socket.send('{"method":"ping","req_id":42}')
    await until(() => frames.some(f => f.method === 'pong'), 'pong')
    const entry = (f: unknown) => keys((f as { data: unknown[] }).data[0])
    const of = (channel: string) => frames.find(f => f.channel === channel)
    expect(entry(of('ticker'))).toEqual(entry(real('ws_ticker_snapshot.json')))
    expect(entry(of('trade'))).toEqual(entry(real('ws_trade_update.json')))
    expect(entry(of('ohlc'))).toEqual(entry(real('ws_ohlc_update.json')))
    expect(keys(frames.find(f => f.method === 'subscribe'))).toEqual(keys(real('ws_subscribe_response.json')))
    expect(keys(frames.find(f => f.method === 'pong'))).toEqual(keys(real('ws_pong.json')))
    socket.close()
  })
})
