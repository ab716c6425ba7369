/** Whether confidences are what they say: outcomes by confidence, and the expected calibration error. */

/** Outcomes of the signals whose confidence lies in one twentieth. */
interface Bin {
  n: number
  right: number
  confidences: number
}

export type Reliability = Bin[]

const BINS = 20

export function newReliability(): Reliability {
  return Array.from({ length: BINS }, () => ({ n: 0, right: 0, confidences: 0.0 }))
}

export function addReliability(bins: Reliability, confidence: number, right: boolean): void {
  const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]
  if (bin === undefined) return
  bin.n++
  bin.confidences += confidence
  if (right) bin.right++
}

/** Σ (share of signals in a bin) × |share of right ones − mean confidence|; null without an outcome. */
export function calibrationError(bins: Reliability): number | null {
  const all = bins.reduce((sum, { n }) => sum + n, 0)
  if (all === 0) return null
  return bins.reduce((sum, { n, right, confidences }) => sum + (n === 0 ? 0 : Math.abs(right - confidences) / all), 0)
}
