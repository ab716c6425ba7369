/** What the draws take from a stream. */
export interface Chance {
  /** Uniform in [0, 1). */
  float(): number
  /** Standard normal. */
  normal(): number
}
