/** Repeats requests whose failure may pass; each failure doubles the wait of all requests to the same host. */

import { TransientError } from '../core/index.js'
import type { Counters } from './counters.js'
import type { RateLimiter } from './rate-limiter.js'

/** The host of a request, and how its failures are judged. */
export interface RetryContext {
  readonly limiter: RateLimiter
  readonly counters: Counters
  /** Tries of one request. */
  readonly attempts: number
  isTransient(error: unknown): boolean
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
      limiter.backOff(Math.max(limiter.intervalMs, 50) * 2 ** attempt)
    }
  }
}
