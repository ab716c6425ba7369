/** The clock of the transport: wall time, durations and timers, so that a test can stop or accelerate them. */

/** Shaped like the feeds' clock: one object serves both. */
export interface TransportClock {
  /** Milliseconds since 1970 UTC; may jump either way, and only ever labels messages and states. */
  now(): number
  /** Milliseconds of an arbitrary origin; never goes back. Durations and deadlines are measured with this one. */
  monotonic(): number
  /** Calls `fire` once after `delayMs`, however long; the returned function cancels it. */
  setTimer(delayMs: number, fire: () => void): () => void
}

/** The id of one start of a publisher: when and which process. Unique among the starts of one name. */
export function startEpoch(startedAt: number, processId: number): string {
  return `${Math.trunc(startedAt).toString(36)}-${Math.trunc(processId).toString(36)}`
}
