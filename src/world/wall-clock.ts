/** The wall clock of a simulated run: it measures speed, dates the manifest, and yields to signals. It never affects the model. */

import { setImmediate as nextTurn } from 'node:timers/promises' // nondeterminism-ok: yields to signals and progress between slices of steps

/** Taken before any model can run: within a tick of a guarded run the global one refuses. */
const clock = performance.now.bind(performance) // nondeterminism-ok: measures speed for the operator, never read by a model

/** Milliseconds that never go back, of an arbitrary origin. */
export function stopwatchMs(): number {
  return clock()
}

/** Now, as ISO 8601 UTC: for manifests and the names of run directories. */
export function isoNow(): string {
  return new Date().toISOString() // nondeterminism-ok: names the run and dates its manifest, never read by a model
}

/** Lets the event loop take a turn: signals, progress, timers. */
export function letOthersRun(): Promise<void> {
  return nextTurn() as Promise<void>
}

/** Waits so long, and holds up no end of the process. */
export function waited(ms: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, ms).unref()) // nondeterminism-ok: how long a worker may take to answer a signal
}
