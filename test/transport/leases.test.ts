/** Claims of agents: one holder at a time, who knows when it no longer is one. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TransientError } from '../../src/core/index.js'
import { systemClock } from '../../src/feed/clock.js'
import { Lease, type LeaseOptions } from '../../src/transport/index.js'
import { readClaimants } from '../../src/transport/redis/leases.js'
import { noRedis, RedisServer, sleep } from '../standins/redis.js'
import { until } from './fields.js'

describe.skipIf(noRedis)(`a lease${noRedis ? ` (skipped: ${noRedis})` : ''}`, () => {
  let server: RedisServer
  let redis: Redis
  const leases: Lease[] = []
  const changes: string[] = []
  let isAway = false

  beforeAll(async () => {
    server = await RedisServer.start()
    redis = new Redis(server.port, '127.0.0.1', { maxRetriesPerRequest: 0 })
    redis.on('error', () => undefined)
  })
  afterEach(async () => {
    isAway = false
    for (const lease of leases.splice(0)) await lease.release()
    changes.length = 0
    await redis.flushall()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.kill()
  })

  const claim = async (holder: string, names: readonly string[], more: Partial<LeaseOptions> = {}) => {
    const lease = await Lease.claim(names, {
      commands: () => (isAway ? undefined : redis),
      clock: systemClock(),
      prefix: 'test:',
      holder,
      shown: `process ${holder}`,
      claimant: { from: holder, epoch: `${holder}-1` },
      ttlMs: 300,
      renewMs: 60,
      onChange: state => changes.push(`${holder} ${state}`),
      ...more,
    })
    leases.push(lease)
    return lease
  }

  it('refuses a second process the same agents, naming the first, and gives it none of the others', async () => {
    await claim('p1', ['Miner-0', 'Miner-1'])
    await expect(claim('p2', ['Miner-2', 'Miner-1'])).rejects.toThrow(
      'claiming Miner-1: expected agents that no other process runs, got "a lease of process p1"',
    )
    await expect(claim('p3', ['Miner-2'])).resolves.toMatchObject({ isHeld: true })
  })

  it('is renewed as long as its process lives, and ends soon after', async () => {
    const first = await claim('p1', ['Miner-0'])
    await sleep(600)
    await expect(claim('p2', ['Miner-0'])).rejects.toThrow('process p1')
    expect(first.counts.renewed).toBeGreaterThan(3)
    await first.release()
    await expect(claim('p2', ['Miner-0'])).resolves.toMatchObject({ isHeld: true })
  })

  it('of a process that died ends by itself', async () => {
    await claim('p1', ['Miner-0'], { renewMs: 60_000 })
    await expect(claim('p2', ['Miner-0'])).rejects.toThrow()
    await sleep(320)
    await expect(claim('p2', ['Miner-0'])).resolves.toMatchObject({ isHeld: true })
  })

  it('is taken over at once by a restart of the same part, with a higher fence; the old one learns that it lost', async () => {
    const old = await claim('p1', ['Miner-0'])
    const again = await claim('p1', ['Miner-0'])
    expect(again.fence).toBeGreaterThan(old.fence)
    await until(() => old.state === 'lost', 'the old one notices')
    expect(old.isHeld).toBe(false)
    await old.release()
    await sleep(100)
    expect(again.isHeld).toBe(true)
  })

  it('that cannot be renewed is unsure before anybody else can claim, and held again if nobody did', async () => {
    const lease = await claim('p1', ['Miner-0'])
    isAway = true
    await until(() => lease.state === 'unsure', 'unsure')
    expect(lease.isHeld).toBe(false)
    isAway = false
    await until(() => lease.isHeld, 'held again')
    expect(changes).toEqual(['p1 unsure', 'p1 held'])
  })

  it('that somebody else took meanwhile is lost, and stays lost', async () => {
    const lease = await claim('p1', ['Miner-0', 'Miner-1'])
    isAway = true
    await until(() => lease.state === 'unsure', 'unsure')
    isAway = false
    const other = await claim('p2', ['Miner-1']).catch(() => undefined)
    await until(() => lease.state !== 'unsure', 'decided')
    expect([other?.isHeld ?? false, lease.isHeld].filter(Boolean)).toHaveLength(1)
  })

  it('is not shared by two holders after Redis forgot everything', async () => {
    const first = await claim('p1', ['Miner-0'], { renewMs: 60_000 })
    await redis.flushall()
    const second = await claim('p2', ['Miner-0'])
    await first.renew()
    expect([first.state, second.state]).toEqual(['lost', 'held'])
    expect(first.fence).toBe(second.fence)
  })

  it('is not relied on after a reconnect until Redis has renewed it, which is asked at once', async () => {
    const acts = new Set<() => void>()
    const onConnected = (act: () => void) => {
      acts.add(act)
      return () => void acts.delete(act)
    }
    const lease = await claim('p1', ['Miner-0'], { onConnected, ttlMs: 60_000, renewMs: 30_000 })
    expect(lease.isHeld).toBe(true)
    await redis.flushall()
    for (const act of acts) act()
    expect(lease.isHeld).toBe(false)
    await until(() => lease.isHeld, 'held again')
    await expect(claim('p2', ['Miner-0'])).rejects.toThrow('process p1')
    isAway = true
    for (const act of acts) act()
    await sleep(20)
    expect([lease.isHeld, lease.counts.renewalsFailed]).toEqual([false, 1])
    isAway = false
    await lease.release()
    expect(acts.size).toBe(0)
  })

  it('says under what name and start its holder speaks, to whoever asks, and again after a renewal', async () => {
    const held = { commands: () => redis, prefix: 'test:' }
    const lease = await claim('p1', ['Miner-0', 'Miner-1'])
    const both = [{ from: 'p1', epoch: 'p1-1' }, undefined]
    expect(await readClaimants(['Miner-0', 'Miner-2'], held)).toEqual(both)
    await redis.flushall()
    expect(await readClaimants(['Miner-0'], held)).toEqual([undefined])
    await lease.renew()
    expect(await readClaimants(['Miner-0', 'Miner-2'], held)).toEqual(both)
    await claim('p1', ['Miner-0', 'Miner-1'], { claimant: { from: 'p1', epoch: 'p1-2' } })
    expect(await readClaimants(['Miner-1'], held)).toEqual([{ from: 'p1', epoch: 'p1-2' }])
    await expect(readClaimants(['Miner-0'], { ...held, commands: () => undefined })).rejects.toThrow('Redis is away')
  })

  it('cannot be claimed while Redis is away', async () => {
    isAway = true
    await expect(claim('p1', ['Miner-0'])).rejects.toThrow('Redis is away')
  })

  it('that Redis did not answer to is to be asked again, one that it refused in words is not', async () => {
    const dying = { eval: () => Promise.reject(new Error('Connection is closed.')) } as unknown as Redis
    await expect(claim('p1', ['Miner-0'], { commands: () => dying })).rejects.toThrow(TransientError)
    await redis.set('test:fence', 'no number')
    const refused = claim('p1', ['Miner-0'])
    await expect(refused).rejects.toThrow('not an integer')
    await expect(refused).rejects.not.toThrow(TransientError)
  })
})
