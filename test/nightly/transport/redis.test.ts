/** The long counts of group B on a real Redis: a minute of kills, ten minutes of absence, slow readers, torn links. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../../src/core/index.js'
import { freePort, noRedis, sleep } from '../../standins/redis.js'
import { until } from '../../transport/fields.js'
import { count, make, startProxy, startServer } from '../../transport/redis-kit.js'
import { storm } from '../../transport/storm.js'

const figures = (name: string, ms: readonly number[]) => {
  const sorted = [...ms].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0)
  console.log(`${name}: p50 ${at(0.5)} ms, max ${at(1)} ms over ${ms.length}`)
}

describe.skipIf(noRedis)(`over a real Redis${noRedis ? ` (skipped: ${noRedis})` : ''}`, () => {
  it('B1: heals within 1 s of each kill for 60 s, doubles nothing, and missed = sent − received exactly', async () => {
    const report = await storm({ kills: 30, everyMs: 2_000, messagesPerSecond: 2_400 })
    figures('B1 resubscribed', report.healedMs)
    figures('B1 all fresh', report.freshMs)
    expect(report.missed).toBe(report.stamped - report.received)
    expect(report.twiceOrOld).toBe(0)
    expect(Math.max(...report.healedMs)).toBeLessThanOrEqual(1_000)
  })

  it('B3: ten minutes without Redis cost less than 20 MB, and it recovers alone', async () => {
    const port = await freePort()
    const a = make(`redis://127.0.0.1:${port}`, 'a', { topics: ['x'] })
    await a.start()
    await sleep(5_000)
    const before = process.memoryUsage().heapUsed
    for (let second = 0; second < 600; second++) {
      for (let i = 0; i < 100; i++) a.publish('y', { second, i })
      await sleep(1_000)
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6)
    await startServer([], port)
    await until(() => a.state('x').fresh, 'recovered', 2_000)
  })

  it('B7: a reader so slow that Redis cuts it off is back by itself, and the gap is counted', async () => {
    const server = await startServer(['--client-output-buffer-limit', 'pubsub', '1mb', '512kb', '5'])
    const proxy = await startProxy(server.port)
    const a = make(server.url, 'a')
    const b = make(proxy.url, 'b', { topics: ['x'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    await until(() => b.state('x').fresh, 'fresh')
    proxy.hold(true)
    const text = 'x'.repeat(100_000)
    for (let i = 0; i < 400; i++) {
      a.publish('x', text)
      if (i % 20 === 0) await sleep(5)
    }
    await sleep(1_000)
    proxy.hold(false)
    await until(() => count(b, 'downs') >= 1 && b.state('x').fresh, 'cut off, back and fresh', 20_000)
    b.take(1_000)
    a.publish('x', 'after')
    await until(() => b.waiting > 0, 'goes on')
    expect(count(b, 'missed')).toBeGreaterThan(0)
    expect(count(b, 'accepted') + count(b, 'missed')).toBe(count(a, 'stamped'))
  })

  it('B8: 40 links torn one by one and mended in another order, 100 times: all fresh again within 5 s', async () => {
    const server = await startServer()
    const rng = new Stream(rootOf(8), 'swizzle')
    const proxies = await Promise.all(Array.from({ length: 40 }, () => startProxy(server.port)))
    const names = proxies.map((_, i) => `part-${i}`)
    const all = proxies.map((proxy, i) =>
      make(proxy.url, names[i] as string, { topics: ['x'], peers: names.filter((_, k) => k !== i) }),
    )
    await Promise.all(all.map(transport => transport.start()))
    const isFresh = () => all.every(transport => transport.state('x').fresh)
    await until(isFresh, 'all fresh')
    const healed: number[] = []
    for (let round = 0; round < 100; round++) {
      for (const proxy of rng.shuffle([...proxies])) {
        proxy.block(true)
        rng.pick(all).publish('x', round)
        await sleep(2)
      }
      for (const proxy of rng.shuffle([...proxies])) {
        proxy.block(false)
        await sleep(2)
      }
      const mended = performance.now()
      await until(isFresh, `round ${round}: all fresh`, 5_000)
      healed.push(performance.now() - mended)
      for (const transport of all) transport.take(10_000)
    }
    figures('B8 all fresh', healed)
    // An own echo is no message: each hears what the 39 others stamped.
    const stamped = all.reduce((sum, transport) => sum + count(transport, 'stamped'), 0)
    await sleep(2_000)
    for (const transport of all) {
      expect(count(transport, 'accepted') + count(transport, 'missed')).toBe(stamped - count(transport, 'stamped'))
      expect(count(transport, 'conflicts')).toBe(0)
    }
  })

  it('B9: a process that blocked for 5 s notices, calls nobody silent, and sends at most one beat to catch up', async () => {
    const server = await startServer()
    const a = make(server.url, 'a')
    const b = make(server.url, 'b', { topics: ['x'], peers: ['a'] })
    await Promise.all([a.start(), b.start()])
    await until(() => b.state('x').fresh, 'fresh')
    const beats = count(a, 'beatsSent')
    const end = performance.now() + 5_000
    while (performance.now() < end);
    await sleep(200)
    expect(b.state('x').fresh).toBe(true)
    expect(count(b, 'stalls')).toBe(1)
    expect(count(a, 'beatsSent') - beats).toBeLessThanOrEqual(1)
    expect(count(a, 'wire.silences') + count(b, 'wire.silences')).toBe(0)
  })
})
