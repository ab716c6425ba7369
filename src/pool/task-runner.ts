/** Makes tasks in this process by its handlers: the inner part of every engine. */

import { inspect } from 'node:util'
import { unknownName } from '../core/index.js'
import type { Handlers, Job, Task, TaskError, TaskResult } from './engine.js'

/** Makes one task of the job it was made ready for. */
type Perform = (input: unknown) => unknown

export class TaskRunner {
  /** The job that this process is ready for. */
  private ready: { job: Job; readonly text: string; readonly perform: Promise<Perform> } | undefined

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
    if (this.ready?.job === job) return this.ready.perform
    const text = JSON.stringify(job)
    // The same job comes as another copy with each message.
    if (this.ready?.text === text) this.ready.job = job
    else this.ready = { job, text, perform: this.prepare(job) }
    return this.ready.perform
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
