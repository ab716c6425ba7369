/** The metrics page: what it shows, and to whom. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { type MetricsSample, serveMetrics } from '../../src/server/index.js'

const sample: MetricsSample = {
  step: 7,
  tick: 40,
  population: { DataMiner: 18, PatternLearner: 100 },
  unhealthy: 1,
  patterns: { approved: 3 },
  ideas: { baseline: 12, mycelial: 4 },
  collisions: 2,
  trades: { baseline: 5 },
  pnlUsd: { baseline: -12.5, synthesized: null },
  halts: [{ portfolio: 'all', kind: 'operator' }],
  feedAgeSeconds: { SOLUSD: 0.25 },
  messages: { sent: 9, missed: 1 },
  world: { overruns: 0 },
  heapBytes: 1_000,
  live: 1,
  linkUp: 0,
  stale: { SOLUSD: 1, ADAUSD: 0 },
  sourceFailing: { sec: 1 },
  feeds: [{ name: 'atlas', state: 'live', taken: 5, refused: 1, counters: { 'atlas-5051.failed': 2 } }],
  lastSeconds: { status: 100, data: 99, tick: 98, bar: 60, trade: null },
  patternsInForce: { all: 3, traded: 2 },
  searchBars: { had: 412, needed: 2_883 },
  signals: { baseline: 12 },
  untraded: [{ portfolio: 'baseline', reason: 'standing', count: 9 }],
  openPositions: { baseline: 2 },
  clockOffsetSeconds: null,
  troubles: ['link'],
}

async function serve() {
  const server = await serveMetrics(0)
  onTestFinished(() => server.close())
  return server
}

function status(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, response => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  })
}

test('shows population, health, discovery, collisions, trades, P&L, messages, feed age, heap and commit times', async () => {
  const server = await serve()
  server.set(sample)
  server.committed(1.5, 4)
  const text = await (await fetch(server.url)).text()
  for (const line of [
    'mycelia_agents{type="PatternLearner"} 100',
    'mycelia_unhealthy_agents 1',
    'mycelia_patterns_total{status="approved"} 3',
    'mycelia_collisions_total 2',
    'mycelia_trades_total{portfolio="baseline"} 5',
    'mycelia_pnl_usd{portfolio="baseline"} -12.5',
    'mycelia_pnl_usd{portfolio="synthesized"} Nan',
    'mycelia_halted{portfolio="all",kind="operator"} 1',
    'mycelia_feed_age_seconds{pair="SOLUSD"} 0.25',
    'mycelia_messages_total{outcome="missed"} 1',
    'mycelia_heap_bytes 1000',
    'mycelia_live 1',
    'mycelia_link_up 0',
    'mycelia_stale{pair="SOLUSD"} 1',
    'mycelia_stale{pair="ADAUSD"} 0',
    'mycelia_source_failing{source="sec"} 1',
    'mycelia_feed_live{feed="atlas"} 1',
    'mycelia_feed_total{feed="atlas",what="taken"} 5',
    'mycelia_feed_total{feed="atlas",what="refused"} 1',
    'mycelia_feed_total{feed="atlas",what="atlas-5051.failed"} 2',
    'mycelia_last_timestamp_seconds{what="bar"} 60',
    'mycelia_last_timestamp_seconds{what="trade"} Nan',
    'mycelia_patterns_in_force{which="traded"} 2',
    'mycelia_search_bars{which="needed"} 2883',
    'mycelia_untraded_total{portfolio="baseline",reason="standing"} 9',
    'mycelia_clock_offset_seconds Nan',
    'mycelia_trouble{condition="link"} 1',
    'mycelia_db_commit_seconds_bucket{le="0.002"} 1',
    'mycelia_tick_seconds_count 1',
  ])
    expect(text).toContain(line)
  server.set({ ...sample, halts: [], sourceFailing: {}, troubles: [] })
  expect(await (await fetch(server.url)).text()).not.toMatch(/mycelia_(halted|source_failing|trouble)\{/)
})

test('the Grafana dashboard asks for metrics there are, all of them', async () => {
  const server = await serve()
  server.set(sample)
  server.committed(1, 2)
  const text = await (await fetch(server.url)).text()
  const dashboard = JSON.parse(readFileSync(new URL('../../docs/grafana/mycelia-live.json', import.meta.url), 'utf8'))
  const asked = new Set(JSON.stringify(dashboard.panels).match(/mycelia_\w+/g))
  const served = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(m => m[1] as string))
  const plain = new Set([...asked].map(name => name.replace(/_bucket$/, '')))
  expect([...plain].filter(name => !served.has(name))).toEqual([])
  expect([...served].filter(name => !plain.has(name))).toEqual([])
})

test('the alert rules ask for metrics there are', async () => {
  const server = await serve()
  server.set(sample)
  const text = await (await fetch(server.url)).text()
  const served = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(m => m[1] as string))
  const rules = readFileSync(new URL('../../docs/grafana/mycelia-alerts.yml', import.meta.url), 'utf8')
  const asked = [...new Set(rules.match(/mycelia_\w+/g))]
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter(name => !served.has(name))).toEqual([])
})

test('S2, S3: answers on the loopback alone, to this machine’s names alone', async () => {
  const server = await serve()
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
  expect(await status(server.url, { host: 'evil.example' })).toBe(403)
  expect(await status(server.url.replace('/metrics', '/'), {})).toBe(404)
  const port = Number(new URL(server.url).port)
  await expect(serveMetrics(port)).rejects.toThrow(/free port/)
  const outside = Object.values(networkInterfaces())
    .flatMap(all => all ?? [])
    .find(one => one.family === 'IPv4' && !one.internal)
  if (outside !== undefined) await expect(dialled(outside.address, port)).rejects.toThrow(/ECONNREFUSED/)
})

test('S5, S6: can only be read, by no page of elsewhere', async () => {
  const server = await serve()
  const { headers } = await fetch(server.url)
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answered = new Promise((resolve, reject) => {
      request(server.url, { method }, response => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(await answered, method).toBe(405)
  }
})

test('S8: slow, idle and too many connections are bounded, and it goes on answering', async () => {
  const server = await serve()
  const port = Number(new URL(server.url).port)
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (let i = 0; i < 200; i++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    if (i % 2 === 0) socket.write('GET /metrics HTTP/1.1\r\nX-Slow: ')
    sockets.push(socket)
  }
  await Promise.all(sockets.map(socket => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
  const open = () => sockets.filter(socket => !socket.closed && socket.readyState === 'open').length
  // Those beyond the bound are closed at once, the others when their time is over.
  await expect.poll(open, { timeout: 3_000 }).toBeLessThanOrEqual(64)
  await expect.poll(open, { timeout: 10_000 }).toBe(0)
  expect(await status(server.url, { 'x-large': 'x'.repeat(1_000_000) }).catch(() => 431)).toBe(431)
  expect((await fetch(server.url)).status).toBe(200)
}, 30_000)

function dialled(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    connect(port, host, resolve).on('error', reject)
  })
}
