/** The program of a thread that makes tasks. */

import { parentPort, workerData } from 'node:worker_threads'
import { OperatorError } from '../../core/index.js'
import type { Handlers, TaskResult } from '../engine.js'
import { TaskRunner, taskError } from '../task-runner.js'
import type { Answer, Batch, ThreadStart } from './messages.js'

const { module } = workerData as ThreadStart
const runner = import(module).then(({ handlers }: { handlers: Handlers }) => new TaskRunner(handlers))
runner.catch(() => undefined)

parentPort?.on('message', async (batch: Batch) => parentPort?.postMessage(await answerTo(batch)))

async function answerTo({ job, tasks }: Batch): Promise<Answer> {
  const results: TaskResult[] = []
  try {
    for (const task of tasks) results.push(await (await runner).run(job, task))
    return { results }
  } catch (error) {
    return { refused: { ...taskError(error), byOperator: error instanceof OperatorError } }
  }
}
