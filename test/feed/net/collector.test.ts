/** The collector: what `mycelia scan --post` sends arrives as it was, whoever has no token is heard by nobody, and what is wrong is counted. */

import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { Collector, collectorUrl, postScan, scanBody } from '../../../src/feed/index.js'
import type { NetScan } from '../../../src/market/index.js'
import { collectorPosts, serveHttp, serverLimits } from '../../../src/server/index.js'
import { ManualClock } from '../../world/live-kit.js'

const now = Date.UTC(2026, 0, 1)
const token = 'far-and-near'
const hosts = { 'api.kraken.com': ['ADAUSD'], 'api.coinbase.com': ['XXBTZUSD', 'SOLUSD'] }

const scan: NetScan = {
  host: 'api.kraken.com',
  vantage: 'far',
  time: now - 1_000,
  hops: [
    { ttl: 1, address: '10.0.0.1', rttMs: 0.5 },
    { ttl: 2, address: null, rttMs: null },
    { ttl: 3, address: '203.0.113.9', rttMs: 21.5 },
  ],
  probesMs: [22.5, null, 21.5],
  gateway: true,
}
const signal = {
  signal_id: 'a-1',
  source: 'far',
  type: 'latency_anomaly',
  host: 'api.coinbase.com',
  pair: 'BTC-USD',
  direction: -1,
  strength: 0.8,
  time: now,
}

async function collecting() {
  const clock = new ManualClock(now)
  const collector = new Collector({ hosts, vantages: ['far'], clock })
  const posts = collectorPosts(collector)
  const server = await serveHttp({ port: 0, option: 'collect', token, tokenName: 'NETTRACE_API_KEY', routes: {}, posts })
  onTestFinished(() => server.close())
  const post = (path: string, body: unknown, authorization = `Bearer ${token}`) =>
    fetch(`${server.url}/api/v1/${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization },
    })
  return { clock, collector, server, post, scans: collectorUrl(`${server.url}/api/v1/scans`) }
}

it('a scan that is sent is the scan that is taken', async () => {
  const { collector, scans } = await collecting()
  await postScan(scans, scan, token)
  expect(collector.take(10)).toEqual([{ kind: 'scan', scan }])
  expect(collector.counters()).toEqual({ scans: 1 })
  // The clock of a sender steps back: its sender hears why.
  await expect(postScan(scans, scan, token)).rejects.toThrow(/answered 422 to a scan of api.kraken.com: its time does not follow/)
  expect(collector.take(10)).toEqual([])
})

it('whoever lacks the token, or asks from a page of elsewhere, is refused, and nothing is taken', async () => {
  const { collector, post, server, scans } = await collecting()
  await expect(postScan(scans, scan, undefined)).rejects.toThrow(/answered 401/)
  await expect(postScan(scans, scan, `${token}x`)).rejects.toThrow(/answered 401/)
  expect((await post('scans', scanBody(scan), 'Bearer')).status).toBe(401)
  const headers = { authorization: `Bearer ${token}`, origin: 'https://evil.example' }
  const foreign = request(`${server.url}/api/v1/scans`, { method: 'POST', headers }).end(JSON.stringify(scanBody(scan)))
  const [{ statusCode }] = await once(foreign, 'response')
  expect(statusCode).toBe(403)
  expect((await fetch(`${server.url}/api/v1/scans`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(405)
  expect((await post('other', {})).status).toBe(404)
  expect(collector.take(10)).toEqual([])
  await expect(
    serveHttp({ port: 0, option: 'collect', listen: '0.0.0.0', tokenName: 'NETTRACE_API_KEY', routes: {}, posts: {} }),
  ).rejects.toThrow(/expected a token in NETTRACE_API_KEY/)
})

it('a body that is too long is 413, one that is no JSON 400', async () => {
  const { post, server } = await collecting()
  expect((await post('scans', 'x'.repeat(serverLimits.postBytes + 1))).status).toBe(413)
  expect((await post('scans', '{"host":')).status).toBe(400)
  expect((await post('signals', [1, 2])).status).toBe(400)
  expect(server.counters).toMatchObject({ tooLarge: 1, malformed: 1 })
})

it('every bad scan is refused and counted by its own reason', async () => {
  const { collector, post } = await collecting()
  const body = (change: Record<string, unknown>) => ({ ...scanBody(scan), ...change })
  const hop = (ttl: number, rtt_ms: unknown = 1) => ({ ttl, address: '10.0.0.1', rtt_ms })
  const bad: [string, unknown][] = [
    ['unknownHost', body({ host: 'example.org' })],
    ['unknownVantage', body({ vantage: 'nowhere' })],
    ['rttUnknown', body({ probes_ms: ['NaN'] })],
    ['rttNegative', body({ probes_ms: [-1] })],
    ['rttTooLong', body({ hops: [hop(1, 60_001)] })],
    ['rttTooLong', JSON.stringify(scanBody(scan)).replace('22.5', '1e999')],
    ['noHops', body({ hops: [] })],
    ['tooManyHops', body({ hops: Array.from({ length: 255 }, (_, i) => hop(i + 1)) })],
    ['hopOrder', body({ hops: [hop(2), hop(1)] })],
    ['clockStep', body({ time: now + 600_000 })],
    ['vantageDown', body({ hops: [hop(1, null)], probes_ms: [null], gateway: false })],
    ['malformed', body({ hops: 'none' })],
  ]
  for (const [reason, given] of bad) {
    const answer = await post('scans', given)
    expect(await answer.json(), reason).toMatchObject({ accepted: false, reason })
    expect(answer.status, reason).toBe(reason === 'malformed' ? 400 : 422)
  }
  expect(collector.take(100)).toEqual([])
  const counts = collector.counters()
  for (const [reason] of bad) expect(counts[`rejected.${reason}`], reason).toBe(reason === 'rttTooLong' ? 2 : 1)
})

it('the shortest form of a scan is enough: host, hops, total round trip, and whose it is', async () => {
  const { collector, post } = await collecting()
  const hops = [{ ttl: 1, address: '10.0.0.1', rtt_ms: 0.5 }]
  expect((await post('scans', { host: 'api.kraken.com', vantage: 'far', hops, total_rtt: 20 })).status).toBe(202)
  expect(collector.take(1)).toMatchObject([{ scan: { time: now, probesMs: [20], gateway: true } }])
})

it('a signal is taken once, whatever it claims of itself; what is wrong is counted by reason', async () => {
  const { collector, post, clock } = await collecting()
  expect((await post('signals', { ...signal, confidence: 0.95 })).status).toBe(202)
  expect((await post('signals', signal)).status).toBe(409)
  expect((await post('signals', { ...signal, signal_id: 'a-2', source: 'elsewhere' })).status).toBe(202)
  const bad: [string, unknown][] = [
    ['unknownHost', { ...signal, signal_id: 'b', host: 'example.org' }],
    ['unknownPair', { ...signal, signal_id: 'c', pair: 'ADAUSD' }],
    ['strengthUnknown', { ...signal, signal_id: 'd', strength: 0 }],
    ['clockStep', { ...signal, signal_id: 'e', time: now - 600_000 }],
    ['malformed', { ...signal, signal_id: 'f', direction: 0 }],
    ['malformed', { ...signal, signal_id: 'g', type: 'hunch' }],
  ]
  for (const [reason, given] of bad) expect(await (await post('signals', given)).json()).toMatchObject({ reason })
  const taken = collector.take(10)
  expect(taken).toHaveLength(2)
  expect(taken[0]).toEqual({
    kind: 'net-signal',
    signal: {
      id: 'a-1',
      source: 'far',
      type: 'latency_anomaly',
      host: signal.host,
      pair: 'XXBTZUSD',
      direction: -1,
      strength: 0.8,
      time: now,
    },
  })
  expect(collector.counters()).toMatchObject({ signals: 2, 'rejected.repeated': 1, 'rejected.malformed': 2 })
  clock.pass(700_000)
  expect(collector.state()).toMatchObject({ state: 'live', lastDataAt: now })
})

it('what the run cannot take in time is refused, and may be sent again', async () => {
  const { collector } = await collecting()
  for (let i = 0; i < 1_000; i++) expect(collector.signal({ ...signal, signal_id: `n-${i}` })).toBeUndefined()
  const late = { ...signal, signal_id: 'late' }
  expect(collector.signal(late)).toMatchObject({ status: 429, reason: 'full' })
  expect(collector.take(5_000)).toHaveLength(1_000)
  expect(collector.signal(late)).toBeUndefined()
})
