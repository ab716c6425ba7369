/** Small statistics that models collect. */

/** Gini coefficient of non-negative values, 0 (equal) to 1; NaN for an empty list or one of zeros only. Mean-difference form (Sen 1973). */
export function gini(values: Float64Array | readonly number[]): number {
  const sorted = new Float64Array(values).sort()
  const n = sorted.length
  let total = 0
  let weighted = 0
  for (let i = 0; i < n; i++) {
    total += sorted[i] as number
    weighted += (i + 1) * (sorted[i] as number)
  }
  return (2 * weighted) / (n * total) - (n + 1) / n
}

/** The quantile p of sorted values, between neighbours by a straight line (type 7 of Hyndman and Fan 1996). */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const at = (sorted.length - 1) * Math.min(1, Math.max(0, p))
  const below = Math.floor(at)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  return low + (at - below) * (high - low)
}
