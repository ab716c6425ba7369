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
      const busy = new Set<TaskThread>()
      const post = new Letterbox()
      const start = (thread: TaskThread) => {
        const batch = batches.next()
        if (batch.length === 0) return void busy.delete(thread)
        busy.add(thread)
        batches.timed(batch, done(thread, job, batch)).then(post.put, post.fail)
      }
      signal?.addEventListener('abort', post.wake)
      try {
        for (const thread of threads) start(thread)
        while (busy.size > 0) {
          const first = await post.next(() => signal?.aborted === true)
          if (first === undefined) return
          // The thread goes on while its results are looked at.
          start(first.thread)
          yield* first.results as readonly TaskResult<O>[]
        }
      } finally {
        signal?.removeEventListener('abort', post.wake)
        // What is left was aborted, or its job was refused.
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

/** What threads have done, in the order in which they did it. A race of promises would keep every loser, and its results, to the end. */
class Letterbox {
  private readonly letters: Done[] = []
  private failure: { readonly error: unknown } | undefined
  private heard: () => void = () => undefined

  readonly put = (letter: Done): void => {
    this.letters.push(letter)
    this.heard()
  }

  readonly fail = (error: unknown): void => {
    this.failure ??= { error }
    this.heard()
  }

  readonly wake = (): void => this.heard()

  /** The next; undefined where it was ended. @throws what a thread failed with. */
  async next(isEnded: () => boolean): Promise<Done | undefined> {
    while (!isEnded()) {
      if (this.failure !== undefined) throw this.failure.error
      const letter = this.letters.shift()
      if (letter !== undefined) return letter
      await new Promise<void>(resolve => {
        this.heard = resolve
      })
    }
    return undefined
  }
}
