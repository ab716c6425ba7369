/** A process that trades and hears no market compares its machine's clock with the exchange's all the same. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type LiveStatus, live } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { noRedis, RedisServer } from '../standins/redis.js'
import { temporary } from './live-by-hand.js'
import { scenario } from './live-scenario.js'
import { traders } from './two-shards.js'

const patient = { timeout: 30_000 }

/** The shard that trades, on a machine that is `aheadMs` ahead of the exchange. */
async function tradingAlone(aheadMs: number, isAway = false) {
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const kraken = await KrakenStandin.start({ now: () => Date.now() - aheadMs })
  onTestFinished(() => kraken.stop())
  if (isAway) kraken.away('absent')
  const run = join(temporary(), 'run')
  const stop = new AbortController()
  const statuses: LiveStatus[] = []
  const notes: string[] = []
  const ended = live({
    scenario,
    redis: redis.url,
    out: run,
    agents: traders,
    environment: { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl },
    overrides: { moats: undefined },
    signal: stop.signal,
    onStatus: status => void statuses.push(status),
    onNote: note => void notes.push(note),
  })
  ended.catch(() => undefined)
  onTestFinished(async () => {
    stop.abort('SIGTERM')
    await ended
  })
  return { kraken, out: join(run, 'part-0'), notes, status: () => statuses.at(-1) }
}

test.skipIf(noRedis)(
  'a machine that only trades, and is ten minutes ahead, says so everywhere and refuses entries',
  async () => {
    const { kraken, out, notes, status } = await tradingAlone(600_000)
    await expect.poll(() => status()?.why, patient).toMatch(/^Nothing is entered: the clock is (9|10) min.* off the exchange's/)
    expect(Math.abs((status()?.clockOffsetMs ?? 0) - 600_000)).toBeLessThan(10_000)
    expect(status()?.conditions.find(({ code }) => code === 'clock')).toMatchObject({ isTrouble: true })
    const said = [
      /^This machine's clock is (59\d|60\d)\.\d s ahead of Kraken's/,
      /^No entries: this machine's clock is more than a bar/,
    ]
    for (const sentence of said) await expect.poll(() => notes.filter(note => sentence.test(note)), patient).toHaveLength(1)
    expect((await command(['status', out])).stdout).toMatch(/The clock is (9|10) min.* ahead of the exchange's/)
    expect(readFileSync(join(out, 'live.log'), 'utf8')).toContain("ahead of Kraken's")
    expect(kraken.requests.filter(path => !path.includes('/Time'))).toEqual([])
    expect(kraken.connections).toBe(0)
  },
  60_000,
)

test.skipIf(noRedis)(
  'where the exchange cannot be asked it says so once, trades on, and compares once it can',
  async () => {
    const { kraken, notes, status } = await tradingAlone(0, true)
    const unanswered = () => notes.filter(note => /^Kraken's clock at \S+ no answer \(/.test(note))
    await expect.poll(unanswered, patient).toHaveLength(1)
    await expect.poll(() => status()?.state, patient).toBe('live')
    await expect.poll(() => status()?.counters.feed?.restErrors, patient).toBeGreaterThan(1)
    expect(status()?.clockOffsetMs).toBeNull()
    kraken.away(undefined)
    await expect.poll(() => status()?.clockOffsetMs, patient).not.toBeNull()
    expect(unanswered()).toHaveLength(1)
    expect(notes.filter(note => /^Kraken's clock at \S+ it answers\.$/.test(note))).toHaveLength(1)
  },
  90_000,
)
