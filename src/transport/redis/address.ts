/** Where Redis is: `REDIS_URL`, or `REDIS_HOST` and `REDIS_PORT`, or this machine. */

import { OperatorError } from '../../core/index.js'

export interface RedisAddress {
  /** What ioredis connects to; may hold a password. */
  readonly url: string
  readonly host: string
  /** True where only processes of this machine reach it: the loopback, or a Unix socket. */
  readonly isLocal: boolean
  /** For a person: host and port alone. */
  readonly shown: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** The address given, else the environment's, else `redis://127.0.0.1:6379`. Throws an OperatorError where it makes no sense. */
export function redisAddress(given: string | undefined, environment: Environment): RedisAddress {
  if (given !== undefined) return fromUrl(given, 'Redis address')
  if (environment.REDIS_URL) return fromUrl(environment.REDIS_URL, 'REDIS_URL')
  const port = environment.REDIS_PORT || '6379'
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new OperatorError({ what: 'REDIS_PORT', expected: 'a port from 1 to 65535', got: port })
  }
  const host = environment.REDIS_HOST || '127.0.0.1'
  return fromUrl(`redis://${host.includes(':') ? `[${host}]` : host}:${port}`, 'REDIS_HOST')
}

/** Bad text is not repeated whole: it may hold a password. */
function fromUrl(text: string, what: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'unix:' && url.hostname === '' && url.pathname.length > 1) {
    return { url: text, host: 'localhost', isLocal: true, shown: `Redis at ${url.pathname}` }
  }
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    const got = url === undefined ? 'something else' : `${url.protocol}//…`
    throw new OperatorError({ what, expected: 'redis://host:port, rediss://host:port or unix:///path', got })
  }
  const { hostname: host, port } = url
  return { url: text, host, isLocal: isLoopback(host), shown: `Redis at ${host}:${port || '6379'}` }
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
