/** What the main thread and the worker that runs a model say to each other: plain data. */

import type { Progress, RunRequest } from '../run-request.js'
import type { RunResult } from '../run-result.js'
import type { CrossedError } from './crossing.js'

/** A request that crosses to another thread: its scenario is named, its functions stay behind. */
export type PlainRequest = Omit<RunRequest, 'scenario' | 'signal' | 'onProgress' | 'onNote' | 'onBegun'> & {
  readonly scenario?: string | undefined
}

/** The message of a run that died because its memory was full. */
export const outOfMemory = 'the memory of Node was full'

/** How a worker's run ended where the worker itself could not tell. */
export interface Broken {
  readonly runDir: string
  /** The last step that was made to its end. */
  readonly whole: number
  /** The step up to which the steps are made again; undefined: none, what the last checkpoint holds is kept. */
  readonly again?: number | undefined
  /** The signal, where an operator stopped a step that did not end. */
  readonly by?: string | undefined
  /** Where it was stuck, or why it died; one sentence without its full stop. */
  readonly message: string
  readonly agent?: string | undefined
  readonly place?: string | undefined
  readonly calls?: readonly string[] | undefined
}

/** What a worker is started for: to run, or to bring a broken run to its end. */
export type Task = { readonly steps: SharedArrayBuffer; readonly debug: boolean } & (
  | { readonly kind: 'run'; readonly request: PlainRequest }
  | { readonly kind: 'close'; readonly broken: Broken }
)

/** From the worker. */
export type Said =
  | { readonly kind: 'begun'; readonly runDir: string }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'error'; readonly error: CrossedError }

/** To the worker: stop at a checkpoint. */
export interface Stop {
  readonly by: string
}
