/** A headline as a source gives it: untrusted text with an instant. */

import type { TimeMs } from '../../core/index.js'

/** One headline. */
export interface Headline {
  /** Unique for its outlet. */
  readonly id: string
  readonly outlet: string
  readonly publishedAt: TimeMs
  readonly text: string
}
