/** Which engine makes runs, as an operator names it. */

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OperatorError } from '../core/index.js'
import { type Engine, type Handlers, inlineEngine, queueEngine, threadEngine } from '../pool/index.js'
import { packageRoot } from '../world/index.js'
import { handlers } from './handlers.js'

/** Where runs are made. The results are the same. */
export interface EngineChoice {
  /**
   * `inline`: in this thread; `workers`: in threads of this process; `bullmq`: by `mycelia worker` processes on any machines. Default:
   * `workers`, and `inline` for a scenario that is given as an object.
   */
  readonly engine?: 'inline' | 'workers' | 'bullmq' | undefined
  /** Threads of the engine `workers`; 0: this thread. Default: as many as there are cores. */
  readonly workers?: number | undefined
  /** The address of Redis, for the engine `bullmq`. Default: as the environment says. */
  readonly redis?: string | undefined
  /** Called with notes for the operator: Redis is away, no worker is there. */
  readonly onNote?: ((note: string) => void) | undefined
}

/** @param given handlers that only this thread has. */
export async function engineFor({ engine, workers, redis, onNote }: EngineChoice, given?: Handlers): Promise<Engine> {
  const name = engine ?? (given !== undefined ? 'inline' : redis === undefined ? 'workers' : 'bullmq')
  if (redis !== undefined && name !== 'bullmq') throw only('`redis`', 'the engine bullmq', name)
  if (workers !== undefined && name !== 'workers') throw only('`workers`', 'the engine workers', name)
  if (given !== undefined && name !== 'inline')
    throw only(`the engine ${name}`, 'a scenario by its name or its file', 'an object')
  if (name === 'inline' || workers === 0) return inlineEngine(given ?? handlers)
  if (name === 'workers')
    return threadEngine({ module: builtHandlers(), workers: checkedWorkers(workers ?? availableParallelism()) })
  return queueEngine({ redis, onNote })
}

/** The built file, also where the sources run as they are: a thread loads no TypeScript. */
export function builtHandlers(): string {
  return pathToFileURL(join(packageRoot, 'dist', 'src', 'experiment', 'handlers.js')).href
}

function checkedWorkers(n: number): number {
  if (Number.isSafeInteger(n) && n >= 1 && n <= 1_024) return n
  throw new OperatorError({ what: '`workers`', expected: 'a whole number from 0 to 1,024', got: n })
}

function only(what: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what, expected, got })
}
