/** The places the conformance suite runs on. */

import { Redis } from 'ioredis'
import { systemClock } from '../../src/feed/clock.js'
import { Endpoint, redisAddress, redisTransport, type Transport, type TransportClock } from '../../src/transport/index.js'
import { RedisServer, sleep } from '../standins/redis.js'
import type { Field, SomeOptions } from './conformance.js'
import type { FakeClock } from './fake-clock.js'
import type { MemoryExchange } from './memory.js'

const common = { topics: [], beatMs: 100, askMs: 20 }

/** In memory, with a clock the field moves itself. */
export function memoryField(exchange: MemoryExchange, clock: FakeClock): Field {
  const open: Transport[] = []
  const pass = (ms: number) => Promise.resolve(clock.advance(ms))
  return {
    async open(options: SomeOptions) {
      const transport = new Endpoint(exchange.wire(), { ...common, epoch: `${options.name}-1`, clock, ...options })
      open.push(transport)
      await transport.start()
      return transport
    },
    raw: (channel, text) => Promise.resolve(exchange.publish(channel, text)),
    pass,
    async until(holds, what) {
      for (let i = 0; i < 1_000 && !holds(); i++) await pass(5)
      if (!holds()) throw new Error(`never came true: ${what}`)
    },
    close: async () => void (await Promise.all(open.map(transport => transport.close()))),
  }
}

/** On a real Redis of its own; `sharded` as in a cluster. */
export async function redisField(sharded: boolean, clock: TransportClock = systemClock()): Promise<Field> {
  const server = await RedisServer.start()
  const publisher = new Redis(server.port, '127.0.0.1')
  const open: Transport[] = []
  const prefix = sharded ? '{test}:' : ''
  return {
    async open(options: SomeOptions) {
      const own = { address: redisAddress(server.url, {}), sharded, prefix, clock, epoch: `${options.name}-1` }
      const transport = redisTransport({ ...common, ...own, ...options })
      open.push(transport)
      await transport.start()
      return transport
    },
    raw: async (channel, text) => {
      await (sharded ? publisher.spublish(prefix + channel, text) : publisher.publish(prefix + channel, text))
    },
    pass: sleep,
    until,
    async close() {
      publisher.disconnect()
      for (const transport of open) await transport.close()
      await server.kill()
    },
  }
}

/** Waits in real time. */
export async function until(holds: () => boolean, what: string, atMostMs = 10_000): Promise<void> {
  const end = performance.now() + atMostMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${atMostMs} ms: ${what}`)
    await sleep(3)
  }
}
