/** A live shard enters positions only while it is connected and holds the lease on its agents. */

import { expect, onTestFinished, test, vi } from 'vitest'
import type { Swarm } from '../../src/agents/index.js'
import { OperatorError, TransientError } from '../../src/core/index.js'
import { simulate } from '../../src/model/index.js'
import { redisAddress } from '../../src/transport/index.js'
import { chooseAgents } from '../../src/world/live/peers/agents-choice.js'
import { PeerConnection } from '../../src/world/live/peers/connection.js'
import { ManualClock } from './live-kit.js'
import { scenario } from './live-scenario.js'

type Change = (state: 'unsure' | 'held' | 'lost', sentence: string) => void

/** Stands in for Redis: what it answers to a claim, and what the connection finds of itself. */
const redis = vi.hoisted(() => ({
  doubt: undefined as string | undefined,
  lease: { isHeld: true, released: 0, release: async () => void redis.lease.released++ },
  claims: [] as string[][],
  /** What the next claims end with; then they succeed. */
  refusals: [] as Error[],
  onChange: undefined as Change | undefined,
}))

vi.mock('../../src/transport/index.js', async original => ({
  ...(await original<object>()),
  redisTransport: () => ({
    start: async () => ({ up: true, message: 'connected' }),
    state: (topic: string) => ({ topic, fresh: true, doubt: redis.doubt }),
    take: () => [],
    close: async () => undefined,
    async claim(names: string[], { onChange }: { onChange: Change }) {
      redis.claims.push(names)
      redis.onChange = onChange
      const refusal = redis.refusals.shift()
      if (refusal !== undefined) throw refusal
      return redis.lease
    },
  }),
}))

async function connected({ refusals = [] as Error[] } = {}) {
  Object.assign(redis, { doubt: undefined, claims: [], refusals, onChange: undefined })
  Object.assign(redis.lease, { isHeld: true, released: 0 })
  const clock = new ManualClock(1_000_000)
  const lost: string[] = []
  const notes: string[] = []
  const connection = new PeerConnection({
    bus: { address: redisAddress('redis://127.0.0.1:1', {}), signer: undefined, token: undefined },
    scenario: 'lively',
    holder: 'a test',
    agents: chooseAgents(undefined),
    clock,
    onNote: note => notes.push(note),
    onLost: sentence => lost.push(sentence),
  })
  onTestFinished(() => connection.close())
  const { model } = simulate(scenario, { seed: 1 })
  await connection.start({ model: model as unknown as Swarm, closedUntil: 0 }, [])
  const inputs = () => connection.bridge?.take(clock.now()) ?? []
  return { connection, clock, inputs, lost, notes }
}

test('entries wait from the start until the lease is held, however often the claim must be tried', async () => {
  const away = () => new TransientError('Redis is away')
  const { clock, inputs } = await connected({ refusals: [away(), away()] })
  const since = clock.now()
  expect(inputs()).toEqual([{ kind: 'link', since }])
  for (const claims of [2, 3]) {
    expect(inputs()).toEqual([])
    clock.pass(999)
    await Promise.resolve()
    expect(redis.claims).toHaveLength(claims - 1)
    clock.pass(1)
    expect(redis.claims).toHaveLength(claims)
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(inputs()).toEqual([{ kind: 'link', since: null }])
  expect(inputs()).toEqual([])
  expect(redis.claims[2]).toEqual(redis.claims[0])
})

test('entries wait while the lease is in doubt, and go on once it is held again; the model hears of each change once', async () => {
  const { clock, inputs } = await connected()
  expect(inputs()).toEqual([])
  clock.pass(5_000)
  redis.lease.isHeld = false
  const since = clock.now()
  expect(inputs()).toEqual([{ kind: 'link', since }])
  clock.pass(1_000)
  expect(inputs()).toEqual([])
  redis.lease.isHeld = true
  expect(inputs()).toEqual([{ kind: 'link', since: null }])
  expect(inputs()).toEqual([])
})

test('entries wait while the connection is down, although the lease would still be held', async () => {
  const { clock, inputs } = await connected()
  redis.doubt = 'offline'
  expect(inputs()).toEqual([{ kind: 'link', since: clock.now() }])
  redis.lease.isHeld = false
  redis.doubt = undefined
  expect(inputs()).toEqual([])
  redis.lease.isHeld = true
  expect(inputs()).toEqual([{ kind: 'link', since: null }])
})

test('a doubt about the operator’s topic that is no lost connection stops no entry', async () => {
  const { inputs } = await connected()
  redis.doubt = 'unheard'
  expect(inputs()).toEqual([])
})

test('a lease that is lost ends the run, one in doubt does not; both are said', async () => {
  const { lost, notes } = await connected()
  redis.onChange?.('unsure', 'in doubt')
  expect(lost).toEqual([])
  redis.onChange?.('lost', 'another has it')
  expect(lost).toEqual(['another has it'])
  expect(notes).toEqual(['connected', 'in doubt', 'another has it'])
})

test('a claim that another process refuses ends the start; one that is refused later ends the run', async () => {
  const refused = () => new OperatorError({ what: 'claiming DataMiner-0', expected: 'agents that no other process runs' })
  await expect(connected({ refusals: [refused()] })).rejects.toThrow('claiming DataMiner-0')
  const { clock, inputs, lost } = await connected({ refusals: [new TransientError('Redis is away'), refused()] })
  inputs()
  clock.pass(1_000)
  await new Promise(resolve => setImmediate(resolve))
  expect(lost).toEqual([expect.stringMatching(/^claiming DataMiner-0/)])
  expect(inputs()).toEqual([])
})

test('a shard that closes gives its lease back, and claims no more', async () => {
  const { connection } = await connected()
  await connection.close()
  expect(redis.lease.released).toBe(1)
  const waiting = await connected({ refusals: [new TransientError('Redis is away')] })
  await waiting.connection.close()
  waiting.clock.pass(5_000)
  expect(redis.claims).toHaveLength(1)
})
