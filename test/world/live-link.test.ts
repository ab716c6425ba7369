/** A live part among others: what happens while Redis is away, when agents are claimed twice, and when the operator is elsewhere. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Committed, commandByRedis, type LiveRequest, type LiveStatus, live, replay } from '../../src/world/index.js'
import { messageProblem } from '../../src/world/live/message-check.js'
import { fromWire, toWire } from '../../src/world/live/wire-value.js'
import { freePort, noRedis, RedisServer } from '../standins/redis.js'
import { hurriedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-link-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A run on the scripted exchange, at twice the time so that the link's own times stay real enough. */
function going(redis: string, more: Partial<LiveRequest> = {}) {
  const clock = hurriedClock(2, origin + 100_000)
  const committed: Committed[] = []
  const statuses: LiveStatus[] = []
  const notes: string[] = []
  const stop = new AbortController()
  const ended = live({
    scenario,
    timeframe: '1s',
    redis,
    out: join(temporary(), 'run'),
    environment: {},
    signal: stop.signal,
    onCommitted: c => committed.push(c),
    onStatus: s => statuses.push(s),
    onNote: n => notes.push(n),
    instead: {
      clock,
      moats: undefined,
      feed: ({ pairs, barMs }) => new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 }),
    },
    ...more,
  })
  ended.catch(() => undefined)
  const entries = () => committed.flatMap(c => c.fills.filter(f => f.opens)).length
  return { ended, stop: () => stop.abort('test'), entries, statuses, notes, committed }
}

test('B3: without Redis it says so, enters nothing, and recovers alone once Redis is there', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const port = await freePort()
  const run = going(`redis://127.0.0.1:${port}`)
  await expect.poll(() => run.statuses.some(s => s.state === 'live'), { timeout: 10_000 }).toBe(true)
  expect(run.notes.join(' ')).toMatch(/does not answer/)
  await new Promise(resolve => setTimeout(resolve, 2_500))
  expect(run.entries()).toBe(0)
  expect(run.statuses.at(-1)?.linkDownSince).not.toBeNull()
  const redis = await RedisServer.start([], port)
  onTestFinished(() => redis.kill())
  await expect.poll(() => run.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  await expect.poll(() => run.statuses.at(-1)?.linkDownSince, { timeout: 5_000 }).toBeNull()
  run.stop()
  const result = await run.ended
  expect(await replay(result.runDir, { scenario })).toMatchObject({ difference: null, digest: result.digest })
}, 60_000)

test('a second process that claims the same agents is refused, and the first goes on', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const first = going(redis.url)
  await expect.poll(() => first.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  await expect(going(redis.url).ended).rejects.toThrow(/claiming DataMiner-0: expected agents that no other process runs/)
  const before = first.entries()
  await expect.poll(() => first.entries(), { timeout: 20_000 }).toBeGreaterThan(before)
  first.stop()
  await first.ended
}, 60_000)

test('the operator halts and resumes through Redis, and both are in the journal', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const run = going(redis.url)
  await expect.poll(() => run.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  const to = { scenario: scenario.name, url: redis.url }
  await commandByRedis(to, { do: 'halt', reason: 'from afar' }, {})
  await expect.poll(() => run.committed.flatMap(c => c.halts).length, { timeout: 5_000 }).toBe(1)
  const before = run.entries()
  await new Promise(resolve => setTimeout(resolve, 2_000))
  expect(run.entries()).toBe(before)
  await commandByRedis(to, { do: 'resume', reason: 'over' }, {})
  await expect.poll(() => run.entries(), { timeout: 10_000 }).toBeGreaterThan(before)
  run.stop()
  const result = await run.ended
  expect(result.halts).toBe(1)
  expect(await replay(result.runDir, { scenario })).toMatchObject({ difference: null, digest: result.digest })
}, 60_000)

test('numbers JSON has no words for cross the wire as they are', () => {
  const value = { z: [Number.NaN, 1.5, Number.POSITIVE_INFINITY], n: { p: Number.NEGATIVE_INFINITY, t: null, s: 'NaN' } }
  expect(fromWire(JSON.parse(JSON.stringify(toWire(value))))).toEqual(value)
})

test('B6: a message that is not what its topic’s readers need is named by its first bad field', () => {
  const bar = { pair: 'SOLUSD', time: 1, barMs: 1, open: 1, high: 1, low: 1, close: 1, volume: 1, flags: 0 }
  expect(messageProblem('market-data:SOLUSD', bar)).toBeUndefined()
  expect(messageProblem('market-data:SOLUSD', { ...bar, close: '1' })).toBe('close')
  expect(messageProblem('market-data:SOLUSD', { ...bar, close: Number.NaN })).toBe('close')
  expect(messageProblem('pattern-candidates', { key: 1, sign: 2, t: 1, step: 1, n: 1, sum: 1, squares: 1 })).toBe('sign')
  expect(messageProblem('nonsense', {})).toBe('unknown topic')
  expect(messageProblem('fills', null)).toBe('no message')
})
