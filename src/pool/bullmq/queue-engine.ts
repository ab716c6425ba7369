/**
 * The engine of many machines: tasks wait in Redis for `mycelia worker` processes. A task is known by its content, so one that is queued
 * twice is made once, and a sweep that is continued finds what workers finished meanwhile. A result leaves Redis only when it is stored.
 */

import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Job as BullJob, Queue } from 'bullmq'
import { MyceliaError } from '../../core/index.js'
import type { Engine, Job, Task, TaskResult } from '../engine.js'
import { poolLimits } from '../limits.js'
import { type Connected, connected, queueName } from './connect.js'
import type { QueuedAnswer, QueuedTask } from './messages.js'
import { settledWithin, unlessAborted } from './patience.js'

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
      await settledWithin(poolLimits.redisGoodbyeMs, queue.close())
      connection.giveUp()
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
        if (!isOver) isOver = (await unlessAborted(this.fill(left), signal)) ?? false
        if (this.waiting.size === 0) return
        const found = (await unlessAborted(this.finished(this.waiting.keys()), signal)) ?? []
        for (const done of found) {
          yield this.resultOf(done)
          // Only now is the result stored.
          this.waiting.delete(done.id as string)
          await unlessAborted(done.remove(), signal)
        }
        if (found.length > 0) queuedAt = performance.now()
        else if (performance.now() - queuedAt > queueAgainMs) {
          await unlessAborted(this.queueAgain(), signal)
          queuedAt = performance.now()
        }
        await wait(found.length > 0 ? lookEveryMs.busy : lookEveryMs.idle)
      }
    } finally {
      // Where Redis is away, what stands there is found again by the sweep that goes on, or forgotten in the end.
      await settledWithin(poolLimits.redisGoodbyeMs, this.takeBack())
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
    for (const [id, task] of fresh) this.waiting.set(id, task)
    await this.forgetRefusals(fresh.keys())
    await this.add(fresh)
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

  /** What a worker refused in an earlier attempt is pipeline again: the worker may be another by now. */
  private async forgetRefusals(ids: Iterable<string>): Promise<void> {
    for (const done of await this.finished(ids)) if (isRefusal(done.returnvalue)) await done.remove()
  }

  /** Those of these tasks that are done, whatever else stands in the queue. */
  private async finished(ids: Iterable<string>): Promise<BullJob[]> {
    const jobs = await Promise.all([...(await this.finishedIds([...ids]))].map(id => this.queue.getJob(id)))
    return jobs.filter(job => job !== undefined)
  }

  private async finishedIds(ids: readonly string[]): Promise<Set<string>> {
    const { queue, connection } = this
    const pipeline = connection.redis.pipeline()
    for (const id of ids) for (const state of ['completed', 'failed']) pipeline.zscore(queue.toKey(state), id)
    const scores = (await pipeline.exec()) ?? []
    const failure = scores.find(([error]) => error !== null)?.[0]
    if (failure != null) throw failure
    return new Set(ids.filter((_, i) => scores[2 * i]?.[1] != null || scores[2 * i + 1]?.[1] != null))
  }

  /** @throws MyceliaError where a worker could not be made ready for the job. */
  private resultOf({ id, returnvalue, failedReason }: BullJob): TaskResult {
    const { index } = this.waiting.get(id as string) as Task
    const answer = returnvalue as QueuedAnswer | null
    if (answer === null) return { index, error: { name: 'Error', message: failedReason, stack: failedReason } }
    if ('result' in answer) return answer.result
    throw new MyceliaError(`The worker ${answer.refused.by} cannot make these runs: ${answer.refused.message}`)
  }

  /** Takes back what no worker has begun. What is finished stays for the sweep that goes on. */
  private async takeBack(): Promise<void> {
    const finished = await this.finishedIds([...this.waiting.keys()])
    const open = [...this.waiting.keys()].filter(id => !finished.has(id))
    await Promise.allSettled(open.map(id => this.queue.remove(id)))
  }

  private idOf(task: Task): string {
    return createHash('sha256')
      .update(JSON.stringify([this.job, task]))
      .digest('hex')
  }
}

function isRefusal(answer: QueuedAnswer | null): boolean {
  return answer !== null && 'refused' in answer
}
