/** The REST view: what it tells of a live run, a page at a time, and that it may run beside one. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { serveApi } from '../../src/cli/api/serve.js'
import { live } from '../../src/world/index.js'
import { acceleratedClock, ScriptedFeed } from '../world/live-kit.js'
import { scenario } from '../world/live-scenario.js'

const out = join(mkdtempSync(join(tmpdir(), 'mycelia-api-')), 'run')
afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }))

beforeAll(async () => {
  const origin = Date.UTC(2026, 0, 1)
  const clock = acceleratedClock(30, origin + 100_000)
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  await live({ scenario, timeframe: '1s', out, forMs: 60_000, environment: {}, overrides: { clock, moats: undefined, feed } })
})

async function get(path: string, run: string | undefined = out) {
  const api = await serveApi(run, { port: 0, listen: undefined, token: undefined, option: 'api' })
  onTestFinished(() => api.close())
  const answer = await fetch(api.url + path)
  return { status: answer.status, body: await answer.json() }
}

test('/api/status is the object of "mycelia status --json"', async () => {
  const { status, body } = await get('/api/status')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    run: out,
    parts: [{ path: out, isRunning: false, status: { state: 'stopped', scenario: 'lively' } }],
  })
})

test('/api/trades and /api/decisions have every row of the ledger, the newest first, over as many pages as there are', async () => {
  for (const table of ['trades', 'decisions']) {
    const whole = (await get(`/api/${table}?limit=1000`)).body
    const ids = whole.rows.map((row: { id: number }) => row.id)
    expect(ids.length, table).toBeGreaterThan(5)
    expect(whole.next === null || ids.length === 1_000).toBe(true)
    expect(ids).toEqual([...ids].sort((a, b) => b - a))
    const first = (await get(`/api/${table}?limit=3`)).body
    expect(first.rows).toEqual(whole.rows.slice(0, 3))
    const second = (await get(`/api/${table}?limit=3&before=${first.next}`)).body
    expect(second.rows).toEqual(whole.rows.slice(3, 6))
  }
})

test('rows are chosen by pair, portfolio and time', async () => {
  const all = (await get('/api/trades?limit=1000')).body.rows as {
    pair: string
    portfolio: string
    exit_time: string
    id: number
  }[]
  const pair = all[0]?.pair
  const ofPair = (await get(`/api/trades?limit=1000&pair=${pair}`)).body.rows
  expect(ofPair).toEqual(all.filter(row => row.pair === pair))
  const ofPortfolio = (await get('/api/trades?limit=1000&portfolio=baseline')).body.rows
  expect(ofPortfolio).toEqual(all.filter(row => row.portfolio === 'baseline'))
  const since = all[Math.floor(all.length / 2)]?.exit_time as string
  const late = all.filter(row => row.exit_time >= since)
  expect((await get(`/api/trades?limit=1000&since=${since}`)).body.rows).toEqual(late)
  expect((await get(`/api/trades?limit=1000&since=${Date.parse(since)}`)).body.rows).toEqual(late)
  const decided = (await get(`/api/decisions?since=${Date.parse(since)}&limit=1000`)).body.rows as { time: number }[]
  expect(Math.min(...decided.map(({ time }) => time))).toBeGreaterThanOrEqual(Date.parse(since))
  const held = (await get('/api/positions')).body
  expect((await get(`/api/positions?pair=${held.rows[0]?.pair ?? pair}`)).body.rows).toEqual(
    held.rows.filter((row: { pair: string }) => row.pair === (held.rows[0]?.pair ?? pair)),
  )
})

test('S10: a query that is no filter, number or time is refused in a sentence, and quotes are a name like others', async () => {
  for (const query of ['limit=0', 'limit=1001', 'limit=x', 'before=-1', 'since=yesterday', 'order=id', 'pair='])
    expect(await get(`/api/trades?${query}`), query).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/expected/) },
    })
  const quoted = await get(`/api/trades?pair=${encodeURIComponent("x' OR '1'='1")}`)
  expect(quoted).toMatchObject({ status: 200, body: { rows: [], next: null } })
})

test('before a run has begun it says so', async () => {
  const api = await serveApi(undefined, { port: 0, listen: undefined, token: undefined, option: 'api' })
  onTestFinished(() => api.close())
  expect((await fetch(`${api.url}/api/trades`)).status).toBe(503)
  api.source.run = out
  expect((await fetch(`${api.url}/api/trades`)).status).toBe(200)
})
