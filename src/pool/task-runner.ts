/** Makes tasks in this process by its handlers: the inner part of every engine. */

import { inspect } from 'node:util'
import { unknownName } from '../core/index.js'
import type { Handlers, Job, Task, TaskError, TaskResult } from './engine.js'
import { poolLimits } from './limits.js'

/** Makes one task of the job it was made ready for. */
type Perform = (input: unknown) => unknown

export class TaskRunner {
  /** The job of the last task, and by their texts all jobs that this process is ready for. */
  private last: { readonly job: Job; readonly perform: Promise<Perform> } | undefined
  private readonly ready = new Map<string, Promise<Perform>>()

  constructor(private readonly handlers: Handlers) {}

  /** Never throws what the task threw. @throws what making ready for the job threw. */
  async run(job: Job, { index, input }: Task): Promise<TaskResult<never>> {
    const perform = await this.prepared(job)
    try {
      return { index, output: (await perform(input)) as never }
    } catch (error) {
      return { index, error: taskError(error) }
    }
  }

  private prepared(job: Job): Promise<Perform> {
    if (this.last?.job === job) return this.last.perform
    // The same job comes as another copy with each message.
    const text = JSON.stringify(job)
    const perform = this.ready.get(text) ?? this.prepare(job)
    this.ready.set(text, perform)
    if (this.ready.size > poolLimits.jobsReady) this.ready.delete(this.ready.keys().next().value as string)
    this.last = { job, perform }
    return perform
  }

  private async prepare({ handler, setup }: Job): Promise<Perform> {
    const prepare = this.handlers[handler]
    if (prepare === undefined) throw unknownName('handler', handler, Object.keys(this.handlers))
    return prepare(setup)
  }
}

export function taskError(error: unknown): TaskError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: inspect(error) }
  return { name: error.name, message: error.message, stack: error.stack ?? error.message }
}
