/** What an engine and its workers on other machines say to each other through the queue: plain data. */

import type { Job, Task, TaskError, TaskResult } from '../engine.js'

/** A task in the queue. */
export interface QueuedTask {
  readonly job: Job
  readonly task: Task
}

/** What a worker leaves: the result, or why it could not be made ready for the job. */
export type QueuedAnswer =
  | { readonly result: TaskResult }
  | { readonly refused: Pick<TaskError, 'message'> & { readonly by: string } }
