/** Ctrl-C and SIGTERM: the first asks the run to stop at a checkpoint, the second stops at once. */

import { exitCodes } from './exit.js'
import type { Io } from './io.js'

/** Listens while `work` runs; the name of the signal is the reason of the abort. `said`: what the first one is answered. */
export async function interruptible<T>(
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
  said = 'Stopping at a checkpoint; once more stops at once.\n',
): Promise<T> {
  const controller = new AbortController()
  const stop = (name: 'SIGINT' | 'SIGTERM') => {
    if (controller.signal.aborted) process.exit(exitCodes[name])
    io.err(said)
    controller.abort(name)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Resolves at Ctrl-C or SIGTERM; another one stops at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise(resolve => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve())
  })
}

/** Resolves when the signal says so. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
