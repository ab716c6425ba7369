/** The engine in threads of this process: a thread takes a batch of tasks, which is as long as its runs are short. */

import type { Engine, Job, Task, TaskResult } from '../engine.js'
import { poolLimits } from '../limits.js'
import { made } from './made.js'
import { TaskThread } from './task-thread.js'

export interface ThreadOptions {
  /** The address of the module that exports `handlers`; it must be JavaScript. */
  readonly module: string
  readonly workers: number
}

/** A thread whose batch is done, and what came of it. */
interface Done {
  readonly thread: TaskThread
  readonly results: readonly TaskResult[]
}

export function threadEngine({ module, workers }: ThreadOptions): Engine {
  const threads = Array.from({ length: workers }, () => new TaskThread(module))
  const close = async () => void (await Promise.all(threads.map(thread => thread.close())))
  return {
    name: 'workers',
    async *run<O>(job: Job, tasks: Iterable<Task>, signal?: AbortSignal) {
      const batches = new Batches(tasks)
      const busy = new Map<TaskThread, Promise<Done>>()
      const start = (thread: TaskThread) => {
        const batch = batches.next()
        if (batch.length > 0) busy.set(thread, batches.timed(batch, done(thread, job, batch)))
        else busy.delete(thread)
      }
      const stopped = abortOf(signal)
      try {
        for (const thread of threads) start(thread)
        while (busy.size > 0) {
          const first = await Promise.race([stopped.promise, ...busy.values()])
          if (first === undefined) return
          // The thread goes on while its results are looked at.
          start(first.thread)
          yield* first.results as readonly TaskResult<O>[]
        }
      } finally {
        stopped.forget()
        // What is left was aborted, or its job was refused.
        for (const left of busy.values()) left.catch(() => undefined)
        if (busy.size > 0) await close()
      }
    },
    close,
  }
}

async function done(thread: TaskThread, job: Job, batch: readonly Task[]): Promise<Done> {
  return { thread, results: await made(thread, job, batch) }
}

/** Tasks in batches of about the same time. */
class Batches {
  private readonly left: Iterator<Task>
  private size = 1

  constructor(tasks: Iterable<Task>) {
    this.left = tasks[Symbol.iterator]()
  }

  next(): Task[] {
    const batch: Task[] = []
    while (batch.length < this.size) {
      const { done, value } = this.left.next()
      if (done === true) break
      batch.push(value)
    }
    return batch
  }

  /** Sizes the batches that follow by how long this one took; growing at most twofold, since the first tasks of a process are slow. */
  async timed<T>(batch: readonly Task[], work: Promise<T>): Promise<T> {
    const from = performance.now()
    const result = await work
    const fits = Math.floor((batch.length * poolLimits.batchMs) / (performance.now() - from))
    this.size = Math.max(1, Math.min(fits, 2 * batch.length, poolLimits.tasksPerBatch))
    return result
  }
}

/** Resolves when the signal aborts. */
function abortOf(signal: AbortSignal | undefined): { promise: Promise<undefined>; forget: () => void } {
  if (signal === undefined) return { promise: new Promise(() => undefined), forget: () => undefined }
  let heard: () => void = () => undefined
  const promise = new Promise<undefined>(resolve => {
    heard = () => resolve(undefined)
  })
  if (signal.aborted) heard()
  else signal.addEventListener('abort', heard)
  return { promise, forget: () => signal.removeEventListener('abort', heard) }
}
