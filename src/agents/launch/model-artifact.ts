/** A version of the model of gains, and how it is known. */

import type { TimeMs } from '../../core/index.js'

/** A version of the model that predicts gains. */
export interface ModelArtifact {
  readonly version: number
  /** SHA-256 of its weights in canonical JSON. */
  readonly digest: string
  readonly features: readonly string[]
  /** What it was trained on: outcomes, and when the last of them was known. */
  readonly outcomes: number
  readonly trainedAt: TimeMs
  /** Mean squared error of its chances on what it was trained on, and that of the champion on the same. */
  readonly brier: number
  readonly championBrier: number
}
