/**
 * Engines make tasks somewhere, in this process, in its threads or on many machines, and hand their results back. An engine knows
 * nothing of what a task is: a handler, which every process of the engine knows by name, makes it. Tasks and results are plain data.
 */

import type { OfSubject } from '../core/index.js'

/** What the tasks of a job have in common. */
export interface Job<S = unknown> {
  /** The name of the handler. */
  readonly handler: string
  /** What the handler is made ready with, once in every process. */
  readonly setup: S
}

/** One piece of work of a job. */
export interface Task<I = unknown> {
  /** Names the task within its job, and its result. */
  readonly index: number
  readonly input: I
}

/** What a task threw. */
export interface TaskError {
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** What came of a task: its output, or what it threw. */
export type TaskResult<O = unknown> =
  | { readonly index: number; readonly output: O }
  | { readonly index: number; readonly error: TaskError }

/** Makes ready for a job, and returns what makes a task of it. What the former throws ends the job; what the latter throws is the task's result. */
export type Handler<S = unknown, I = unknown, O = unknown> = OfSubject<S, Promise<OfSubject<I, O | Promise<O>>>>

/** Handlers by name. A module for threads exports them as `handlers`. */
export type Handlers = Readonly<Record<string, Handler>>

/** Makes the tasks of jobs, one job at a time. */
export interface Engine {
  readonly name: 'inline' | 'workers' | 'bullmq'
  /**
   * Makes every task once and yields the results as they come, in any order. A task is taken from `tasks` when there is room for it, so
   * that what is to be done may depend on the results so far. After an abort it yields nothing more and ends.
   * @throws what making ready for the job threw.
   */
  run<O>(job: Job, tasks: Iterable<Task>, signal?: AbortSignal): AsyncGenerator<TaskResult<O>>
  /** Ends what the engine started. */
  close(): Promise<void>
}
