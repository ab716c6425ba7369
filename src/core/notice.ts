/** What people are told of a run or of what keeps it alive, and the port through which they are told. */

import type { TimeMs } from './units.js'

/** How much a notice matters. P0: a person must act now. P1: soon. P2: something is less than it should be. P3: for information. */
export type Severity = 'P0' | 'P1' | 'P2' | 'P3'

/** The most urgent first. */
export const severities: readonly Severity[] = ['P0', 'P1', 'P2', 'P3']

/** One thing that people are told. */
export interface Notice {
  readonly severity: Severity
  /** What it is about, the same each time it is about that. */
  readonly key: string
  readonly text: string
  readonly runId: string
  readonly time: TimeMs
}

/** Takes notices, and delivers them to whoever wants them. */
export interface NoticePort {
  /** Returns at once, and never throws. */
  send(notice: Notice): void
  /** What became of them: at least `failed` (nobody took it) and `dropped` (no room). */
  readonly counters: Readonly<Record<'failed' | 'dropped', number>>
  /** Waits for what is on its way, for a short time; what is kept goes on with the next start. */
  close(): Promise<void>
}
