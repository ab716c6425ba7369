/** Latency signals live: scans of one's own and of others, signals, trader and orchestrator in one run that replays to the same decisions. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { netTraceScenario } from '../../src/agents/index.js'
import { Collector, type FeedInput, type InputFeed, postScan, type WallClock } from '../../src/feed/index.js'
import { type NetScan, network } from '../../src/market/index.js'
import { incidentLeads, leadSentence, readReportData, reportParts } from '../../src/report/index.js'
import { collectorPosts, serveHttp } from '../../src/server/index.js'
import { readTable, writeNettraceDatabases } from '../../src/storage/index.js'
import { commandRun, type LiveStatus, live, replay, run } from '../../src/world/index.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'

const origin = Date.UTC(2026, 0, 1)
const scenario = netTraceScenario({ name: 'net-live', title: 'Latency signals, live', market: network() })
const host = 'api.coinbase.com'
const hosts = { [host]: ['SOLUSD', 'XETHZUSD'] }

/** A route whose host answers three times as late for a while. */
function scanAt(vantage: string, time: number, n: number): NetScan {
  const rttMs = (n >= 30 && n < 45 ? 60 : 20) + (n % 5) * 0.1
  const hops = [
    { ttl: 1, address: '10.0.0.1', rttMs: 0.5 },
    { ttl: 2, address: '203.0.113.9', rttMs },
  ]
  return { host, vantage, time, hops, probesMs: [rttMs, rttMs, null], gateway: true }
}

const incident = { id: 'i', host, name: 'API slow', impact: 'major', status: 'investigating', resolvedAt: null }

/** Calls `each` every second with a count. */
class Seconds {
  private cancel: () => void = () => undefined
  constructor(
    private readonly clock: WallClock,
    private readonly each: (n: number) => void,
  ) {}
  start(n = 0): void {
    this.each(n)
    this.cancel = this.clock.setTimer(1_000, () => this.start(n + 1))
  }
  stop(): void {
    this.cancel()
  }
}

class OwnScans implements InputFeed {
  private readonly queue: FeedInput[] = []
  private readonly seconds: Seconds
  constructor(private readonly clock: WallClock) {
    this.seconds = new Seconds(clock, n => {
      this.queue.push({ kind: 'scan', scan: scanAt('home', clock.now(), n) })
      // The exchange says so ten seconds after it began.
      if (n === 40) this.queue.push({ kind: 'incident', incident: { ...incident, startedAt: clock.now() } })
    })
  }
  start(): void {
    this.seconds.start()
  }
  take(max: number): FeedInput[] {
    return this.queue.splice(0, max)
  }
  state() {
    return { state: 'live', lastDataAt: this.clock.now() } as const
  }
  counters() {
    return {}
  }
  async stop(): Promise<void> {
    this.seconds.stop()
  }
}

const eager = { name: 'eager', limits: { minConfidence: 0.4 } }
const params = {
  hosts,
  pairs: ['SOLUSD', 'XETHZUSD'],
  vantages: ['home', 'far'],
  allowShort: true,
  horizonBars: 5,
  profiles: [eager],
}

/** `onFar`: the other place sends scans too, from when the run is live, and this hears how many. */
async function running(onFar?: (n: number) => unknown, speed = 30) {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-net-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const clock = acceleratedClock(speed, origin + 100_000)
  const collector = new Collector({ hosts, vantages: ['far'], clock })
  const posts = collectorPosts(collector)
  const server = await serveHttp({ port: 0, option: 'collect', token: 't', routes: {}, posts })
  onTestFinished(() => server.close())
  const url = new URL(`${server.url}/api/v1/scans`)
  const far = new Seconds(clock, n => {
    void postScan(url, scanAt('far', clock.now(), n), 't').catch(() => undefined)
    onFar?.(n)
  })
  const statuses: LiveStatus[] = []
  const request = {
    scenario,
    timeframe: '1s',
    out: join(place, 'run'),
    environment: {},
    params,
    overrides: {
      clock,
      moats: undefined,
      feed: ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) => {
        const exchange = new ScriptedFeed({ pairs, barMs, clock, origin, history: 20 })
        // As an exchange does that demands other steps today.
        exchange.listed.push({ pair: 'SOLUSD', tickSize: 0.01, lotDecimals: 3, orderMin: 0.002, costMin: 0.5 })
        return exchange
      },
    },
    feeds: {
      probes: () => {
        if (onFar !== undefined) far.start()
        return new OwnScans(clock)
      },
      collector: () => collector,
    },
    onStatus: (status: LiveStatus) => statuses.push(status),
  }
  return { request, statuses, far, server, collector }
}

async function rowsOf(run: string, table: string, ...wanted: string[]) {
  const columns = (await readTable(join(run, `${table}.parquet`), wanted)) ?? {}
  return (columns[wanted[0] as string] ?? []).map((_, i) => Object.fromEntries(wanted.map(name => [name, columns[name]?.[i]])))
}

it('scans that are probed here and posted from afar become signals, decisions and trades, and a replay decides them again', async () => {
  // By the number of scans and not by the clock: on a busy machine they come later.
  const enough = new AbortController()
  const { request, statuses, far } = await running(n => n === 75 && enough.abort('SIGTERM'))
  const result = await live({ ...request, signal: enough.signal })
  far.stop()
  expect(result.ended?.by).toBe('signal')
  const last = statuses.at(-1)
  expect(last?.feeds.map(({ name }) => name)).toEqual(['kraken', 'probes', 'collector'])
  expect(Object.keys(last?.portfolios ?? {})).toEqual(['nettrace'])
  expect(last?.search).toBeNull()

  const scans = await rowsOf(request.out, 'scans', 'vantage')
  expect(new Set(scans.map(row => row.vantage))).toEqual(new Set(['home', 'far']))
  const signals = await rowsOf(request.out, 'latency_signals', 'signal_id', 'state', 'type', 'direction')
  const falls = signals.filter(row => row.type === 'latency_anomaly' && row.direction === -1)
  expect(new Set(falls.map(row => row.state))).toContain('acted')
  const ids = signals.filter(row => row.state === 'acted').map(row => row.signal_id)
  expect(new Set(ids).size, 'each is acted on once').toBe(ids.length)
  expect(result.trades).toBeGreaterThan(0)

  const again = await replay(request.out, { scenario })
  expect(again).toMatchObject({ agrees: true, difference: null, digest: result.digest })
  expect(again.replayed.ideas).toBeGreaterThan(0)

  const [lead] = await incidentLeads(name => join(request.out, name))
  expect(lead?.leadMs).toBeGreaterThan(0)
  expect(leadSentence(lead as NonNullable<typeof lead>)).toMatch(/"API slow": the first signal came 0\.\d minutes before it\.$/)
  const data = await readReportData(request.out)
  expect(data.network).toMatchObject({ scans: scans.length, incidents: [{ name: 'API slow' }] })
  const { sections } = reportParts(data, undefined)
  expect(sections.find(({ id }) => id === 'network')?.panels.map(({ description: { title } }) => title)).toEqual([
    'Round trips',
    'Signals by type',
    'Latest signals',
    'Incidents',
  ])

  const databases = await writeNettraceDatabases(request.out, join(request.out, 'nettrace'))
  const rebuilt = await writeNettraceDatabases(request.out, join(request.out, 'nettrace'))
  expect(rebuilt).toEqual(databases)
  expect(databases.map(({ path }) => basename(path))).toEqual(['signals.db', 'agents.db', 'traceroute.db', 'trader.db'])
  const rows = (name: string, sql: string) => {
    const db = new Database(join(request.out, 'nettrace', name), { readonly: true })
    onTestFinished(() => void db.close())
    return db.prepare(sql).all() as Record<string, unknown>[]
  }
  const states = rows('signals.db', 'SELECT signal_id, active, acted_at, expired_at FROM signals')
  expect(states.map(row => row.signal_id)).toEqual([...new Set(signals.map(row => row.signal_id))])
  expect(states.filter(row => row.acted_at !== null).map(row => row.signal_id)).toEqual(ids)
  expect(states.every(row => row.active === Number(row.acted_at === null && row.expired_at === null))).toBe(true)
  expect(rows('traceroute.db', 'SELECT count(*) AS n FROM scans')).toEqual([{ n: scans.length }])
  expect(rows('trader.db', 'SELECT count(*) AS n FROM trades')).toEqual([{ n: result.trades }])
  expect(rows('agents.db', "SELECT agent FROM agents WHERE action = 'hired'")).toHaveLength(1)

  // The same scans and prices, in a simulation: the same signals, and the same answers to them.
  const backtest = await run({ scenario, scans: request.out, out: join(request.out, '..', 'backtest') })
  expect(backtest.ended?.by).toBe('data')
  const decided = ['signal_id', 'type', 'pair', 'direction', 'confidence', 'decided_at', 'state'] as const
  expect(await rowsOf(backtest.runDir, 'latency_signals', ...decided)).toEqual(
    await rowsOf(request.out, 'latency_signals', ...decided),
  )
  const answers = ['idea_id', 'time', 'outcome', 'trade_id'] as const
  expect(await rowsOf(backtest.runDir, 'decisions', ...answers)).toEqual(await rowsOf(request.out, 'decisions', ...answers))
})

it('a signal from afar is acted on once, an operator halts and closes, and a run that is gone on with remembers all that', async () => {
  const { request, statuses, server } = await running()
  const post = (body: object) =>
    fetch(`${server.url}/api/v1/signals`, { method: 'POST', headers: { authorization: 'Bearer t' }, body: JSON.stringify(body) })
  const signal = (id: string, direction: number) => ({
    signal_id: id,
    source: 'far',
    type: 'composite',
    host,
    pair: 'SOLUSD',
    direction,
    strength: 1.7,
  })
  let said = 0
  const onStatus = (status: LiveStatus) => {
    request.onStatus(status)
    if (status.state !== 'live') return
    said++
    if (said === 1) void post(signal('one', 1))
    // The same id of another sender is another signal.
    if (said === 4) void post({ ...signal('one', 1), source: 'farther', pair: 'XETHZUSD' })
    if (said === 8) void commandRun(request.out, { do: 'halt', reason: 'enough' })
    if (said === 10) void post(signal('two', 1))
    if (said === 12) void commandRun(request.out, { do: 'close', pair: null, portfolio: null, reason: 'home' })
    if (said === 13) void commandRun(request.out, { do: 'set', limits: { minConfidence: 0.6 }, reason: 'no' })
  }
  await live({ ...request, onStatus, forMs: 20_000 })
  const before = statuses.at(-1)
  expect(before?.halts).toMatchObject([{ portfolio: 'all', kind: 'operator', reason: 'enough' }])
  expect(before?.commands.map(({ command, refused }) => [command, refused])).toEqual([
    ['halt', false],
    ['close all', false],
    ['set minConfidence', true],
  ])
  expect(statuses.filter(({ state }) => state === 'live').at(-1)?.why).toContain('halted (operator)')
  expect(before?.portfolios.nettrace).toMatchObject({ signals: 3, halted: true, positions: [] })

  const { feeds: _, ...again } = request
  await live({ ...again, feeds: request.feeds, forMs: 5_000 })
  expect(statuses.at(-1)?.halts).toMatchObject([{ reason: 'enough' }])
  const decisions = await rowsOf(request.out, 'decisions', 'idea_id', 'outcome', 'pair')
  expect(decisions).toEqual([
    { idea_id: 'far:one', outcome: 'entry', pair: 'SOLUSD' },
    { idea_id: 'farther:one', outcome: 'entry', pair: 'XETHZUSD' },
    { idea_id: 'far:two', outcome: 'operator', pair: 'SOLUSD' },
  ])
  expect(await replay(request.out, { scenario })).toMatchObject({ agrees: true, share: 1 })
})
