/**
 * The engine of many machines: tasks wait in Redis for `mycelia worker` processes. A task is known by its content, so one that is queued
 * twice is made once, and a sweep that is continued finds what workers finished meanwhile. A result leaves Redis only when it is stored.
 */

import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { MyceliaError } from '../../core/index.js'
import type { Engine, Job, Task, TaskResult } from '../engine.js'
import { poolLimits } from '../limits.js'
import { type Connected, connected, queueName } from './connect.js'
import type { QueuedAnswer, QueuedTask } from './messages.js'

export interface QueueOptions {
  /** The address of Redis; default: as the environment says. */
  readonly redis?: string | undefined
  readonly onNote?: ((note: string) => void) | undefined
}

/** Between two looks for results, ms; the longer one where the last look found none. */
const lookEveryMs = { busy: 10, idle: 200 } as const
/** Without a result for so long, the tasks are queued again: a Redis without a file may have forgotten them. */
const queueAgainMs = 3_000
/** How long results of a sweep that was given up stay in Redis, s. */
const keptSeconds = 7 * 86_400

export async function queueEngine({ redis, onNote = () => undefined }: QueueOptions): Promise<Engine> {
  const connection = await connected(redis, onNote)
  const queue = new connection.bull.Queue(queueName, { connection: connection.redis }) as Queue
  // The connection itself says when it is away.
  queue.on('error', () => undefined)
  return {
    name: 'bullmq',
    run: <O>(job: Job, tasks: Iterable<Task>, signal?: AbortSignal) =>
      new QueuedJob(queue, job, connection, onNote).run(tasks, signal) as AsyncGenerator<TaskResult<O>>,
    async close() {
      await queue.close()
      connection.redis.disconnect()
    },
  }
}

class QueuedJob {
  /** Tasks in Redis, by their id there. */
  private readonly waiting = new Map<string, Task>()
  private hasWorkers = false

  constructor(
    private readonly queue: Queue,
    private readonly job: Job,
    private readonly connection: Connected,
    private readonly onNote: (note: string) => void,
  ) {}

  async *run(tasks: Iterable<Task>, signal: AbortSignal | undefined): AsyncGenerator<TaskResult> {
    const left = tasks[Symbol.iterator]()
    let isOver = false
    let queuedAt = performance.now()
    try {
      while (!signal?.aborted) {
        if (!isOver) isOver = await this.fill(left)
        if (this.waiting.size === 0) return
        let found = 0
        for await (const result of this.finished()) {
          found++
          yield result
        }
        if (found > 0) queuedAt = performance.now()
        else if (performance.now() - queuedAt > queueAgainMs) {
          await this.queueAgain()
          queuedAt = performance.now()
        }
        await wait(found > 0 ? lookEveryMs.busy : lookEveryMs.idle)
      }
    } finally {
      await this.takeBack()
    }
  }

  /** Queues tasks up to the bound; true where none are left. */
  private async fill(left: Iterator<Task>): Promise<boolean> {
    const fresh = new Map<string, Task>()
    let isOver = false
    while (!isOver && this.waiting.size + fresh.size < poolLimits.tasksInRedis) {
      const { done, value } = left.next()
      if (done === true) isOver = true
      else fresh.set(this.idOf(value), value)
    }
    await this.add(fresh)
    for (const [id, task] of fresh) this.waiting.set(id, task)
    return isOver
  }

  /** A task that is in Redis already stays as it is. */
  private async add(tasks: ReadonlyMap<string, Task>): Promise<void> {
    const { job } = this
    const kept = { age: keptSeconds }
    const jobs = [...tasks].map(([jobId, task]) => ({
      name: job.handler,
      data: { job, task } satisfies QueuedTask,
      opts: { jobId, removeOnComplete: kept, removeOnFail: kept },
    }))
    if (jobs.length > 0) await this.queue.addBulk(jobs)
  }

  private async queueAgain(): Promise<void> {
    await this.add(this.waiting)
    if (this.hasWorkers) return
    this.hasWorkers = (await this.queue.getWorkersCount()) > 0
    if (!this.hasWorkers)
      this.onNote(`No worker is at ${this.connection.shown} yet. Start one there, or on any machine: mycelia worker.`)
  }

  /** Results of this job; each is removed from Redis once the caller has taken the next. */
  private async *finished(): AsyncGenerator<TaskResult> {
    for (const done of await this.queue.getJobs(['completed', 'failed'], 0, poolLimits.tasksInRedis)) {
      const task = done?.id === undefined ? undefined : this.waiting.get(done.id)
      if (task === undefined) continue
      yield resultOf(task, done.returnvalue as QueuedAnswer | null, done.failedReason)
      this.waiting.delete(done.id as string)
      await done.remove()
    }
  }

  /** Takes back what no worker has begun. */
  private async takeBack(): Promise<void> {
    await Promise.allSettled([...this.waiting.keys()].map(id => this.queue.remove(id)))
  }

  private idOf(task: Task): string {
    return createHash('sha256')
      .update(JSON.stringify([this.job, task]))
      .digest('hex')
  }
}

/** @throws MyceliaError where a worker could not be made ready for the job. */
function resultOf({ index }: Task, answer: QueuedAnswer | null, failed: string): TaskResult {
  if (answer === null) return { index, error: { name: 'Error', message: failed, stack: failed } }
  if ('result' in answer) return answer.result
  throw new MyceliaError(`The worker ${answer.refused.by} cannot make these runs: ${answer.refused.message}`)
}
