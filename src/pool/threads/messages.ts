/** What an engine and its threads say to each other. */

import type { Job, Task, TaskError, TaskResult } from '../engine.js'

/** What a thread is started with. */
export interface ThreadStart {
  /** The address of the module that exports `handlers`. */
  readonly module: string
}

/** To a thread. */
export interface Batch {
  readonly job: Job
  readonly tasks: readonly Task[]
}

/** From a thread: the results of a batch in the order of its tasks, or why it could not be made ready for the job. */
export type Answer =
  | { readonly results: readonly TaskResult[] }
  | { readonly refused: TaskError & { readonly byOperator: boolean } }
