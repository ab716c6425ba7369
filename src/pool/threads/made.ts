/** A batch made by a thread, whatever its tasks do to the thread. */

import type { Job, Task, TaskResult } from '../engine.js'
import { taskError } from '../task-runner.js'
import { type TaskThread, ThreadDied } from './task-thread.js'

/** A batch whose thread died is made again task by task: the one that ends its thread again has failed. */
export async function made(thread: TaskThread, job: Job, batch: readonly Task[]): Promise<readonly TaskResult[]> {
  try {
    return await thread.make(job, batch)
  } catch (error) {
    if (!(error instanceof ThreadDied)) throw error
    const [first] = batch
    if (batch.length === 1 && first !== undefined) return [{ index: first.index, error: taskError(error) }]
  }
  const results: TaskResult[] = []
  for (const task of batch) results.push(...(await made(thread, job, [task])))
  return results
}
