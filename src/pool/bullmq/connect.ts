/** The connection to Redis and the queue, which only sweeps on many machines need. */

import type { Redis } from 'ioredis'
import { OperatorError } from '../../core/index.js'
import { redisAddress } from '../../transport/index.js'

/** All tasks of all jobs wait in one queue; its keys in Redis begin with `bull:mycelia:`. */
export const queueName = 'mycelia'

export type BullModule = Pick<typeof import('bullmq'), 'Queue' | 'Worker'>

export interface Connected {
  readonly bull: BullModule
  readonly redis: Redis
  /** For a person: host and port. */
  readonly shown: string
  /** Ends this connection and those that BullMQ made of it, which else wait for ever for a Redis that is away. */
  giveUp(): void
}

/** How long Redis has to answer at the start, ms, where it does not refuse at once; later it may be away as long as it likes. */
const answerMs = 5_000

/** Between two attempts to reach a Redis that is away, ms, at most. */
const longestRetryMs = 2_000

/** @throws OperatorError where a package is missing or Redis does not answer. */
export async function connected(given: string | undefined, onNote: (note: string) => void): Promise<Connected> {
  const { url, shown } = redisAddress(given, process.env)
  const [bull, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]).catch(missing)
  let isGivenUp = false
  const retryStrategy = (tries: number) => (isGivenUp ? null : Math.min(50 * tries, longestRetryMs))
  // BullMQ waits for a server that is away instead of failing.
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy })
  let isAway = false
  let hasAnswered = false
  redis.on('error', error => {
    if (!isAway && hasAnswered) onNote(`${shown} is away (${error.message || 'no answer'}); waiting for it.`)
    isAway = true
  })
  redis.on('ready', () => {
    hasAnswered = true
    isAway = false
  })
  if (!(await answersWithin(redis, answerMs))) {
    redis.disconnect()
    throw new OperatorError({ what: shown, expected: 'an answer', got: 'none', next: 'Start it, or check `redis`.' })
  }
  const giveUp = () => {
    isGivenUp = true
    redis.disconnect()
  }
  return { bull, redis, shown, giveUp }
}

function missing(cause: unknown): never {
  throw new OperatorError(
    { what: 'the packages bullmq and ioredis', expected: 'to be installed', next: 'Run: npm install bullmq ioredis' },
    { cause },
  )
}

async function answersWithin(redis: Redis, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), ms)
    redis.once('error', () => resolve(false))
  })
  const answer = redis.ping().then(
    () => true,
    () => false,
  )
  const answers = await Promise.race([answer, late])
  clearTimeout(timer)
  return answers
}
