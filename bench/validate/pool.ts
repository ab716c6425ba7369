/** Independent runs on every core: the engine of threads, which load this module for its handler. Results in the order of the tasks. */

import { type Handlers, threadEngine } from '../../src/pool/index.js'
import { runSwarm, type SwarmFigures, type SwarmTask } from './swarm-run.js'

export const handlers = { swarm: async () => runSwarm } satisfies Handlers

export interface PoolOptions {
  readonly workers: number
  readonly onDone: (done: number, of: number) => void
}

/** Runs every task once. Rejects with the first failure, naming its task. */
export async function runAll(tasks: readonly SwarmTask[], { workers, onDone }: PoolOptions): Promise<SwarmFigures[]> {
  const engine = threadEngine({ module: import.meta.url, workers: Math.min(workers, tasks.length) })
  const figures = new Array<SwarmFigures>(tasks.length)
  let done = 0
  try {
    const numbered = tasks.map((input, index) => ({ index, input }))
    for await (const result of engine.run<SwarmFigures>({ handler: 'swarm', setup: null }, numbered)) {
      if ('error' in result) {
        const { scenario, seed } = tasks[result.index] as SwarmTask
        throw new Error(`${scenario}, seed ${seed}: ${result.error.stack}`)
      }
      figures[result.index] = result.output
      onDone(++done, tasks.length)
    }
    return figures
  } finally {
    await engine.close()
  }
}
