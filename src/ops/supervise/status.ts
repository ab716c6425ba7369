/** How a supervisor and its children are doing, as plain data: for its page, `status` and `--json`. */

import type { Notice, TimeMs } from '../../core/index.js'
import type { OpsEvent } from '../../storage/index.js'
import type { Beat } from './beat.js'
import type { Fault, Level } from './degradation.js'

/** `waiting`: for its next restart. `down`: it stays down until a person acts. `finished`: it has ended as it should. */
export type ChildState = 'running' | 'waiting' | 'down' | 'finished'

export interface ChildStatus {
  readonly name: string
  readonly run: string
  readonly state: ChildState
  readonly pid: number | null
  readonly level: Level
  readonly faults: readonly Fault[]
  /** Restarts since the supervisor began, and of late. */
  readonly restarts: number
  readonly restartsInWindow: number
  /** Since it was heard, ms. */
  readonly silentMs: number
  readonly beat: Beat | null
  readonly counters: Readonly<Record<string, number>>
}

export interface SupervisorStatus {
  readonly pid: number
  readonly startedAt: TimeMs
  readonly updatedAt: TimeMs
  readonly checkedAt: TimeMs | null
  readonly children: readonly ChildStatus[]
  readonly unacknowledged: readonly Notice[]
  readonly notices: Readonly<Record<string, number>>
  readonly events: readonly OpsEvent[]
}
