/** A pool of worker threads: independent runs on every core, results in the order of the tasks, whichever worker made them. */

import { parentPort, Worker } from 'node:worker_threads'
import { runSwarm, type SwarmFigures, type SwarmTask } from './swarm-run.js'

interface Answer {
  readonly index: number
  readonly figures?: SwarmFigures
  readonly error?: string
}

export interface PoolOptions {
  /** The module a worker loads; it must call `serve`. */
  readonly entry: URL
  readonly workers: number
  readonly onDone: (done: number, of: number) => void
}

/** Runs every task once. Rejects with the first failure, naming its task. */
export async function runAll(tasks: readonly SwarmTask[], options: PoolOptions): Promise<SwarmFigures[]> {
  const results = new Array<SwarmFigures>(tasks.length)
  const queue = tasks.map((task, index) => ({ task, index }))
  let done = 0
  const count = Math.min(options.workers, tasks.length)
  const threads = Array.from({ length: count }, () => new Worker(options.entry))
  const take = (index: number, figures: SwarmFigures) => {
    results[index] = figures
    options.onDone(++done, tasks.length)
  }
  try {
    await Promise.all(threads.map(thread => feed(thread, queue, take)))
  } finally {
    await Promise.all(threads.map(thread => thread.terminate()))
  }
  return results
}

/** Hands a worker one task after another until none is left. */
function feed(
  thread: Worker,
  queue: { task: SwarmTask; index: number }[],
  take: (index: number, figures: SwarmFigures) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const job = queue.shift()
      if (job === undefined) resolve()
      else thread.postMessage(job)
    }
    thread.on('error', reject)
    thread.on('message', ({ index, figures, error }: Answer) => {
      if (figures === undefined) return reject(new Error(error))
      take(index, figures)
      next()
    })
    next()
  })
}

/** The worker's side: answers every task it is sent. */
export function serve(): void {
  parentPort?.on('message', ({ task, index }: { task: SwarmTask; index: number }) => {
    try {
      parentPort?.postMessage({ index, figures: runSwarm(task) })
    } catch (error) {
      const { scenario, seed } = task
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
      parentPort?.postMessage({ index, error: `${scenario}, seed ${seed}: ${why}` })
    }
  })
}
