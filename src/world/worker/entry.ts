/** The program of the worker that runs a model: it makes the steps, and the main thread keeps the signals and the terminal. */

import { parentPort, workerData } from 'node:worker_threads'
import { closeBroken } from '../close-broken.js'
import { runWith } from '../run.js'
import type { RunResult } from '../run-result.js'
import { packed } from './crossing.js'
import type { Said, Stop, Task } from './messages.js'

const task = workerData as Task
const wholeStep = new Int32Array(task.steps)
const controller = new AbortController()
const say = (said: Said) => parentPort?.postMessage(said)

parentPort?.on('message', ({ by }: Stop) => {
  say({ kind: 'stopping' })
  controller.abort(by)
})
if (task.debug) process.setSourceMapsEnabled(true)
try {
  say({ kind: 'result', result: await work() })
} catch (error) {
  say({ kind: 'error', error: packed(error) })
}
parentPort?.close()

function work(): Promise<RunResult> {
  const { signal } = controller
  const hooks = {
    onBegun: (runDir: string) => say({ kind: 'begun', runDir }),
    onWhole: (step: number) => {
      wholeStep[0] = step
    },
  }
  if (task.kind === 'close') return closeBroken(task.broken, signal)
  return runWith(
    {
      ...task.request,
      signal,
      onProgress: progress => say({ kind: 'progress', progress }),
      onNote: note => say({ kind: 'note', note }),
    },
    hooks,
  )
}
