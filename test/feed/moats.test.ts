import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { KrakenFeed } from '../../src/feed/kraken/feed.js'
import { loadMoats } from '../../src/feed/moat-files.js'
import { MoatFeed, type MoatFeedOptions, type MoatStatus, moatSources } from '../../src/feed/moats/feed.js'
import { MoatRecorder } from '../../src/feed/moats/recorder.js'
import {
  type Bar,
  BarFlag,
  type MarketSource,
  type MarketTick,
  type MoatSignal,
  moatStreams,
  moats,
} from '../../src/market/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { playMarket } from '../standins/market-tape.js'
import { MoatStandin } from '../standins/moats/standin.js'
import { fastClock } from './fast-clock.js'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function standin(): Promise<MoatStandin> {
  const services = await MoatStandin.start()
  closing.push(() => services.stop())
  return services
}

function feedOn(services: MoatStandin, options: Partial<MoatFeedOptions> = {}): MoatFeed {
  const env = { ...services.env, MYCELIA_CONTACT: 'lab@example.org' }
  const feed = new MoatFeed({ env, pollMs: 100, intervalMs: 0, timeoutMs: 500, ...options })
  closing.push(() => feed.stop())
  feed.start()
  return feed
}

async function until(condition: () => boolean, what: string, ms = 5_000): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const signalsOf = (feed: MoatFeed): MoatSignal[] => feed.take(1_000).flatMap(i => (i.kind === 'signal' ? [i.signal] : []))
const everyStream = moats.flatMap(moat => moatStreams[moat].map(stream => `${moat}/${stream}`))

describe('the moat sources', () => {
  it('turn the real shapes of five public services into a value for every stream', async () => {
    const services = await standin()
    let value = 1.5
    for (const moat of moats) for (const stream of moatStreams[moat]) services.set({ moat, stream, value: value++ })
    // One round is enough, and none is stale before the third: a busy machine changes nothing.
    const feed = feedOn(services, { pollMs: 60_000, timeoutMs: 5_000 })
    const got = new Map<string, number>()
    await until(() => {
      for (const s of signalsOf(feed)) got.set(`${s.moat}/${s.stream}`, s.value)
      return got.size === everyStream.length
    }, 'all streams')
    expect([...got.keys()].sort()).toEqual([...everyStream].sort())
    value = 1.5
    for (const key of everyStream) expect(got.get(key), key).toBe(value++)
    expect(feed.status().every(s => !s.stale && s.lastValueAt !== null)).toBe(true)
  })

  it('are asked politely: by name and contact, at the pace of their hosts, and only for what changed', async () => {
    const services = await standin()
    const feed = feedOn(services, { pollMs: 50, intervalMs: 20 })
    await until(() => services.unchanged >= 20, 'answers of 304')
    expect(feed.counters().signals).toBeGreaterThan(everyStream.length)
    for (const { headers } of services.requests) expect(headers['user-agent']).toBe('mycelia (lab@example.org)')
    const conditional = services.requests.filter(r => r.headers['if-none-match'] !== undefined)
    expect(conditional.length).toBeGreaterThanOrEqual(20)
    expect(services.requests.find(r => r.service === 'github')?.headers.accept).toBe('application/vnd.github+json')
    for (const s of moatSources) expect(s.intervalMs).toBeGreaterThanOrEqual(1_000)
  })

  it('give no value where a service answers `{}` or a web page; both are failures, kept nowhere, and asked again', async () => {
    const services = await standin()
    services.blank('freight')
    services.babble('sec')
    const feed = feedOn(services, { timeoutMs: 5_000 })
    await until(() => (feed.counters()['freight.empty'] ?? 0) >= 4 && (feed.counters()['sec.unreadable'] ?? 0) >= 4, 'refusals')
    expect(feed.counters()['freight.failed']).toBeGreaterThanOrEqual(4)
    expect(services.requests.filter(r => r.service === 'freight' && r.headers['if-none-match'] !== undefined)).toEqual([])
    services.blank('freight', false)
    const europe = () => feed.status().find(({ stream }) => stream === 'Europe')
    await until(() => feed.status().some(({ moat, lastValueAt }) => moat === 'logistics' && lastValueAt !== null), 'values')
    await until(() => europe()?.lastValueAt !== null, 'a value of freight')
  })

  it('that are asked once an hour are asked again within a minute where they failed, and then more and more rarely', async () => {
    const services = await standin()
    services.fail('freight', 503)
    const clock = fastClock(600)
    const feed = feedOn(services, {
      clock,
      pollMs: 3_600_000,
      timeoutMs: 5_000,
      sources: moatSources.filter(s => s.name === 'freight'),
    })
    const began = clock.monotonic()
    const rounds = () => (feed.counters()['freight.requests'] ?? 0) / 2
    await until(() => rounds() >= 4, 'four rounds', 20_000)
    // 1 + 2 + 4 minutes, not three hours.
    expect(clock.monotonic() - began).toBeGreaterThan(6 * 60_000)
    expect(clock.monotonic() - began).toBeLessThan(3_600_000)
  })

  it('grow stale where they are down, and hold up nobody else', async () => {
    const services = await standin()
    services.fail('github', 500)
    services.babble('sec')
    const feed = feedOn(services)
    const isDown = ({ moat }: MoatStatus) => moat === 'code' || moat === 'corporations'
    const down = () => feed.status().filter(isDown)
    const others = () => feed.status().filter(status => !isDown(status))
    await until(() => down().every(s => s.stale), 'those that are down to be stale')
    expect(feed.counters()).toMatchObject({ 'github.http 500': expect.any(Number), 'sec.unreadable': expect.any(Number) })
    // Their rounds go on meanwhile. On a busy machine a round may be late, so none need be fresh at one instant.
    for (let round = 0; round < 3; round++) {
      const before = new Map(others().map(s => [s.stream, s.lastValueAt ?? 0]))
      await until(() => others().every(s => (s.lastValueAt ?? 0) > (before.get(s.stream) ?? 0)), 'values of all the others')
    }
    expect(down().every(s => s.stale && s.lastValueAt === null)).toBe(true)
    services.fail('github', undefined)
    const recovered = new Set<string>()
    await until(() => {
      for (const { moat, stream, stale } of feed.status()) if (moat === 'code' && !stale) recovered.add(stream)
      return recovered.size === moatStreams.code.length
    }, 'recovery')
    expect(
      down()
        .filter(s => s.moat === 'corporations')
        .every(s => s.stale),
    ).toBe(true)
  })

  it('are named while they fail, with the begin and the reason, until they answer again', async () => {
    const services = await standin()
    const began = Date.now()
    services.fail('github', 503)
    services.fail('weather', 200)
    const feed = feedOn(services, { pollMs: 50 })
    const failing = (source: string) => feed.failures().find(failed => failed.source === source)
    await until(() => failing('github') !== undefined && failing('weather') !== undefined, 'both to fail')
    expect(failing('weather')?.reason).toBe('empty')
    const { since = 0, reason } = failing('github') ?? {}
    expect(reason).toBe('http 503')
    expect(since).toBeGreaterThanOrEqual(began)
    expect(failing('sec')).toBeUndefined()
    await until(() => (feed.counters()['github.failed'] ?? 0) > 12, 'rounds that fail')
    expect(failing('github')?.since).toBe(since)
    services.fail('github', undefined)
    services.fail('weather', undefined)
    await until(() => feed.failures().length === 0, 'recovery')
  })

  it('are left alone for as long as they ask after 403 and 429', async () => {
    const services = await standin()
    services.fail('github', 403, {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    })
    services.fail('sec', 429, { 'retry-after': '1' })
    const feed = feedOn(services, { pollMs: 50 })
    await new Promise(resolve => setTimeout(resolve, 600))
    const asked = (service: string) => services.requests.filter(r => r.service === service).length
    expect(asked('github')).toBe(1)
    expect(asked('sec')).toBe(1)
    services.fail('sec', undefined)
    await until(() => asked('sec') > 1, 'asking again')
    expect(asked('github')).toBe(1)
    expect(feed.counters()['github.failed']).toBeGreaterThan(1)
  })

  it('hostile values make no signal', async () => {
    for (const source of moatSources) {
      for (const question of source.questions) {
        for (const answer of [
          null,
          7,
          'x',
          [],
          {},
          { total_count: '7', count: null, hits: { total: { value: 'x' } }, total: {}, features: [{}] },
        ]) {
          for (const value of Object.values(question.read(answer))) expect(value).toBeUndefined()
        }
      }
    }
  })

  it('are recorded as the files --moats reads, also over a restart', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'moats-'))
    closing.push(() => rmSync(dir, { recursive: true }))
    const write = (recorder: MoatRecorder, time: number, value: number) =>
      recorder.write({ moat: 'code', stream: 'Rust', time, value, placebo: false })
    const first = new MoatRecorder(dir)
    write(first, 1_760_000_000_000, 5)
    write(first, 1_760_000_000_000, 6)
    write(first, 1_760_000_060_000, -7.25)
    const second = new MoatRecorder(dir)
    write(second, 1_760_000_060_000, 8)
    write(second, 1_760_000_120_000, 9)
    const text = readFileSync(join(dir, 'code', 'Rust.csv'), 'utf8')
    expect(text).toBe('time,stream,value\n1760000000000,Rust,5\n1760000060000,Rust,-7.25\n1760000120000,Rust,9\n')
    const { series } = await loadMoats(dir)
    expect(series).toHaveLength(1)
    expect(first.failures + second.failures).toBe(0)
    const nowhere = new MoatRecorder('/dev/null/moats')
    write(nowhere, 1, 1)
    expect(nowhere.failures).toBe(1)
  })
})

describe('a market played by the stand-ins', () => {
  const wallBarMs = 500
  const pairs = ['XXBTZUSD', 'XETHZUSD']

  /** Bars of an hour, each with a signal. */
  function made(): MarketSource & { bars: Bar[] } {
    const bars: Bar[] = []
    let n = 0
    const next = (): MarketTick => {
      const time = n * 3_600_000
      n++
      const made = pairs.map((pair, i): Bar => {
        const open = 100 + n + i
        return {
          pair,
          barMs: 3_600_000,
          time,
          open,
          high: open + 3,
          low: open - 2,
          close: open + 1,
          volume: 4,
          flags: n === 3 ? BarFlag.filled : 0,
        }
      })
      bars.push(...made)
      const signal: MoatSignal = { moat: 'code', stream: 'Rust', time, value: n + 0.5, placebo: false }
      return {
        time: time + 3_600_000,
        step: true,
        inputs: [...made.map(bar => ({ kind: 'bar', bar }) as const), { kind: 'signal', signal }],
      }
    }
    return { barMs: 3_600_000, pairs, bars, next, save: () => n, restore: () => {}, describe: () => ({}) }
  }

  it('comes back from the real clients bar by bar, one market hour a short wall bar, with its signals', async () => {
    const services = await standin()
    const kraken = await KrakenStandin.start({ heartbeatMs: 100 })
    closing.push(() => kraken.stop())
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100, 1)
    const feed = new KrakenFeed({ pairs, barMs: wallBarMs, endpoints: kraken.endpoints, restIntervalMs: 0, warmupBars: 0 })
    closing.push(() => feed.stop())
    await feed.start()
    const moatFeed = feedOn(services)
    const source = made()
    const show = playMarket({ source, kraken, moats: services, wallBarMs })
    closing.push(() => show.stop())
    const bars: Bar[] = []
    const signals: MoatSignal[] = []
    const shape = ({ open, high, low, close }: Bar) => [open, high, low, close].join(' ')
    const seen = () => new Set(bars.filter(b => b.pair === 'XXBTZUSD').map(shape))
    const sent = () => source.bars.filter(b => b.pair === 'XXBTZUSD' && b.flags === 0).slice(0, 4)
    await until(
      () => {
        // Bars stay open for late trades as long as a busy machine may need to send them.
        feed.closeBars(feed.now() - 1_500)
        for (const input of feed.take(500)) if (input.kind === 'bar') bars.push(input.bar)
        signals.push(...signalsOf(moatFeed).filter(s => s.stream === 'Rust'))
        return show.played >= 7 && sent().every(bar => seen().has(shape(bar)))
      },
      'the bars as they were sent',
      20_000,
    )
    expect(bars.some(b => b.flags & BarFlag.filled)).toBe(true)
    expect(new Set(signals.map(s => s.value)).size).toBeGreaterThanOrEqual(4)
  })
})
