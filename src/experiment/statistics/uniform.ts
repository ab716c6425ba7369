/** Whether numbers in [0, 1] are drawn evenly: the test of Kolmogorov and Smirnov. */

export interface Evenness {
  readonly n: number
  /** The largest distance between their distribution and the even one. */
  readonly distance: number
  /** The chance of a distance as large where they are even (Stephens 1970; within 0.001 from 5 values on). */
  readonly p: number
}

export function evennessOf(values: readonly number[]): Evenness {
  const n = values.length
  const sorted = [...values].sort((a, b) => a - b)
  const distance = sorted.reduce((most, x, i) => Math.max(most, (i + 1) / n - x, x - i / n), 0)
  return { n, distance, p: n === 0 ? 1 : tailOf((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance) }
}

/** P(√n D > x), Kolmogorov's series. */
function tailOf(x: number): number {
  if (x < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return Math.min(1, Math.max(0, sum))
}
