/** The normal law and Student's, to eight digits (`jstat`). */

import jstat from 'jstat'

const { normal, studentt } = jstat.jStat

/** Φ(z): the probability that a standard normal value is at most z. */
export function normalProbability(z: number): number {
  return normal.cdf(z, 0, 1)
}

/** Φ⁻¹(p): the value below which a standard normal one lies with probability p. */
export function normalQuantile(p: number): number {
  return normal.inv(p, 0, 1)
}

/** Degrees of freedom from which on Student's law is the normal one, to six digits; far beyond them the package loses its own. */
const manyDegrees = 1e7

/** The value below which one of Student's law lies with probability p. */
export function studentQuantile(p: number, degrees: number): number {
  return degrees >= manyDegrees ? normalQuantile(p) : studentt.inv(p, degrees)
}

/** P(|T| > |t|) of Student's law: the two-sided p of a t. */
export function studentP(t: number, degrees: number): number {
  return 2 * (degrees >= manyDegrees ? normalProbability(-Math.abs(t)) : studentt.cdf(-Math.abs(t), degrees))
}
