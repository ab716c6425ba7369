/** What page and worker say to each other: the words of the socket, and first which model is to run. */

import type { Command } from '../../src/view/index.js'

/** Which model runs, and how it begins. */
export interface WorkerRun {
  /** The name of its file in `scenarios/models`, or `wealth`. */
  readonly model: string
  readonly seed?: number | string
  readonly params?: Readonly<Record<string, unknown>>
}

export type ToWorker =
  | { readonly run: WorkerRun; readonly epoch: number }
  | { readonly ask: readonly string[] }
  | { readonly id: number; readonly command: Command }

/** Frames come as bare `ArrayBuffer`s. */
export type FromWorker =
  | ArrayBuffer
  | { readonly hello: { readonly control: true } }
  | { readonly id: number; readonly ok: true }
  | { readonly id: number; readonly error: string }
  /** What was wrong with something other than a command. */
  | { readonly error: string }
  /** The model could not be started; nothing follows. */
  | { readonly failed: string }
