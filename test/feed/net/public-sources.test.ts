/** Public sources of the network, against stand-ins here: status pages, prices, measurements of RIPE Atlas, and RIS Live. */

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import {
  atlasMeasurement,
  coinbaseTickers,
  type FeedInput,
  PolledFeed,
  RisLive,
  statusPage,
  systemClock,
} from '../../../src/feed/index.js'
import { feedLimits } from '../../../src/feed/limits.js'
import { leastRttMs, scanProblem } from '../../../src/market/index.js'
import { ManualClock } from '../../world/live-kit.js'

const now = Date.UTC(2026, 0, 2, 12)
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()

/** A service that answers each path with what `answers` holds for it now. */
async function service(answers: Record<string, unknown>) {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url ?? '')
    const answer = answers[request.url ?? '']
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function polled(sources: ConstructorParameters<typeof PolledFeed>[0]['sources']) {
  const clock = new ManualClock(now)
  const feed = new PolledFeed({ sources, clock, timeoutMs: 2_000 })
  onTestFinished(() => feed.stop())
  feed.start()
  const answered = (name: string, n: number) =>
    vi.waitFor(() => expect(feed.counters()[`${name}.requests`]).toBeGreaterThanOrEqual(n))
  const settled = async () => {
    await vi.waitFor(() => expect(feed.state().state).not.toBe('starting'))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { feed, clock, answered, settled }
}

const incident = {
  id: 'i1',
  name: 'Degraded API',
  status: 'investigating',
  impact: 'major',
  created_at: at(-3),
  started_at: at(-5),
}

it('an incident is heard when it begins and whenever it changes; one of yesterday and one that makes no sense are not', async () => {
  const old = { ...incident, id: 'i0', started_at: at(-9_000), resolved_at: at(-8_000) }
  const answers: Record<string, unknown> = {
    '/api/v2/incidents.json': { page: {}, incidents: [incident, old, { id: 7 }, { ...incident, id: 'i9', created_at: 'soon' }] },
  }
  const { url } = await service(answers)
  const { feed, clock, answered, settled } = polled([statusPage(`api.kraken.com=${url}`)])
  await answered('api.kraken.com', 1)
  await settled()
  const heard = { id: 'i1', host: 'api.kraken.com', name: 'Degraded API', impact: 'major', startedAt: now - 300_000 }
  expect(feed.take(10)).toEqual([{ kind: 'incident', incident: { ...heard, status: 'investigating', resolvedAt: null } }])
  clock.pass(60_000)
  await answered('api.kraken.com', 2)
  await settled()
  expect(feed.take(10)).toEqual([])
  answers['/api/v2/incidents.json'] = { incidents: [{ ...incident, status: 'resolved', resolved_at: at(2) }] }
  clock.pass(60_000)
  await answered('api.kraken.com', 3)
  await settled()
  expect(feed.take(10)).toMatchObject([{ incident: { id: 'i1', status: 'resolved', resolvedAt: now + 120_000 } }])
  expect(feed.state().state).toBe('live')
})

it('a page that fails is counted and stale, and asked again', async () => {
  const answers: Record<string, unknown> = {}
  const { url } = await service(answers)
  const { feed, clock, answered, settled } = polled([statusPage(`api.kraken.com=${url}`)])
  await answered('api.kraken.com', 1)
  await settled()
  expect(feed.state().state).toBe('stale')
  expect(feed.counters()['api.kraken.com.failed']).toBe(1)
  answers['/api/v2/incidents.json'] = '{"incidents":'
  clock.pass(60_000)
  await answered('api.kraken.com', 2)
  await settled()
  expect(feed.state().state).toBe('stale')
  answers['/api/v2/incidents.json'] = { incidents: [] }
  clock.pass(60_000)
  await answered('api.kraken.com', 3)
  await settled()
  expect(feed.state()).toEqual({ state: 'live', lastDataAt: now + 120_000 })
  expect(() => statusPage('example.org')).toThrow(/the status page of a host: expected api.coinbase.com/)
})

it('an input for which there was no room is given out with the next answer', async () => {
  const { url } = await service({ '/': [] })
  const inputs = Array.from({ length: feedLimits.waitingPosts + 1 }, (_, i) => {
    const update = { prefix: String(i), time: now, path: null, peer: '' }
    return { key: String(i), version: '1', input: { kind: 'route-update', update } as const }
  })
  const { feed, clock, answered } = polled([{ name: 'made', url: `${url}/`, pollMs: 60_000, read: () => inputs }])
  await vi.waitFor(() => expect(feed.counters()['made.dropped']).toBe(1))
  expect(feed.take(10_000)).toHaveLength(feedLimits.waitingPosts)
  clock.pass(60_000)
  await answered('made', 2)
  await vi.waitFor(() => expect(feed.take(10)).toEqual([inputs.at(-1)?.input]))
})

it('a ticker is a price, asked by the exchange’s own name of the pair; nonsense is none', async () => {
  const ticker = { trade_id: 5, price: '96123.45', size: '0.1', time: at(0), bid: '96123.44', ask: '96123.46', volume: '1' }
  const { url, asked } = await service({
    '/products/BTC-USD/ticker': ticker,
    '/products/SOL-USD/ticker': { ...ticker, price: '-1' },
  })
  const { feed, answered, settled } = polled(coinbaseTickers(['XXBTZUSD', 'SOLUSD'], url))
  await answered('ticker-SOLUSD', 1)
  await settled()
  expect(asked.sort()).toEqual(['/products/BTC-USD/ticker', '/products/SOL-USD/ticker'])
  expect(feed.take(10)).toEqual([
    {
      kind: 'ticker',
      ticker: {
        host: 'api.coinbase.com',
        pair: 'XXBTZUSD',
        time: now,
        priceUsd: 96_123.45,
        bidUsd: 96_123.44,
        askUsd: 96_123.46,
      },
    },
  ])
})

const hop = (n: number, ...result: unknown[]) => ({ hop: n, result })
const traced = { prb_id: 1234, dst_name: 'api.kraken.com', dst_addr: '203.0.113.9', timestamp: now / 1_000 }
const vantages = ['here', 'atlas-1234', 'atlas-99']
const latest = '/api/v2/measurements/5051/latest/?format=json&probe_ids=1234,99'

it('a traceroute of RIPE Atlas is a scan of its probe, which is asked for by its number; others are passed over', async () => {
  const result = {
    ...traced,
    result: [
      hop(1, { from: '10.0.0.1', rtt: 0.5 }),
      hop(2, { x: '*' }, { x: '*' }),
      hop(3, { from: '203.0.113.9', rtt: 20.5 }, { x: '*' }, { from: '203.0.113.9', rtt: 21, err: 'H' }),
    ],
  }
  // By the numbers of the probes, each with its newest result first.
  const older = { ...result, timestamp: result.timestamp - 900 }
  const answer = { 1234: [result, older], 77: [{ ...result, prb_id: 77 }], 99: [{ prb_id: 'none' }] }
  const { url } = await service({ [latest]: answer })
  const { feed, answered, settled } = polled([atlasMeasurement('5051', { vantages, url })])
  await answered('atlas-5051', 1)
  await settled()
  expect(feed.take(10)).toEqual([
    {
      kind: 'scan',
      scan: {
        host: 'api.kraken.com',
        vantage: 'atlas-1234',
        time: now,
        heardAt: now,
        gateway: true,
        hops: [
          { ttl: 1, address: '10.0.0.1', rttMs: 0.5 },
          { ttl: 2, address: null, rttMs: null },
          { ttl: 3, address: '203.0.113.9', rttMs: 20.5 },
        ],
        probesMs: [20.5, null, null],
      },
    },
  ])
  expect(() => atlasMeasurement('5051; rm', { vantages })).toThrow(/its number, as 5051/)
  expect(() => atlasMeasurement('5051', { vantages: ['here', 'far'] })).toThrow(/expected one at least.*as atlas-1234.*here, far/)
})

it('a host that is silent to RIPE Atlas is silence, though the probe ends its route with a hop of number 255', async () => {
  const silent = [{ x: '*' }, { x: '*' }, { x: '*' }]
  const hops = [hop(1, { from: '10.0.0.1', rtt: 0.5 }), ...[2, 3, 4, 5, 6, 255].map(n => hop(n, ...silent))]
  const { url } = await service({ [latest]: [{ ...traced, result: hops }] })
  const { feed, answered, settled } = polled([atlasMeasurement('5051', { vantages, url })])
  await answered('atlas-5051', 1)
  await settled()
  const [given] = feed.take(10)
  if (given?.kind !== 'scan') throw new Error('no scan')
  expect(given.scan.hops.at(-1)).toEqual({ ttl: 7, address: null, rttMs: null })
  expect(leastRttMs(given.scan)).toBeNull()
  const context = { hosts: new Set(['api.kraken.com']), now, last: undefined }
  expect(scanProblem(given.scan, context)).toBeUndefined()
})

it('what RIPE Atlas tells minutes late is believed for an hour from its time, and no longer', async () => {
  const hosts = new Set(['api.kraken.com'])
  const takenAgo = async (minutes: number) => {
    const timestamp = now / 1_000 - 60 * minutes
    const hops = [hop(1, { from: '203.0.113.9', rtt: 20.5 })]
    const { url } = await service({ [latest]: { 1234: [{ ...traced, timestamp, result: hops }] } })
    const { feed, answered, settled } = polled([atlasMeasurement('5051', { vantages, url })])
    await answered('atlas-5051', 1)
    await settled()
    const [given] = feed.take(10)
    if (given?.kind !== 'scan') throw new Error('no scan')
    // Two minutes pass until the run takes it.
    return scanProblem(given.scan, { hosts, now: now + 120_000, last: undefined })
  }
  expect(await takenAgo(12)).toBeUndefined()
  expect(await takenAgo(59)).toBeUndefined()
  expect(await takenAgo(61)).toBe('tooOld')
  expect(await takenAgo(-6)).toBe('clockStep')
})

it('changes of routes come over the socket, which is made again when it breaks; what is no update is counted', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const said: string[] = []
  const data = {
    timestamp: now / 1_000,
    peer: '192.0.2.1',
    peer_asn: '64500',
    path: [64500, [64501, 64502]],
    announcements: [{ next_hop: '192.0.2.1', prefixes: ['104.16.0.0/12'] }],
    withdrawals: ['104.17.0.0/16'],
  }
  server.on('connection', socket => {
    socket.on('message', text => {
      said.push(String(text))
      socket.send(JSON.stringify({ type: 'ris_message', data }))
      socket.send('{"type":"ris_error"}')
      if (said.length === 1) socket.close()
    })
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  const feed = new RisLive({ prefixes: ['104.16.0.0/12'], clock: systemClock(), url })
  onTestFinished(() => feed.stop())
  feed.start()
  const heard: FeedInput[] = []
  await vi.waitFor(
    () => {
      heard.push(...feed.take(10))
      expect(heard).toHaveLength(4)
    },
    { timeout: 5_000 },
  )
  expect(heard.slice(0, 2)).toEqual([
    { kind: 'route-update', update: { prefix: '104.16.0.0/12', time: now, path: [64500, 64501, 64502], peer: '64500' } },
    { kind: 'route-update', update: { prefix: '104.17.0.0/16', time: now, path: null, peer: '64500' } },
  ])
  expect(JSON.parse(said[0] ?? '')).toEqual({
    type: 'ris_subscribe',
    data: { prefix: '104.16.0.0/12', type: 'UPDATE', moreSpecific: true, lessSpecific: false },
  })
  expect(feed.counters()).toMatchObject({ connections: 2, updates: 4 })
  expect(feed.counters().unread).toBeGreaterThanOrEqual(1)
  expect(() => new RisLive({ prefixes: ['all of it'], clock: systemClock() })).toThrow(/104.16.0.0\/12/)
})
