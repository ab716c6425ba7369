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
    /** Where it was stuck, in a step that did not end. */
    readonly stuck?: string,
  ) {
    const where = stuck === undefined ? ` at step ${step}` : ` ${stuck}`
    super(`Stopped by ${by}${where}; everything up to ${stuck === undefined ? 'there' : `step ${step}`} is kept in ${runDir}.`)
  }
}

/** A failure during the run; `cause` is the failure. What was done before is kept, with a checkpoint to continue from. */
export class RunFailed extends MyceliaError {
  override name = 'RunFailed'
  /** The last step whose rows and state are kept, where that is known. */
  readonly kept: number | undefined
  /** Whether the failure lies in a user's own file, which can be mended before the run is continued. */
  readonly inOwnFile: boolean
  constructor(
    readonly runDir: string,
    cause: unknown,
    readonly verb: 'run' | 'live' = 'run',
    /** The cause with its place, step and agent, where that is known, and what was kept. */
    { message, kept, inOwnFile = false }: { message?: string; kept?: number; inOwnFile?: boolean } = {},
  ) {
    super(message ?? (cause instanceof Error ? cause.message : String(cause)), { cause })
    this.kept = kept
    this.inOwnFile = inOwnFile
  }
}

/** The run was stopped before it had a directory: nothing is kept. */
export class StoppedInSetUp extends MyceliaError {
  override name = 'StoppedInSetUp'
  constructor(
    readonly by: string,
    where: string,
  ) {
    super(`Stopped by ${by} before the first step, which was never reached: ${where}. Nothing was made.`)
  }
}
