/** This machine as a node of a compute pool: what it can make, and where the pool is. */

import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OperatorError } from '../core/index.js'
import type { PoolNodeOptions, PoolRegistration } from '../pool/index.js'
import type { Io } from './io.js'

export function poolUrl(given: string | undefined): string {
  return given ?? (process.env.POOL_URL || 'http://127.0.0.1:9090')
}

/** A module that makes tasks, and the types that it knows. */
export interface PoolHandlers {
  /** Its address. */
  readonly module: string
  readonly taskTypes: readonly string[]
}

/** @param file a module of one's own; undefined: the tasks of latency. */
export async function poolHandlers(file: string | undefined): Promise<PoolHandlers> {
  if (file === undefined) return latencyHandlers()
  const module = pathToFileURL(resolve(file)).href
  const { handlers } = (await import(module).catch(unreadable(file))) as { handlers?: unknown }
  if (typeof handlers === 'object' && handlers !== null) return { module, taskTypes: Object.keys(handlers) }
  const next = 'Try: export const handlers = { double: () => ({ x }) => 2 * x }'
  throw new OperatorError({ what: `--handlers ${file}`, expected: 'an export called handlers', got: 'none', next })
}

/** The built file, also where the sources run as they are: a thread loads no TypeScript. */
async function latencyHandlers(): Promise<PoolHandlers> {
  const { latencyTasks } = await import('../report/index.js')
  const { packageRoot } = await import('../world/index.js')
  const file = join(packageRoot, 'dist', 'src', 'report', 'latency', 'tasks.js')
  return { module: pathToFileURL(file).href, taskTypes: Object.keys(latencyTasks) }
}

function unreadable(file: string): (cause: unknown) => never {
  return cause => {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError({ what: `--handlers ${file}`, expected: 'a JavaScript module', got }, { cause })
  }
}

/** Checks what this machine can compute with; what it cannot is a note. */
export async function nodeHere(
  io: Io,
  { taskTypes }: PoolHandlers,
  { name, port }: { name?: string | undefined; port: number },
): Promise<PoolRegistration> {
  const { ownChecks, selfCheck, thisMachine } = await import('../pool/index.js')
  const check = await selfCheck({ ...ownChecks, onnx: embeds })
  for (const [framework, why] of Object.entries(check.failed)) io.err(`Without ${framework}: ${why}\n`)
  const times = Object.entries(check.checksMs).map(([framework, ms]) => `${framework} ${ms.toFixed(1)} ms`)
  io.err(`Checked: ${times.join(', ')}.\n`)
  return { ...thisMachine(check, { name, port }), task_types: [...taskTypes] }
}

/** The shipped model embeds a sentence by ONNX. */
async function embeds(): Promise<void> {
  const { sentenceEmbedder } = await import('../memory/index.js')
  const embedder = await sentenceEmbedder()
  const { dimension } = embedder
  await embedder.close()
  if (dimension === 0) throw new Error('The model gave no vector.')
}

export async function notePool(io: Io, options: Omit<PoolNodeOptions, 'onNote'>): Promise<number> {
  const { workForPool } = await import('../pool/index.js')
  return workForPool({ ...options, onNote: note => io.err(`${note}\n`) })
}
