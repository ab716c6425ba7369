/** The real feeds and a real Redis against stand-ins that continue a simulated market: the swarm goes live experienced. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import plantedSparse from '../../scenarios/planted-sparse.js'
import { live, replay, run } from '../../src/world/index.js'
import { noRedis, RedisServer } from '../standins/redis.js'
import { continueMarket, marketAfter } from './live-market.js'

test('D6: fifteen seconds on Kraken and moat stand-ins with a real Redis replay to the same digest', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-live-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const fromRun = join(folder, 'before')
  await run({ scenario: plantedSparse, steps: 4_000, params: { baselineRule: 'talkative' }, out: fromRun })
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const market = await continueMarket(marketAfter(fromRun), 1_000)
  onTestFinished(() => market.stop())
  const out = join(folder, 'live')
  const result = await live({
    scenario: plantedSparse,
    fromRun,
    timeframe: '1s',
    redis: redis.url,
    environment: market.environment,
    forMs: 15_000,
    out,
  })
  expect(result.ideas).toBeGreaterThan(20)
  expect(result.fills).toBeGreaterThan(0)
  const again = await replay(out, { scenario: plantedSparse })
  expect(again.difference).toBeNull()
  expect(again).toMatchObject({ agrees: true, digest: result.digest })
})
