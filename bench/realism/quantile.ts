/** Quantiles of a sample. */

/** The q-quantile, between two values in proportion (Hyndman & Fan's type 7). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = q * (sorted.length - 1)
  const low = Math.floor(place)
  const [a = Number.NaN, b = a] = [sorted[low], sorted[low + 1]]
  return a + (place - low) * (b - a)
}
