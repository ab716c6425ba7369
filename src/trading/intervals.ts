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

/** Half the 95 % interval of a Sharpe ratio per period over n periods, by the error of normal returns (Lo 2002). */
export function sharpeInterval(ratio: number, n: number): number {
  return NORMAL * sharpeError(ratio, n)
}

/**
 * The standard error of a Sharpe ratio per period over n independent returns: √((1 − γ₃ SR + (γ₄ − 1)/4 SR²) / n) (Mertens 2002). For a
 * normal law, the default, it is Lo's (2002) √((1 + SR²/2) / n).
 */
export function sharpeError(ratio: number, n: number, skewness = 0, kurtosis = 3): number {
  return Math.sqrt((1 - skewness * ratio + ((kurtosis - 1) / 4) * ratio ** 2) / n)
}
