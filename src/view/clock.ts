/** What a viewer is told of the run itself. */

/** Whether and how a run goes on. */
export type RunState = 'playing' | 'paused' | 'ended' | 'failed'

/** The part `clock`. */
export interface Clock {
  /** The step that is shown. */
  readonly step: number
  /** Model time, in the model's own unit. */
  readonly time: number
  readonly state: RunState
  /** The run's newest step: it differs from `step` while a viewer has scrubbed back. */
  readonly newest: number
  /** The earliest step that can be scrubbed to. */
  readonly earliest: number
  /** Steps a second that are wanted; null: as fast as it goes. */
  readonly speed: number | null
  /** Steps a second over the last second. */
  readonly rate: number
  /** Why it ended or what failed. */
  readonly reason: string | null
  /** The digest at the step shown; null while it plays, where it would cost the run. */
  readonly digest: string | null
  /** Counts up with each resume from a past step. */
  readonly branch: number
}
