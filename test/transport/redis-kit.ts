/** A Redis, a proxy before it and transports to it, each let go at the end of the test that began it. */

import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/feed/clock.js'
import { type RedisTransport, type RedisTransportOptions, redisAddress, redisTransport } from '../../src/transport/index.js'
import { RedisServer } from '../standins/redis.js'
import { TcpProxy } from '../standins/tcp-proxy.js'

/** As {@link RedisServer.start}. */
export async function startServer(args: readonly string[] = [], port?: number): Promise<RedisServer> {
  const server = await RedisServer.start(args, port)
  onTestFinished(() => server.kill())
  return server
}

export async function startProxy(port: number): Promise<TcpProxy> {
  const proxy = await TcpProxy.start(port)
  onTestFinished(() => proxy.stop())
  return proxy
}

/** A transport of its own name, not started yet. */
export function make(url: string, name: string, options: Partial<RedisTransportOptions> = {}): RedisTransport {
  const common = { address: redisAddress(url, {}), name, epoch: `${name}-1`, topics: [], clock: systemClock() }
  const transport = redisTransport({ ...common, ...options })
  onTestFinished(() => transport.close())
  return transport
}

export const count = (transport: RedisTransport, name: string) => transport.counters()[name] ?? 0
