/** The plan of a live run: whatever is wrong in request or environment is refused before anything is on disk. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/feed/index.js'
import { type LiveRequest, live, run } from '../../src/world/index.js'
import { newModel } from '../../src/world/live/engine/open-shard.js'
import { planLive } from '../../src/world/live/engine/plan.js'
import type { NewRun } from '../../src/world/live/engine/plan-new.js'
import { root } from './child-program.js'
import { byHand } from './live-by-hand.js'
import { pairs, scenario } from './live-scenario.js'

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-plan-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const wrong: readonly [Partial<LiveRequest>, RegExp][] = [
  [{ checkpointEvery: 0 }, /^`checkpointEvery`: expected a whole number ≥ 1, got 0/],
  [{ forMs: -1 }, /^`forMs`: expected milliseconds ≥ 0/],
  [{ forMs: Number.NaN }, /^`forMs`: expected milliseconds ≥ 0/],
  [{ warmupBars: 721 }, /^`warmupBars`: expected a whole number from 0 to 720, got 721/],
  [{ warmupBars: 0.5 }, /^`warmupBars`: expected a whole number from 0 to 720/],
  [{ timeframe: '7m' }, /expected a divisor of a day/],
  [{ redis: 'here' }, /Redis address/],
  [{ redis: 'redis://vega:6379' }, /Redis at vega:6379: expected a key in MYCELIA_BUS_KEY/],
  [{ environment: { REDIS_HOST: 'localhost', MYCELIA_BUS_KEY: 'short' } }, /MYCELIA_BUS_KEY: expected a key of at least 16/],
  [{ environment: { REDIS_HOST: 'localhost', MYCELIA_OPERATOR_TOKEN: 'short' } }, /MYCELIA_OPERATOR_TOKEN: expected a key/],
  [{ agents: 'Trading' }, /RiskManagement/],
  [{ environment: { REDIS_HOST: 'localhost', REDIS_PORT: 'x' } }, /REDIS_PORT/],
  [{ environment: { KRAKEN_WS_URL: 'ftp://here' } }, /KRAKEN_WS_URL: expected an address with ws/],
  [{ environment: { KRAKEN_REST_URL: 'here' } }, /KRAKEN_REST_URL: expected an address with http/],
  [{ environment: { KRAKEN_REST_INTERVAL_MS: 'soon' } }, /KRAKEN_REST_INTERVAL_MS: expected milliseconds/],
  [{ environment: { MYCELIA_MOAT_POLL_MS: 'soon' } }, /MYCELIA_MOAT_POLL_MS: expected milliseconds/],
]

test.each(wrong)('%o is refused, and nothing is made', async (request, says) => {
  const folder = temporary()
  const refused = live({ scenario, environment: {}, root: folder, out: join(folder, 'run'), ...request })
  await expect(refused).rejects.toThrow(says)
  expect(readdirSync(folder)).toEqual([])
})

test('a plan holds what request, environment and defaults come to', async () => {
  const environment = { KRAKEN_REST_URL: 'http://127.0.0.1:9', KRAKEN_REST_INTERVAL_MS: '5', REDIS_URL: 'redis://127.0.0.1:7' }
  const clock = systemClock()
  const plan = await planLive({ scenario, timeframe: '15s', warmupBars: 30, environment, overrides: { clock, moats: undefined } })
  expect(plan.run).toMatchObject({ kind: 'new', seed: 1, barMs: 15_000, params: { barMs: 15_000, fillOn: 'ticks' } })
  expect(plan.bus?.address.url).toBe('redis://127.0.0.1:7')
  expect(plan.feeds.kraken).toMatchObject({ endpoints: { restUrl: 'http://127.0.0.1:9' }, restIntervalMs: 5, warmupBars: 30 })
  expect(plan.feeds.moats).toEqual({ replacement: undefined })
  expect(plan.settings.clock).toBe(clock)
  expect(plan.settings.checkpointEvery).toBe(4)
  expect((await planLive({ scenario, environment: {} })).bus).toBeUndefined()
})

test('a run that is continued takes what it began with once more, and refuses all else, whatever stands beside it', async () => {
  const day = (usd: number) => ['haven', { name: 'day', limits: { dailyLossUsd: usd } }]
  const world = await byHand({ params: { profiles: day(5), pairs } })
  world.die()
  const again = (request: Partial<LiveRequest>) => planLive({ scenario, environment: {}, out: world.out, seed: 1, ...request })
  for (const same of [{}, { timeframe: '1m' }, { profile: day(5) }, { allowLosingTarget: false }, { pairs }])
    expect((await again(same)).run).toMatchObject({ kind: 'continued', path: world.out })
  const others: [Partial<LiveRequest>, string][] = [
    [{ profile: day(6) }, 'parameter "profiles" of a run that is continued: expected what it began with, ["haven",'],
    [{ profile: ['haven'] }, 'parameter "profiles"'],
    [{ allowLosingTarget: true }, 'parameter "allowLosingTarget"'],
    [{ timeframe: '5m' }, 'parameter "barMs"'],
    [{ pairs: pairs.slice(1) }, 'parameter "pairs"'],
    [{ params: { sizeShare: 0.01 } }, 'parameter "sizeShare"'],
    [{ seed: 2 }, '`seed` of a run that is continued: expected what it began with, 1, got'],
    [{ fromRun: 'nowhere' }, '`fromRun`'],
  ]
  for (const [request, says] of others) await expect(again(request), JSON.stringify(request)).rejects.toThrow(says)
})

test('an experienced swarm goes live under another profile: its portfolios have the new limits', async () => {
  const out = join(temporary(), 'before')
  await run({ scenario, steps: 5, out })
  const profile = ['haven', { name: 'few', limits: { openPositions: 2 } }]
  const { run: plan } = await planLive({ fromRun: out, scenario, profile, environment: {} })
  const { model } = newModel(plan as NewRun).sim
  for (const portfolio of Object.values(model.traders.at(0)?.portfolios ?? {}))
    expect(portfolio.gate.limits).toMatchObject({ openPositions: 2 })
  expect(model.limits).toMatchObject({ openPositions: 2 })
  await expect(planLive({ fromRun: out, scenario, seed: 3, environment: {} })).rejects.toThrow('`seed` with `fromRun`')
})

test('a live request is named in at most five files of the source', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const naming = files.filter(file => /\bLiveRequest\b/.test(readFileSync(join(root, 'src', file), 'utf8')))
  expect(naming.length, naming.join(', ')).toBeLessThanOrEqual(5)
})

test('engine uses operations and peers, operations use peers, each by its index, and none the other way', () => {
  const allowed: Record<string, readonly string[]> = { engine: ['operations', 'peers'], operations: ['peers'], peers: [] }
  const wrong: string[] = []
  for (const [folder, others] of Object.entries(allowed)) {
    const path = join(root, 'src/world/live', folder)
    for (const file of readdirSync(path)) {
      const found = readFileSync(join(path, file), 'utf8').matchAll(/from '\.\.\/(engine|operations|peers)\/([^']+)'/g)
      for (const [, other = '', name = ''] of found) {
        if (!others.includes(other) || name !== 'index.js') wrong.push(`${folder}/${file} → ${other}/${name}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
