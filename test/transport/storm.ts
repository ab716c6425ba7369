/** B1's storm: a publisher and a listener of 121 topics, while Redis is killed and started again under them. */

import { systemClock } from '../../src/feed/clock.js'
import { type MessageInput, redisAddress, redisTransport } from '../../src/transport/index.js'
import { RedisServer, sleep } from '../standins/redis.js'
import { until } from './fields.js'

export interface StormOptions {
  readonly kills: number
  /** From one kill to the next. */
  readonly everyMs: number
  readonly messagesPerSecond: number
}

export interface StormReport {
  readonly stamped: number
  readonly received: number
  readonly missed: number
  /** Handed to the world twice, or out of order. */
  readonly twiceOrOld: number
  /** From Redis answering again to every topic subscribed, and to every topic fresh, in ms. */
  readonly healedMs: readonly number[]
  readonly freshMs: readonly number[]
  readonly attempts: number
  readonly publisher: Readonly<Record<string, number>>
  readonly listener: Readonly<Record<string, number>>
}

export async function storm({ kills, everyMs, messagesPerSecond }: StormOptions): Promise<StormReport> {
  const server = await RedisServer.start()
  const topics = Array.from({ length: 121 }, (_, i) => `agent-${i}`)
  const common = { address: redisAddress(server.url, {}), clock: systemClock() }
  const a = redisTransport({ ...common, name: 'a', epoch: 'a-1', topics: ['agent-0'], peers: ['b'] })
  const b = redisTransport({ ...common, name: 'b', epoch: 'b-1', topics, peers: ['a'] })
  await Promise.all([a.start(), b.start()])
  await until(() => b.stale().length === 0, 'the listener knows the publisher')
  const taken = new Audit()
  let n = 0
  const started = performance.now()
  const publishing = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1_000) * messagesPerSecond)
    const stamped = []
    for (; n < due; n++) {
      const message = a.stamp(topics[n % topics.length] as string, { n, text: 'about as long as an idea is '.repeat(8) })
      if (message !== undefined) stamped.push(message)
    }
    a.send(stamped)
    taken.see(b.take(10_000))
  }, 10)
  const healedMs: number[] = []
  const freshMs: number[] = []
  for (let k = 0; k < kills; k++) {
    const next = performance.now() + everyMs
    await sleep(everyMs / 4)
    const ups = (b.counters().ups ?? 0) + (a.counters().ups ?? 0)
    await server.kill()
    await until(() => b.stale().length === topics.length, 'the loss is seen')
    await server.restart()
    const answers = performance.now()
    await until(() => (b.counters().ups ?? 0) + (a.counters().ups ?? 0) === ups + 2, 'both are back')
    healedMs.push(performance.now() - answers)
    await until(() => b.stale().length === 0, 'all fresh')
    freshMs.push(performance.now() - answers)
    await sleep(Math.max(0, next - performance.now()))
  }
  clearInterval(publishing)
  await sleep(1_200)
  await until(() => b.stale().length === 0, 'fresh at the end')
  taken.see(b.take(100_000))
  const report = {
    stamped: a.counters().stamped ?? 0,
    received: taken.count,
    missed: b.counters().missed ?? 0,
    twiceOrOld: taken.twiceOrOld,
    healedMs,
    freshMs,
    attempts: (a.counters()['wire.attempts'] ?? 0) + (b.counters()['wire.attempts'] ?? 0),
    publisher: a.counters(),
    listener: b.counters(),
  }
  await a.close()
  await b.close()
  await server.kill()
  return report
}

class Audit {
  count = 0
  twiceOrOld = 0
  private readonly last = new Map<string, number>()

  see(messages: readonly MessageInput[]): void {
    for (const { topic, seq } of messages) {
      this.count++
      if (seq <= (this.last.get(topic) ?? 0)) this.twiceOrOld++
      this.last.set(topic, seq)
    }
  }
}
