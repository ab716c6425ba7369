/** A shard of miners that starts before Redis and the exchange are there: what other shards say meanwhile is its first news. */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SwarmInput } from '../../src/agents/index.js'
import { openReadOnly } from '../../src/storage/index.js'
import { actOnRun, type LiveStatus, live, replay } from '../../src/world/index.js'
import { decodeEntry } from '../../src/world/live/engine/journal-entry.js'
import { freePort, noRedis, RedisServer } from '../standins/redis.js'
import { temporary } from './live-by-hand.js'
import { scenario } from './live-scenario.js'
import { learners, traders } from './two-shards.js'
import { patient, waiting } from './waiting-run.js'

interface Tick {
  readonly isStep: boolean
  readonly inputs: readonly SwarmInput[]
}

/** Every tick of a shard without Trading, in order. */
function ticksOf(shard: string): Tick[] {
  const db = openReadOnly(join(shard, 'journal.db'))
  try {
    const rows = db.prepare('SELECT step, inputs FROM journal ORDER BY tick').raw().all() as [number, Uint8Array][]
    return rows.map(([isStep, inputs]) => ({ isStep: isStep === 1, inputs: decodeEntry(inputs).inputs as readonly SwarmInput[] }))
  } finally {
    db.close()
  }
}

test.skipIf(noRedis)(
  'a shard of miners waits for Redis and the exchange, keeps what others say, and hears it at its first tick',
  async () => {
    const port = await freePort()
    const url = `redis://127.0.0.1:${port}`
    const out = join(temporary(), 'run')
    const miners = await waiting({ out, redis: url, agents: learners })
    await expect.poll(() => miners.notes.join(' '), patient).toMatch(/Redis at \S+ does not answer/)
    const redis = await RedisServer.start([], port)
    onTestFinished(() => redis.kill())
    const stop = new AbortController()
    const statuses: LiveStatus[] = []
    const trading = live({
      scenario,
      out,
      redis: url,
      agents: traders,
      environment: { KRAKEN_REST_URL: miners.kraken.restUrl },
      overrides: { moats: undefined },
      signal: stop.signal,
      onStatus: status => void statuses.push(status),
    })
    trading.catch(() => undefined)
    onTestFinished(async () => {
      stop.abort('the test is over')
      await trading
    })
    await expect.poll(() => statuses.at(-1)?.state, patient).toBe('live')
    const heard = () => miners.statuses.at(-1)?.counters.transport.accepted ?? 0
    const before = heard()
    expect(await actOnRun(out, { do: 'halt', reason: 'rain' })).toMatchObject({ taken: true })
    await expect.poll(heard, patient).toBeGreaterThan(before)
    expect(miners.statuses.at(-1)).toMatchObject({ state: 'waiting', tick: 0 })
    miners.back()
    await expect.poll(() => miners.statuses.at(-1)?.state, patient).toBe('live')
    await expect.poll(() => miners.statuses.at(-1)?.counters.transport['bridge.messages'], patient).toBeGreaterThan(0)
    expect(miners.statuses.at(-1)?.counters.transport).toMatchObject({ crowded: 0, missed: 0 })
    await miners.end()
    stop.abort('SIGTERM')
    await trading
    const ticks = ticksOf(join(out, 'part-0'))
    const first = ticks.findIndex(({ inputs }) => inputs.some(input => input.kind === 'warmup' && !input.on)) + 1
    const news = ticks.findIndex(({ inputs }) =>
      (inputs as readonly { kind: string; topic?: string }[]).some(i => i.kind === 'remote' && i.topic === 'system-control'),
    )
    expect([news, ticks[news]?.isStep]).toEqual([first, false])
    expect(await replay(out, { scenario })).toMatchObject({ difference: null, verdict: 'agrees' })
  },
  120_000,
)
