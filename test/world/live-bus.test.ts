/** Keys, tokens and proofs: where messages need a key, and which commands count. */

import { expect, onTestFinished, test } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { Signer } from '../../src/transport/index.js'
import { commandByRedis } from '../../src/world/index.js'
import { CommandGate, proveCommand } from '../../src/world/live/operator-proof.js'
import { planBus, planOperatorBus } from '../../src/world/live/peers/bus-plan.js'
import { noRedis, RedisServer } from '../standins/redis.js'

const key = 'a key that is long enough'
const token = Signer.of('a token that is long enough', 'a test')

test('without a key, Redis beyond this machine is refused, and what to set is said', () => {
  for (const url of ['redis://vega:6379', 'rediss://10.0.0.7', 'redis://[fe80::1]:6379', 'redis://127.0.0.1.evil.example']) {
    expect(() => planBus(url, {}), url).toThrow(/expected a key in MYCELIA_BUS_KEY.*openssl rand -hex 32/s)
    expect(planBus(url, { MYCELIA_BUS_KEY: key }).signer, url).toBeDefined()
  }
  expect(() => planBus(undefined, { REDIS_HOST: 'vega' })).toThrow(OperatorError)
  for (const url of [
    'redis://127.0.0.1',
    'redis://127.8.9.10:7',
    'redis://[::1]:6379',
    'redis://localhost',
    'unix:///run/redis.sock',
  ])
    expect(planBus(url, {}), url).toMatchObject({ signer: undefined, token: undefined })
  expect(planBus(undefined, {}).address.shown).toBe('Redis at 127.0.0.1:6379')
})

test('a key or token that is too short is refused without being shown', () => {
  for (const variable of ['MYCELIA_BUS_KEY', 'MYCELIA_OPERATOR_TOKEN']) {
    const refused = () => planBus(undefined, { [variable]: 'hunter2' })
    expect(refused).toThrow(new RegExp(`^${variable}: expected a key of at least 16 characters`))
    expect(refused).not.toThrow(/hunter2/)
  }
})

test('an operator without the token is told which variable to set, before anything is sent', async () => {
  expect(() => planOperatorBus(undefined, {})).toThrow(
    /a command through Redis: expected the operator's token in MYCELIA_OPERATOR_TOKEN/,
  )
  const sent = commandByRedis({ scenario: 'lively', url: 'redis://127.0.0.1:1' }, { do: 'halt', reason: 'x' }, {})
  await expect(sent).rejects.toThrow('MYCELIA_OPERATOR_TOKEN')
})

test('what an operator says through Redis holds a proof and not the token', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start(['--appendonly', 'no'])
  onTestFinished(() => redis.kill())
  const { Redis } = await import('ioredis')
  const listener = new Redis(redis.port, '127.0.0.1')
  onTestFinished(() => listener.disconnect())
  const heard: string[] = []
  listener.on('message', (_, text: string) => heard.push(text))
  await listener.subscribe('mycelia:lively:system-control')
  const environment = { MYCELIA_OPERATOR_TOKEN: 'a token that is long enough', MYCELIA_BUS_KEY: key }
  await commandByRedis({ scenario: 'lively', url: redis.url }, { do: 'halt', reason: 'x' }, environment)
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(1)
  expect(heard[0]).not.toContain('long enough')
  const { data, sig } = JSON.parse(heard[0] as string)
  expect(sig).toHaveLength(43)
  expect(new CommandGate({ token, scenario: 'lively', now: () => data.time }).take(data)).toBe(true)
})

function gate({ now = 1_000_000, with: held = token as Signer | null } = {}) {
  const clock = { now }
  const made = new CommandGate({ token: held ?? undefined, scenario: 'lively', now: () => clock.now })
  const prove = (change: object = {}, by = token) =>
    proveCommand(by, { scenario: 'lively', command: { do: 'halt', reason: 'r' }, time: clock.now, nonce: 'n1', ...change })
  return { clock, gate: made, prove }
}

test('S4: a command counts once, with the proof of the right token, for this scenario, within a minute', () => {
  const { clock, gate: made, prove } = gate()
  clock.now += 5_000
  const good = prove()
  const other = Signer.of('another token, as long as that', 'a test')
  const wrong: unknown[] = [
    null,
    {},
    { command: good.command },
    { ...good, proof: undefined },
    { ...good, proof: '' },
    { ...good, proof: other.mac('x') },
    { ...good, nonce: 'n2' },
    { ...good, time: good.time + 1 },
    { ...good, command: { do: 'resume', reason: 'r' } },
    prove({}, other),
    prove({ scenario: 'trifecta' }),
  ]
  for (const data of wrong) expect(made.take(data), JSON.stringify(data)).toBe(false)
  expect(made.counters).toEqual({ unproven: wrong.length, untimely: 0, repeated: 0 })
  expect(made.take(good)).toBe(true)
  expect(made.take(good)).toBe(false)
  expect(made.counters.repeated).toBe(1)
  expect(made.take(prove({ nonce: 'n3', time: clock.now + 61_000 }))).toBe(false)
  clock.now += 61_000
  expect(made.take(good)).toBe(false)
  expect(made.counters.untimely).toBe(2)
})

test('a command from before a restart does not count after it, and without a token none does', () => {
  const { prove } = gate()
  const before = prove()
  expect(gate({ now: 1_001_000 }).gate.take(before)).toBe(false)
  const none = gate({ with: null })
  none.clock.now += 1
  expect(none.gate.take(none.prove())).toBe(false)
  expect(none.gate.counters.unproven).toBe(1)
})

test('commands without end leave a bounded memory', () => {
  const { gate: made, prove } = gate()
  for (let n = 0; n < 3_000; n++) made.take(prove({ nonce: `n${n}` }))
  expect(made.counters.repeated).toBe(2_000)
})
