/** The errors that end a run early: it was interrupted at a checkpoint, or it failed after one. */

import { MyceliaError } from '../core/index.js'

/** The run was stopped from outside and can be resumed. */
export class Interrupted extends MyceliaError {
  override name = 'Interrupted'
  constructor(
    /** What stopped it, e.g. `SIGINT`. */
    readonly by: string,
    readonly step: number,
    readonly runDir: string,
    /** The verb of the command line that continues it. */
    readonly verb: 'run' | 'live' = 'run',
  ) {
    super(`Stopped by ${by} at step ${step}; everything up to there is kept in ${runDir}.`)
  }
}

/** A failure during the run; `cause` is the failure. The last checkpoint is kept. */
export class RunFailed extends MyceliaError {
  override name = 'RunFailed'
  constructor(
    readonly runDir: string,
    cause: unknown,
    readonly verb: 'run' | 'live' = 'run',
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
