/** B1–B3 and the rest of what only a real Redis can show: killed, silent, absent, in a cluster. */
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { redisAddress, transportLimits } from '../../src/transport/index.js'
import { freePort, noRedis, sleep } from '../standins/redis.js'
import { until } from './fields.js'
import { count, make, startProxy, startServer } from './redis-kit.js'
import { storm } from './storm.js'

describe.skipIf(noRedis)(`over a real Redis${noRedis ? ` (skipped: ${noRedis})` : ''}`, () => {
  it('B1: heals within 1 s of each of 5 kills, doubles nothing, and missed = sent − received exactly', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const report = await storm({ kills: 5, everyMs: 2_000, messagesPerSecond: 2_400 })
    expect(report.stamped).toBeGreaterThan(15_000)
    expect(report.received).toBeGreaterThan(10_000)
    expect(report.missed).toBeGreaterThan(0)
    expect(report.missed).toBe(report.stamped - report.received)
    expect(report.twiceOrOld).toBe(0)
    expect(Math.max(...report.healedMs)).toBeLessThanOrEqual(1_000)
    expect(report.publisher.stamped).toBe((report.publisher.sent ?? 0) + (report.publisher.unsent ?? 0))
    expect(unhandled).toEqual([])
  })

  it('B2: notices a socket that fell silent without closing, is stale meanwhile, and is back within 6 s', async () => {
    const server = await startServer()
    const proxy = await startProxy(server.port)
    const a = make(server.url, 'a')
    const b = make(proxy.url, 'b', { topics: ['x'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    await until(() => b.state('x').fresh, 'fresh')
    proxy.silence()
    a.publish('x', 'into the void')
    const silent = performance.now()
    await until(() => !b.state('x').fresh, 'stale is shown')
    expect(performance.now() - silent).toBeLessThanOrEqual(5_500)
    await until(() => b.state('x').fresh, 'fresh again')
    expect(performance.now() - silent).toBeLessThanOrEqual(6_000)
    expect(count(b, 'wire.silences')).toBe(2)
    expect(b.take(9).map(m => m.data)).toEqual(['into the void'])
  })

  it('a server that accepts and then says nothing is given up and tried again', async () => {
    const server = await startServer()
    const proxy = await startProxy(server.port)
    proxy.silenceNew(true)
    const b = make(proxy.url, 'b', { startMs: 50, times: { pingDeadlineMs: 100 } })
    expect((await b.start()).up).toBe(false)
    await sleep(300)
    proxy.silenceNew(false)
    await until(() => count(b, 'ups') === 1, 'up')
    expect(count(b, 'wire.silences')).toBeGreaterThanOrEqual(2)
  })

  it('B3: with Redis absent says so within 3 s, keeps nothing for later, and is there when Redis comes', async () => {
    const port = await freePort()
    const started = performance.now()
    const a = make(`redis://user:secret@127.0.0.1:${port}`, 'a', { topics: ['x'], times: { retryMs: 1, retryMostMs: 2 } })
    const { up, message } = await a.start()
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(up).toBe(false)
    expect(message).toContain(`127.0.0.1:${port} does not answer`)
    expect(message).not.toContain('secret')
    expect(a.state('x')).toMatchObject({ fresh: false, doubt: 'offline' })
    const before = process.memoryUsage().heapUsed
    await until(() => count(a, 'wire.attempts') > 600, 'as many attempts as in minutes of absence')
    for (let i = 0; i < 100_000; i++) a.publish('y', { i })
    expect(count(a, 'unsent')).toBe(100_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6)
  })

  it('B3: recovers alone when Redis appears, and peers get the last message', async () => {
    const port = await freePort()
    const url = `redis://127.0.0.1:${port}`
    const a = make(url, 'a', { startMs: 50 })
    const b = make(url, 'b', { startMs: 50, topics: ['x'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    a.publish('x', 'unsent')
    await startServer([], port)
    await until(() => b.state('x').fresh && b.waiting > 0, 'fresh, with the message')
    expect(b.take(9).map(m => m.data)).toEqual(['unsent'])
  })

  it('counts what nobody heard', async () => {
    const server = await startServer()
    const a = make(server.url, 'a')
    await a.start()
    a.publish('nobody-listens', 1)
    a.publish('nobody-listens', 2)
    await until(() => count(a, 'wire.unheard') >= 2, 'counted')
    expect(count(a, 'unsent')).toBe(0)
  })

  it('hands Redis a bounded number of unanswered messages, and counts the rest', async () => {
    const server = await startServer()
    const a = make(server.url, 'a')
    await a.start()
    const stamped = Array.from({ length: transportLimits.inFlight + 1_000 }, (_, i) => a.stamp('x', i)).flatMap(m => m ?? [])
    const sent = a.send(stamped)
    expect(sent).toBeLessThanOrEqual(transportLimits.inFlight)
    expect(count(a, 'unsent')).toBe(stamped.length - sent)
    expect(count(a, 'wire.overflowed')).toBe(stamped.length - sent)
    await until(() => count(a, 'wire.inFlight') === 0, 'all answered')
  })

  it('sends a whole tick in order within each topic, though it travels in fewer pieces', async () => {
    const server = await startServer()
    const a = make(server.url, 'a')
    const b = make(server.url, 'b', { topics: ['x', 'y'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    await until(() => b.state('x').fresh, 'fresh')
    const long = 'z'.repeat(100_000)
    const tick = Array.from({ length: 40 }, (_, i) => a.stamp(i % 3 === 0 ? 'x' : 'y', i % 5 === 0 ? long : 'line\nbreak'))
    a.send(tick.flatMap(m => m ?? []))
    await until(() => b.waiting === 40, 'all there')
    const got = b.take(40)
    for (const topic of ['x', 'y']) {
      const seqs = got.filter(m => m.topic === topic).map(m => m.seq)
      expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    }
    expect(count(b, 'missed')).toBe(0)
  })

  it('refuses a foreign frame longer than any of ours unread', async () => {
    const server = await startServer()
    const b = make(server.url, 'b', { topics: ['x'] })
    await b.start()
    const stranger = new Redis(server.port, '127.0.0.1')
    onTestFinished(() => stranger.disconnect())
    await stranger.publish('x', 'a\n'.repeat(500_000))
    await until(() => count(b, 'rejected.too-long') === 1, 'counted once')
    expect(count(b, 'rejected.not-json')).toBe(0)
  })

  it('a Redis that forgot all claims hears of them again at the reconnect, before anybody else can claim', async () => {
    const server = await startServer()
    const a = make(server.url, 'a')
    await a.start()
    const lease = await a.claim(['Memory-0'], { holder: 'a', shown: 'process 1', ttlMs: 600_000, renewMs: 300_000 })
    for (const ups of [2, 3]) {
      await server.kill()
      await server.restart()
      await until(() => count(a, 'ups') === ups && lease.isHeld, 'back, and held')
      const b = make(server.url, `b-${ups}`)
      await b.start()
      await expect(b.claim(['Memory-0'], { holder: 'b', shown: 'process 2' })).rejects.toThrow('a lease of process 1')
    }
    await lease.release()
  })

  it('in a Redis Cluster finds the node that has its slot', async () => {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-config-file']
    const first = await startServer([...args, `nodes-${process.pid}-1.conf`])
    const second = await startServer([...args, `nodes-${process.pid}-2.conf`])
    await first.command('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
    await second.command('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
    await first.command('CLUSTER', 'MEET', '127.0.0.1', String(second.port))
    for (const node of [first, second]) {
      const end = performance.now() + 20_000
      while (!(await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok') && performance.now() < end) await sleep(50)
    }
    const a = make(first.url, 'a', { sharded: true })
    const b = make(second.url, 'b', { sharded: true, topics: ['x', 'y'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    await until(() => b.stale().length === 0, 'fresh')
    a.publish('x', 1)
    a.publish('y', 2)
    await until(() => b.waiting === 2, 'both arrive')
    expect(count(a, 'wire.moves') + count(b, 'wire.moves')).toBe(2)
    const lease = await a.claim(['DataMiner-0', 'DataMiner-1'], { holder: 'a', shown: 'process 1' })
    expect(lease.isHeld).toBe(true)
    await lease.release()
  })
})

describe('the Redis transport', () => {
  it('says in one sentence what to do where ioredis is not installed', async () => {
    const load = () => Promise.reject(new Error('Cannot find package'))
    const transport = make('redis://127.0.0.1:1', 'a', { load })
    await expect(transport.start()).rejects.toThrow('the package ioredis is not installed. Run: npm install ioredis')
  })

  it('finds Redis by address, REDIS_URL, REDIS_HOST and REDIS_PORT, or on this machine', () => {
    const shown = (given: string | undefined, environment: Record<string, string>) => redisAddress(given, environment).shown
    expect(shown(undefined, {})).toBe('Redis at 127.0.0.1:6379')
    expect(shown(undefined, { REDIS_PORT: '7000' })).toBe('Redis at 127.0.0.1:7000')
    expect(shown(undefined, { REDIS_HOST: 'cache', REDIS_PORT: '7000' })).toBe('Redis at cache:7000')
    expect(shown(undefined, { REDIS_HOST: '::1' })).toBe('Redis at [::1]:6379')
    expect(shown(undefined, { REDIS_HOST: 'cache', REDIS_URL: 'rediss://u:p@other:1' })).toBe('Redis at other:1')
    expect(shown('redis://given', { REDIS_URL: 'redis://other' })).toBe('Redis at given:6379')
  })

  it.each([
    ['not an address', {}],
    ['http://host', {}],
    [undefined, { REDIS_URL: 'user:secret@host' }],
    [undefined, { REDIS_PORT: '0' }],
    [undefined, { REDIS_PORT: '6379x' }],
  ])('refuses %s %o without repeating a password', (given, environment) => {
    const attempt = () => redisAddress(given, environment)
    expect(attempt).toThrow(OperatorError)
    expect(attempt).not.toThrow('secret')
  })
})
