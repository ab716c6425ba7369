/** Sine and cosine of radians: fdlibm's k_sin.c and k_cos.c (error below 1 ulp). */

import { reduce, reduceModerate } from './reduce.js'
import { remainder } from './remainder.js'
import { fromHighWord, highWord } from './words.js'

/** The largest high half of a number of at most π/4. */
const QUARTER_PI = 0x3fe921fb
const INFINITE = 0x7ff00000

const S1 = -0.16666666666666632
const S2 = 0.00833333333332249
const S3 = -0.0001984126982985795
const S4 = 2.7557313707070068e-6
const S5 = -2.5050760253406863e-8
const S6 = 1.58969099521155e-10
const C1 = 0.0416666666666666
const C2 = -0.001388888888887411
const C3 = 2.480158728947673e-5
const C4 = -2.7557314351390663e-7
const C5 = 2.087572321298175e-9
const C6 = -1.1359647557788195e-11

/** The sine of x radians; NaN of an infinity. */
export function sin(x: number): number {
  const size = highWord(x) & 0x7fffffff
  if (size <= QUARTER_PI) return sineOf(x)
  if (size >= INFINITE) return Number.NaN
  const quadrant = reduce(x)
  const r =
    quadrant & 1
      ? cosineWith(remainder[0] as number, remainder[1] as number)
      : sineWith(remainder[0] as number, remainder[1] as number)
  return quadrant & 2 ? -r : r
}

/** The cosine of x radians; NaN of an infinity. */
export function cos(x: number): number {
  const size = highWord(x) & 0x7fffffff
  if (size <= QUARTER_PI) return cosineWith(x, 0)
  if (size >= INFINITE) return Number.NaN
  return cosineIn(reduce(x))
}

/** @internal As `cos`, for |x| of at most 2¹⁹ · π/2: draws need no more, and a browser then loads no table for the large. */
export function cosOfModerate(x: number): number {
  return (highWord(x) & 0x7fffffff) <= QUARTER_PI ? cosineWith(x, 0) : cosineIn(reduceModerate(x))
}

/** The cosine of what was reduced, in its quadrant. */
function cosineIn(quadrant: number): number {
  const r =
    quadrant & 1
      ? sineWith(remainder[0] as number, remainder[1] as number)
      : cosineWith(remainder[0] as number, remainder[1] as number)
  return quadrant === 1 || quadrant === 2 ? -r : r
}

/** |x| ≤ π/4. */
function sineOf(x: number): number {
  if (Math.abs(x) < 7.450580596923828e-9) return x
  const z = x * x
  return x + z * x * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))))
}

/** The sine of x + rest. */
function sineWith(x: number, rest: number): number {
  if (Math.abs(x) < 7.450580596923828e-9) return x
  const z = x * x
  const cube = z * x
  const r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))
  return x - (z * (0.5 * rest - cube * r) - rest - cube * S1)
}

/** The cosine of x + rest. */
function cosineWith(x: number, rest: number): number {
  const size = highWord(x) & 0x7fffffff
  if (size < 0x3e400000) return 1
  const z = x * x
  const r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))))
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * rest))
  // About x/4, so that 1 − q is exact.
  const q = size > 0x3fe90000 ? 0.28125 : fromHighWord(size - 0x00200000)
  return 1 - q - (0.5 * z - q - (z * r - x * rest))
}
