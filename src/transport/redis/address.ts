/** Where Redis is: `REDIS_URL`, or `REDIS_HOST` and `REDIS_PORT`, or this machine. */

import { OperatorError } from '../../core/index.js'

export interface RedisAddress {
  /** What ioredis connects to; may hold a password. */
  readonly url: string
  readonly host: string
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
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    const got = url === undefined ? 'something else' : `${url.protocol}//…`
    throw new OperatorError({ what, expected: 'redis://host:port or rediss://host:port', got })
  }
  return { url: text, host: url.hostname, shown: `Redis at ${url.hostname}:${url.port || '6379'}` }
}
