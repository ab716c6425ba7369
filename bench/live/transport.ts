/** The transport against bare pipelined ioredis publish/subscribe, in turns in one process on a redis-server of its own. */

import { Redis } from 'ioredis'
import { systemClock } from '../../src/feed/index.js'
import { redisAddress, redisTransport, type Transport } from '../../src/transport/index.js'
import { noRedis, RedisServer } from '../../test/standins/redis.js'
import { median } from '../speed/measure.js'
import { type Quantiles, quantiles } from './quantiles.js'

export interface TransportSpeed {
  /** Bare pipelined ioredis, messages a second. */
  readonly barePerSecond: number
  /** The transport's messages a second, divided by that: through one topic, and through as many as there are agents. */
  readonly ratioOneTopic: number
  readonly ratioManyTopics: number
  /** From publishing to taking, one message at a time. */
  readonly hopMs: Quantiles
}

const messages = 50_000
const batch = 500
const rounds = 7
const hopsTaken = 5_000
/** About what an idea is: 300 characters. */
const idea = (i: number) => ({
  id: `mycelial:${i}:SwingTrader-7:1`,
  pair: 'SOLUSD',
  direction: 'long',
  confidence: 0.6180339887,
  horizon: 24,
  reasons: ['corporations:filings', 'rsi', 'macd'],
  entryPriceUsd: 142.317,
  stopUsd: 138.02,
  targetUsd: 151.9,
  step: i,
  text: 'the driver moved two standard deviations and the pair has followed it in nine of fourteen cases before',
})

const perSecond = (since: number) => (messages / (performance.now() - since)) * 1_000

const text = JSON.stringify(idea(123_456))

async function bareRun(publisher: Redis, subscriber: Redis): Promise<number> {
  let seen = 0
  const started = performance.now()
  const all = new Promise<void>(resolve => {
    subscriber.removeAllListeners('message')
    subscriber.on('message', () => void (++seen === messages && resolve()))
  })
  for (let i = 0; i < messages; i += batch) {
    const pipeline = publisher.pipeline()
    for (let k = 0; k < batch; k++) pipeline.publish('bare', text)
    await pipeline.exec()
  }
  await all
  return perSecond(started)
}

/** As many topics as agents; ticks of 500 messages go to them in turn. */
const topics = Array.from({ length: 121 }, (_, i) => `topic-${i}`)

async function ourRun(a: Transport, b: Transport, topicCount: number): Promise<number> {
  const started = performance.now()
  let seen = 0
  for (let i = 0; i < messages; i += batch) {
    const stamped = []
    for (let k = 0; k < batch; k++) {
      const message = a.stamp(topics[k % topicCount] as string, idea(i + k))
      if (message !== undefined) stamped.push(message)
    }
    a.send(stamped)
    // The bare run awaits its pipeline; this one even waits until all have arrived.
    while (b.waiting < stamped.length) await turn()
    seen += b.take(messages).length
  }
  if (seen !== messages) throw new Error(`${messages - seen} messages are missing`)
  return perSecond(started)
}

async function hops(a: Transport, b: Transport): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < hopsTaken; i++) {
    const started = performance.now()
    a.publish('topic-0', idea(i))
    while (b.waiting === 0) await turn()
    times.push(performance.now() - started)
    b.take(1)
  }
  return times
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** Gives why not where there is no redis-server to measure with. */
export async function transportSpeed(): Promise<TransportSpeed | string> {
  if (noRedis !== undefined) return noRedis
  const redis = await RedisServer.start()
  try {
    return await measured(redis.url)
  } finally {
    await redis.kill()
  }
}

async function measured(url: string): Promise<TransportSpeed> {
  const publisher = new Redis(url)
  const subscriber = new Redis(url)
  await subscriber.subscribe('bare')
  const common = { address: redisAddress(url, {}), clock: systemClock(), prefix: 'bench:', slowMs: 60_000 }
  const a = redisTransport({ ...common, name: 'a', epoch: 'bench', topics: [] })
  const b = redisTransport({ ...common, name: 'b', epoch: 'bench', topics, peers: ['a'] })
  await Promise.all([a.start(), b.start()])
  try {
    const bare: number[] = []
    const one: number[] = []
    const many: number[] = []
    for (let round = -1; round < rounds; round++) {
      const bareNow = await bareRun(publisher, subscriber)
      const oneNow = await ourRun(a, b, 1)
      const manyNow = await ourRun(a, b, topics.length)
      if (round < 0) continue // warm-up
      bare.push(bareNow)
      one.push(oneNow / bareNow)
      many.push(manyNow / bareNow)
    }
    const hopMs = quantiles(await hops(a, b))
    const { missed = 0, duplicates = 0 } = b.counters()
    if (missed + duplicates > 0) throw new Error(`${missed} messages were missed, ${duplicates} came twice`)
    return { barePerSecond: median(bare), ratioOneTopic: median(one), ratioManyTopics: median(many), hopMs }
  } finally {
    for (const transport of [a, b]) await transport.close()
    publisher.disconnect()
    subscriber.disconnect()
  }
}
