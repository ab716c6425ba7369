/** What waits for a reviewer. */

import type { TimeMs } from '../../core/index.js'

/** Something that a reviewer is to look at. */
export interface Review {
  readonly id: string
  readonly time: TimeMs
  readonly pair: string
  /** A decision that was nearly sure enough, or a token that was paused. */
  readonly kind: 'lowConfidence' | 'paused'
  readonly confidence: number | null
}
