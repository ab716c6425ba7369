/** How a sweep ends early. */

import { grouped, MyceliaError } from '../core/index.js'

/** The sweep was stopped from outside; what was made is kept, where it has a folder. */
export class SweepInterrupted extends MyceliaError {
  override name = 'SweepInterrupted'
  constructor(
    /** What stopped it, e.g. `SIGINT`. */
    readonly by: string,
    made: number,
    of: number,
    out: string | undefined,
  ) {
    const kept =
      out === undefined ? 'Nothing is kept, for it has no `out`.' : `They are kept in ${out}: the same command makes the rest.`
    super(`Stopped by ${by} after ${grouped(made)} of ${grouped(of)} runs. ${kept}`)
  }
}
