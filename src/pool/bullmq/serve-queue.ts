/** A worker of many machines: takes tasks from Redis and makes them in threads, so that its lease is renewed however long a task takes. */

import { hostname } from 'node:os'
import type { Job as BullJob, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { poolLimits } from '../limits.js'
import { made } from '../threads/made.js'
import { TaskThread, ThreadDied } from '../threads/task-thread.js'
import type { ThreadOptions } from '../threads/thread-engine.js'
import { connected, queueName } from './connect.js'
import type { QueuedAnswer, QueuedTask } from './messages.js'
import { settledWithin } from './patience.js'

export interface ServeOptions extends ThreadOptions {
  /** The address of Redis; default: as the environment says. */
  readonly redis?: string | undefined
  /** The task of a worker that was silent for so long is made by another one, ms. */
  readonly leaseMs: number
  readonly onNote: (note: string) => void
  /** Ends it after the tasks at hand. */
  readonly signal: AbortSignal
}

/** Serves until it is told to end; returns the number of tasks it made. */
export async function serveQueue({ redis, module, workers, leaseMs, onNote, signal }: ServeOptions): Promise<number> {
  const { bull, redis: connection, shown, giveUp } = await connected(redis, onNote)
  const free = Array.from({ length: workers }, () => new TaskThread(module))
  const all = [...free]
  let tasks = 0
  const worker = new bull.Worker<QueuedTask, QueuedAnswer>(
    queueName,
    async queued => {
      const thread = free.pop() ?? new TaskThread(module)
      try {
        return await answerTo(thread, queued)
      } finally {
        free.push(thread)
        tasks++
      }
    },
    {
      connection,
      name: hostname(),
      concurrency: workers,
      lockDuration: leaseMs,
      stalledInterval: Math.max(1_000, leaseMs / 2),
      maxStalledCount: poolLimits.mostTakeovers,
    },
  )
  worker.on('error', () => undefined)
  onNote(`${workers} ${workers === 1 ? 'thread waits' : 'threads wait'} for runs from ${shown}.`)
  await aborted(signal)
  await closed(worker, connection)
  await Promise.all(all.map(thread => thread.close()))
  giveUp()
  return tasks
}

async function answerTo(thread: TaskThread, { data }: BullJob<QueuedTask>): Promise<QueuedAnswer> {
  try {
    const [result] = await made(thread, data.job, [data.task])
    if (result === undefined) throw new ThreadDied('The thread gave no result.')
    return { result }
  } catch (error) {
    return { refused: { message: error instanceof Error ? error.message : String(error), by: hostname() } }
  }
}

/** Ends after the tasks at hand; where Redis is away, nobody can hear of them, and others take them over. */
async function closed(worker: Pick<Worker, 'close' | 'disconnect'>, connection: Pick<Redis, 'status'>): Promise<void> {
  const closing = worker.close()
  let wasAway = false
  while (!(await settledWithin(poolLimits.redisGoodbyeMs, closing))) {
    const isAway = connection.status !== 'ready'
    if (isAway && wasAway) {
      await settledWithin(poolLimits.redisGoodbyeMs, worker.disconnect())
      return
    }
    wasAway = isAway
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
