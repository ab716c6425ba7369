/**
 * The transport against bare pipelined ioredis publish/subscribe in the same process, and the time of one hop.
 * `node dist/bench/transport.js [messages]`, with a Redis at REDIS_URL or on this machine.
 */

import { Redis } from 'ioredis'
import { systemClock } from '../src/feed/index.js'
import { redisAddress, redisTransport, type Transport } from '../src/transport/index.js'

const batch = 500
const rounds = 7
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

const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN
const perSecond = (messages: number, since: number) => (messages / (performance.now() - since)) * 1_000

const text = JSON.stringify(idea(123_456))

async function bareRun(publisher: Redis, subscriber: Redis, messages: number): Promise<number> {
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
  return perSecond(messages, started)
}

/** As many topics as agents; ticks of 500 messages go to them in turn. */
const topics = Array.from({ length: 121 }, (_, i) => `topic-${i}`)

async function ourRun(a: Transport, b: Transport, messages: number, topicCount: number): Promise<number> {
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
  return perSecond(messages, started)
}

/** One message at a time: published here, taken there. */
async function hops(a: Transport, b: Transport, n: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < n; i++) {
    const started = performance.now()
    a.publish('topic-0', idea(i))
    while (b.waiting === 0) await turn()
    times.push(performance.now() - started)
    b.take(1)
  }
  return times.sort((x, y) => x - y)
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

async function main(messages: number): Promise<void> {
  const { url } = redisAddress(undefined, process.env)
  const publisher = new Redis(url)
  const subscriber = new Redis(url)
  await subscriber.subscribe('bare')
  const common = { environment: process.env, clock: systemClock(), prefix: `bench-${process.pid}:`, slowMs: 60_000 }
  const a = redisTransport({ ...common, name: 'a', epoch: 'bench', topics: [] })
  const b = redisTransport({ ...common, name: 'b', epoch: 'bench', topics, peers: ['a'] })
  await Promise.all([a.start(), b.start()])
  const figures = { bare: [] as number[], one: [] as number[], many: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const bare = await bareRun(publisher, subscriber, messages)
    const one = await ourRun(a, b, messages, 1)
    const many = await ourRun(a, b, messages, topics.length)
    if (round < 0) continue
    figures.bare.push(bare)
    figures.one.push(one / bare)
    figures.many.push(many / bare)
  }
  const times = await hops(a, b, 5_000)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(3)
  console.log(`bare pipelined ioredis         ${median(figures.bare).toFixed(0)} messages/s`)
  console.log(`transport ÷ bare, 1 topic      ${median(figures.one).toFixed(2)} (goal ≥ 0.7)`)
  console.log(`transport ÷ bare, 121 topics   ${median(figures.many).toFixed(2)} (goal ≥ 0.7)`)
  console.log(`one hop             p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (goal p99 < 5 ms)`)
  console.log(`missed ${b.counters().missed}, duplicates ${b.counters().duplicates}`)
  for (const transport of [a, b]) await transport.close()
  publisher.disconnect()
  subscriber.disconnect()
}

await main(Number(process.argv[2] ?? 50_000))
