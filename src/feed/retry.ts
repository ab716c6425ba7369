/** Repeats requests whose failure may pass; each failure doubles the wait of all requests to the same host. */

import { TransientError } from '../core/index.js'
import type { Counters } from './counters.js'
import type { RateLimiter } from './rate-limiter.js'

/** Limits are counted by the minute: the pauses of five attempts, from 5 s on, are longer than one. */
const rateLimitFactor = 5

/** The host of a request, and how its failures are judged. */
export interface RetryContext {
  readonly limiter: RateLimiter
  readonly counters: Counters
  /** Tries of one request. */
  readonly attempts: number
  /** The pause after the first failure, ms; default: twice the interval between requests, at least 100. Each further one doubles it. */
  readonly retryMs?: number | undefined
  isTransient(error: unknown): boolean
  /** True where the host says that it was asked too often: then the pause is longer. */
  isRateLimit?(error: unknown): boolean
}

/** The answer of a request. Its last failure is thrown, and one that another try cannot meet at once. */
export async function retried<T>(host: RetryContext, request: () => Promise<T>, until?: AbortSignal): Promise<T> {
  const { limiter, counters, attempts } = host
  for (let attempt = 1; ; attempt++) {
    await limiter.acquire(until)
    if (until?.aborted) throw new TransientError('stopped')
    counters.add('restRequests')
    try {
      return await request()
    } catch (error) {
      counters.add('restErrors')
      if (attempt >= attempts || !host.isTransient(error)) throw error
      const first = (host.retryMs ?? Math.max(limiter.intervalMs, 50) * 2) * (host.isRateLimit?.(error) ? rateLimitFactor : 1)
      limiter.backOff(first * 2 ** (attempt - 1))
    }
  }
}
