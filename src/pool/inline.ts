/** The engine in this process: one task after the other. */

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine, Handlers } from './engine.js'
import { TaskRunner } from './task-runner.js'

/** Signals, timers and progress have their turn so often, ms. */
const turnEveryMs = 50

export function inlineEngine(handlers: Handlers): Engine {
  const runner = new TaskRunner(handlers)
  return {
    name: 'inline',
    async *run(job, tasks, signal) {
      let turnAt = performance.now() + turnEveryMs
      for (const task of tasks) {
        if (performance.now() >= turnAt) {
          await nextTurn()
          turnAt = performance.now() + turnEveryMs
        }
        if (signal?.aborted) return
        yield await runner.run(job, task)
      }
    },
    close: () => Promise.resolve(),
  }
}
