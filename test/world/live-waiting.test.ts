/** A start while the exchange is away: commands are kept for the first tick, whatever way they come, and a stop loses none. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { OperatorCommand } from '../../src/agents/index.js'
import { actOnRun, commandByRedis, type LiveStatus, replay } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'
import { noRedis, RedisServer } from '../standins/redis.js'
import { TelegramStandin } from '../standins/telegram.js'
import { byHand } from './live-by-hand.js'
import { scenario } from './live-scenario.js'
import { patient, pendingIn, waiting } from './waiting-run.js'

const textsOf = (status: LiveStatus | undefined) =>
  status?.commands.map(({ command, refused }) => `${command}${refused ? ' refused' : ''}`)

test('what operators say while the exchange is away is acknowledged, shown, and acts before anything is traded; the replay agrees', async () => {
  const run = await waiting()
  const said = await command(['halt', run.out, '--reason', 'not today'])
  expect(said).toMatchObject({ code: 0, stderr: '' })
  expect(said.stdout).toMatch(
    /^Kept by .*: halt\. It waits for the exchange; the command acts at its first tick, before anything/,
  )
  const given: OperatorCommand[] = [
    { do: 'close', pair: null, portfolio: null, reason: 'x' },
    { do: 'lock', pair: 'SOLUSD', forMs: 4 * 3_600_000, reason: 'x' },
    { do: 'set', limits: { minConfidence: 0.7 }, reason: 'x' },
    { do: 'cancel', what: null, reason: 'x' },
    { do: 'lock', pair: 'NOSUCH', forMs: null, reason: 'x' },
  ]
  for (const each of given) expect(await actOnRun(run.out, each)).toMatchObject({ taken: false, action: undefined })
  const texts = ['halt', 'close all', 'lock SOLUSD', 'set minConfidence', 'cancel all', 'lock NOSUCH']
  await expect.poll(() => pendingIn(run.statuses.at(-1)), patient).toEqual(texts)
  expect((await command(['status', run.out])).stdout).toMatch(
    /Commands that wait for the first tick:\n {2}close all \(x\)\n {2}lock SOLUSD/,
  )
  run.back()
  await expect.poll(() => textsOf(run.statuses.at(-1)), patient).toEqual([...texts.slice(0, 5), 'lock NOSUCH refused'])
  const status = run.statuses.at(-1)
  expect(status?.pending).toEqual([])
  expect(status?.limits).toMatchObject({ minConfidence: 0.7 })
  const lock = status?.halts.find(({ pair }) => pair !== null)
  expect(lock?.until).toBeGreaterThan(Date.now() + 3_600_000 * 4 - 60_000)
  await expect.poll(() => run.statuses.at(-1)?.state, patient).toBe('live')
  const { digest } = await run.end()
  expect(run.entries).toEqual([])
  expect(readFileSync(join(run.out, 'live.log'), 'utf8')).toMatch(/"event":"operator","command":"lock NOSUCH".*"refused":true/)
  expect(await replay(run.out, { scenario })).toMatchObject({ difference: null, verdict: 'agrees', digest })
}, 60_000)

test('a run that is stopped while it waits keeps its commands, and a position that is to be closed leaves at the first price', async () => {
  const before = await byHand()
  const held = () => Object.values(before.shard.model.traders.at(0)?.portfolios ?? {}).flatMap(portfolio => portfolio.held)
  for (let i = 0; i < 100 && !held().some(({ position }) => position !== null); i++) before.pass(10_000)
  const open = held().flatMap(({ position }) => (position === null ? [] : [position.tradeId]))
  expect(open.length).toBeGreaterThan(0)
  before.die()
  const first = await waiting({ out: before.out })
  await actOnRun(first.out, { do: 'close', pair: null, portfolio: null, reason: 'home' })
  await first.end()
  expect(readdirSync(join(first.out, 'control'))).toHaveLength(1)
  const second = await waiting({ out: before.out })
  expect(pendingIn(second.statuses.at(-1))).toEqual(['close all'])
  second.back()
  await expect
    .poll(() => second.statuses.at(-1)?.commands[0]?.closing.map(({ priceUsd }) => priceUsd), patient)
    .not.toContain(null)
  const closing = second.statuses.at(-1)?.commands[0]?.closing ?? []
  expect(closing.map(({ tradeId }) => tradeId)).toEqual(expect.arrayContaining(open))
  expect(readdirSync(join(first.out, 'control'))).toEqual([])
}, 60_000)

test('a chat is heard while the exchange is away: it is answered, its halt is kept, and it hears what came of it', async () => {
  const telegram = await TelegramStandin.start()
  onTestFinished(() => telegram.stop())
  const run = await waiting({ more: telegram.env })
  telegram.say('/status', Date.now())
  telegram.say('/daily', Date.now())
  telegram.say('/halt lunch', Date.now())
  await expect.poll(() => telegram.sent.length, patient).toBe(3)
  expect(telegram.sent[0]).toMatch(/^lively: waiting, step 0\./)
  expect(telegram.sent[1]).toMatch(/^lively, \d{4}-\d\d-\d\d \(UTC\): 0 trades, P&L 0\.00 USD\.\nbaseline/)
  expect(telegram.sent[2]).toMatch(/^"halt" is kept/)
  run.back()
  await expect.poll(() => telegram.sent.join('\n'), patient).toMatch(/halt: No portfolio enters anything/)
  expect(run.entries).toEqual([])
}, 60_000)

test('a command through Redis is kept as well, and is there after a stop', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start(['--appendonly', 'no'])
  onTestFinished(() => redis.kill())
  const more = { MYCELIA_OPERATOR_TOKEN: 'a token that is long enough' }
  const first = await waiting({ more, redis: redis.url })
  const given: OperatorCommand = { do: 'halt', reason: 'from afar' }
  await expect
    .poll(
      async () => {
        await commandByRedis({ scenario: 'lively', url: redis.url }, given, more)
        return pendingIn(first.statuses.at(-1))
      },
      { ...patient, interval: 1_500 },
    )
    .toContain('halt')
  await first.end()
  const second = await waiting({ out: first.out, more, redis: redis.url })
  second.back()
  await expect.poll(() => second.statuses.at(-1)?.halts, patient).toMatchObject([{ kind: 'operator', reason: 'from afar' }])
}, 60_000)
