/** One thread that makes tasks. Where a task ends its thread, another thread takes its place. */

import { Worker } from 'node:worker_threads'
import { MyceliaError, OperatorError } from '../../core/index.js'
import type { Job, Task, TaskResult } from '../engine.js'
import type { Answer, Batch, ThreadStart } from './messages.js'

/** The thread ended before it answered. */
export class ThreadDied extends MyceliaError {
  override name = 'ThreadDied'
}

/** As the command's own process: 32 MB for young objects, and twice that for their copies. */
const roomForTheYoung = { maxYoungGenerationSizeMb: 96 }

/** Who waits for the answer to a batch. */
interface Waiting {
  resolve(results: readonly TaskResult[]): void
  reject(error: Error): void
}

export class TaskThread {
  private worker: Worker | undefined
  private waiting: Waiting | undefined

  /** @param module the address of the module that exports `handlers`; it must be JavaScript. */
  constructor(private readonly module: string) {}

  /** The results of a batch, in the order of its tasks; one batch at a time. @throws ThreadDied; or what making ready for the job threw. */
  make(job: Job, tasks: readonly Task[]): Promise<readonly TaskResult[]> {
    this.worker ??= this.started()
    const { worker } = this
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      worker.postMessage({ job, tasks } satisfies Batch)
    })
  }

  async close(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    this.waiting = undefined
    await worker?.terminate()
  }

  private started(): Worker {
    const workerData: ThreadStart = { module: this.module }
    const worker = new Worker(entry(), { workerData, name: 'tasks', resourceLimits: roomForTheYoung })
    worker.on('message', (answer: Answer) => this.hear(answer))
    worker.on('error', error => this.died(worker, causeOfDeath(error)))
    worker.on('exit', code => this.died(worker, `The run ended its thread by exit(${code}).`))
    return worker
  }

  private hear(answer: Answer): void {
    const { waiting } = this
    this.waiting = undefined
    if ('results' in answer) waiting?.resolve(answer.results)
    else waiting?.reject(refusalOf(answer.refused))
  }

  private died(worker: Worker, why: string): void {
    if (this.worker !== worker) return
    this.worker = undefined
    this.waiting?.reject(new ThreadDied(why))
    this.waiting = undefined
  }
}

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
function entry(): URL {
  const built = import.meta.url.endsWith('.ts') ? '../../../dist/src/pool/threads/entry.js' : './entry.js'
  return new URL(built, import.meta.url)
}

function causeOfDeath(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'The memory of Node was full.' : `The thread of the run died (${message}).`
}

function refusalOf({ message, stack, byOperator }: Extract<Answer, { refused: unknown }>['refused']): MyceliaError {
  const error = byOperator ? new OperatorError({ what: message }) : new MyceliaError(message)
  error.message = message
  error.stack = stack
  return error
}
