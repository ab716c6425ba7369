/** Two minutes of live trading against stand-ins that continue a simulated market: whole, split, in chaos; each replays. */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import plantedSparse from '../../scenarios/planted-sparse.js'
import { commandRun, type LiveRequest, type LiveResult, live, planRun, replay, run } from '../../src/world/index.js'
import { noRedis, RedisServer, sleep } from '../standins/redis.js'
import { programFile } from '../world/child-program.js'
import { continueMarket, marketAfter, type PlayedMarket } from '../world/live-market.js'

const seconds = Number(process.env.MYCELIA_LIVE_SECONDS ?? 120)
const share = Math.min(1, seconds / 120)
const folder = mkdtempSync(join(tmpdir(), 'mycelia-nightly-'))
const fromRun = join(folder, 'before')
/** Ideas on both sides at every bar: in two minutes the default analysts have a handful, which would show little. */
const talkative = { baselineRule: 'talkative', baselineHorizonBars: 3, reviewBars: 1 } as const

beforeAll(async () => {
  await run({ scenario: plantedSparse, steps: 5_000, params: talkative, out: fromRun })
  return () => rmSync(folder, { recursive: true, force: true })
}, 600_000)

async function world(): Promise<{ redis: RedisServer; market: PlayedMarket }> {
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const market = await continueMarket(marketAfter(fromRun), 1_000)
  onTestFinished(() => market.stop())
  return { redis, market }
}

function expectAlive({ ideas, fills, collisions, halts }: Partial<LiveResult>): void {
  expect(ideas).toBeGreaterThanOrEqual(500 * share)
  expect(fills).toBeGreaterThanOrEqual(50 * share)
  expect(collisions?.seen).toBeGreaterThanOrEqual(5 * share)
  expect(halts).toBeGreaterThanOrEqual(1)
}

test('D6: two minutes whole: ideas, fills, collisions, a halt, and the same digest again', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const { redis, market } = await world()
  const out = join(folder, 'whole')
  const request: LiveRequest = {
    scenario: plantedSparse,
    fromRun,
    timeframe: '1s',
    redis: redis.url,
    out,
    environment: market.environment,
  }
  const going = live({ ...request, forMs: seconds * 1_000 })
  void haltAt(out, seconds * 0.8)
  const result = await going
  console.log(figures(result))
  expectAlive(result)
  expect(await replay(out, { scenario: plantedSparse })).toMatchObject({ difference: null, digest: result.digest, agrees: true })
}, 600_000)

const parts = [
  'DataMiner,RepoScrape,LogisticsMiner,GovtDataMiner,CorpDataMiner,MarketExplorer,Builder',
  'PatternLearner,MycelialInstigator,DeepResearch',
  'Trading,RiskManagement,Memory',
]

test('the same split over three processes; each shard replays', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const { redis, market } = await world()
  const out = join(folder, 'split')
  const script = programFile('test/world/live-shard-child.ts')
  const request = { fromRun, timeframe: '1s', redis: redis.url, out, environment: market.environment }
  const children: Child[] = []
  for (const agents of parts) {
    children.push(start(script, { ...request, agents }))
    await until(children.at(-1) as Child, s => s.state === 'live')
  }
  const refused = start(script, { ...request, out: join(folder, 'second'), agents: 'Trading,RiskManagement' })
  const { failed } = await until(refused, s => s.failed !== undefined)
  expect(failed).toMatch(/claiming (Trading|RiskManagement)-0/)
  void haltAt(out, seconds * 0.8)
  await sleep(seconds * 1_000)
  for (const child of children) child.kill('SIGTERM')
  const results: LiveResult[] = []
  for (const child of children) {
    const { result } = await until(child, s => s.result !== undefined || s.failed !== undefined)
    expect(result, JSON.stringify(child.said.at(-1))).toBeDefined()
    results.push(result as LiveResult)
  }
  for (const result of results) console.log(figures(result))
  expectAlive(results[2] as LiveResult)
  const again = await replay(out, { scenario: plantedSparse })
  expect(again.difference).toBeNull()
  expect(again.parts.map(p => p.digest)).toEqual(results.map(r => r.digest))
}, 600_000)

test('while Redis dies every two seconds and the exchange drops, stalls, rejects and babbles: a clean end, a fill, the same digest', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const { redis, market } = await world()
  const out = join(folder, 'chaos')
  const request: LiveRequest = {
    scenario: plantedSparse,
    fromRun,
    timeframe: '1s',
    redis: redis.url,
    out,
    environment: market.environment,
  }
  const stop = new AbortController()
  const going = live({ ...request, forMs: seconds * 1_000 })
  const chaos = Promise.all([killing(redis, stop.signal), misbehaving(market, stop.signal)])
  const result = await going
  stop.abort()
  await chaos
  console.log(figures(result))
  expect(result.fills).toBeGreaterThanOrEqual(1)
  expect(await replay(out, { scenario: plantedSparse })).toMatchObject({ difference: null, digest: result.digest })
}, 600_000)

test('once on real candles: it ends cleanly, and replays', async ctx => {
  const shared = join(process.env.MYCELIA_SHARED ?? '../shared', 'data')
  if (!existsSync(shared)) return ctx.skip(`${shared} is not here`)
  const { market: candles } = await planRun({ scenario: plantedSparse, market: shared })
  const market = await continueMarket((candles as NonNullable<typeof candles>).source, 1_000)
  onTestFinished(() => market.stop())
  const out = join(folder, 'real')
  const request = { scenario: plantedSparse, timeframe: '1s', out, environment: market.environment, forMs: seconds * 500 }
  const result = await live(request)
  console.log(figures(result))
  expect(result.ticks).toBeGreaterThan(seconds / 4)
  expect(await replay(out, { scenario: plantedSparse })).toMatchObject({ difference: null, digest: result.digest })
}, 600_000)

function figures({ ideas, fills, trades, collisions, halts, ticks, steps, counters }: LiveResult): string {
  const { missed, unsent, downs, sent, accepted } = counters.transport as Record<string, number>
  return JSON.stringify({
    ideas,
    fills,
    trades,
    collisions,
    halts,
    ticks,
    steps,
    missed,
    unsent,
    downs,
    sent,
    accepted,
    world: counters.world,
  })
}

async function haltAt(out: string, second: number): Promise<void> {
  while (!existsSync(join(out, 'status.json')) && !existsSync(join(out, 'part-2', 'status.json'))) await sleep(100)
  await sleep(second * 1_000)
  await commandRun(out, { do: 'halt', reason: 'a test' })
  await sleep(seconds * 50)
  await commandRun(out, { do: 'resume', reason: 'a test' })
}

async function killing(redis: RedisServer, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await sleep(2_000)
    await redis.kill()
    await redis.restart()
  }
}

/** One trouble after another, each a second or two. */
async function misbehaving({ kraken }: PlayedMarket, until: AbortSignal): Promise<void> {
  const symbols = kraken.pairs.map(p => p.symbol)
  const troubles = [
    () => kraken.drop(1006),
    () => kraken.drop(1011),
    () => kraken.stall(true),
    () => kraken.stall(false),
    () => kraken.refuseSockets(429),
    () => kraken.refuseSockets(undefined),
    () => kraken.failRest(5, 503),
    () => kraken.failRest(5, 200, 'EAPI:Rate limit exceeded'),
    () => {
      for (const symbol of symbols) kraken.skip(symbol, 2)
    },
    () => kraken.everyone('{"channel":"trade","type":"update","data":[{"symbol":"SOL/USD","price":1e999}]}'),
    () => kraken.everyone('garbage'),
  ]
  for (let i = 0; !until.aborted; i++) {
    await sleep(1_500)
    troubles[i % troubles.length]?.()
  }
  kraken.stall(false)
  kraken.refuseSockets(undefined)
}

interface Said {
  readonly state?: string
  readonly failed?: string
  readonly result?: LiveResult
  readonly note?: string
}
type Child = ChildProcess & { said: Said[] }

function start(script: string, request: object): Child {
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: Said[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) said.push(JSON.parse(line))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return Object.assign(child, { said })
}

async function until(child: Child, holds: (said: Said) => boolean): Promise<Said> {
  for (;;) {
    const found = child.said.find(holds)
    if (found !== undefined) return found
    if (child.exitCode !== null) throw new Error(`the child ended: ${JSON.stringify(child.said.slice(-3))}`)
    await sleep(20)
  }
}
