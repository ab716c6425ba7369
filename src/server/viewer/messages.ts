/** What the run's thread and the thread of its viewers say to each other: plain data. */

import type { Explanation } from '../../core/index.js'
import type { Command } from '../../view/index.js'
import type { Counters } from './counters.js'

export type ToViewers =
  /** Parts of a run that the server does not have yet, and how many frames were held back before. */
  | { readonly kind: 'frame'; readonly run: string; readonly frame: Uint8Array; readonly held: number }
  /** What came of a command; `error`: a sentence. */
  | { readonly kind: 'answer'; readonly command: CommandKey; readonly error: string | null }
  /** A run may be looked at, or no more. */
  | { readonly kind: 'open' | 'end'; readonly run: string }
  | { readonly kind: 'close' }

export type FromViewers =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'refused'; readonly why: Explanation }
  /** A frame has gone to everybody who was ready for it. */
  | { readonly kind: 'took'; readonly run: string }
  /** A viewer that may command opened the run. */
  | { readonly kind: 'opened'; readonly run: string }
  /** All that viewers of a run ask from now on. */
  | { readonly kind: 'questions'; readonly run: string; readonly questions: readonly string[] }
  | { readonly kind: 'command'; readonly run: string; readonly key: CommandKey; readonly command: Command }
  | { readonly kind: 'counted'; readonly counters: Counters; readonly viewers: Readonly<Record<string, number>> }

/** The run that is meant where nobody names one, and the one that is shown beside it. */
export const firstRun = 'a'
export const secondRun = 'b'

/** Which viewer gave a command, and how it calls it. */
export interface CommandKey {
  readonly viewer: number
  readonly id: number
}
