/** How a run can end before its end: interrupted at a checkpoint, or failed with one behind it. */

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

/** Something failed while the run was going on; `cause` is what. Its last checkpoint stands. */
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
