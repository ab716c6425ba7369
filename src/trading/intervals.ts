/** 95 % intervals of figures, as half-widths. */

/** Quantile 0.975 of the normal law. */
const NORMAL = 1.959963984540054

/** Observations below which the expansion of Student's quantile is too coarse, and an interval says little anyway. */
export const LEAST_FOR_INTERVAL = 5

/** A quantile of Student's law from 4 degrees of freedom on, within 1 %, from the normal one, by default 0.975 (Abramowitz and Stegun 1964, 26.7.5). */
export function studentQuantile(degrees: number, z: number = NORMAL): number {
  const z3 = z * z * z
  const z5 = z3 * z * z
  const z7 = z5 * z * z
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees)
  )
}

/** Half the 95 % interval of a mean of n values with this sample deviation, by Student's law. */
export function meanInterval(sd: number, n: number): number {
  return (studentQuantile(n - 1) * sd) / Math.sqrt(n)
}

/** Half the 95 % interval of a Sharpe ratio per period over n periods: 1.96 √((1 + SR² / 2) / n) (Lo 2002). */
export function sharpeInterval(ratio: number, n: number): number {
  return NORMAL * Math.sqrt((1 + ratio ** 2 / 2) / n)
}
