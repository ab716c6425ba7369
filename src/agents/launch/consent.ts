/** A consent: what a user has agreed to, until when, and where that was said. */

import type { TimeMs } from '../../core/index.js'

/** What a user has agreed to. */
export interface Consent {
  /** A token, a phase of launches, or `all`. */
  readonly category: string
  readonly from: TimeMs
  readonly until: TimeMs
  /** Where it was given: `form`, `operator`. */
  readonly source: string
}
