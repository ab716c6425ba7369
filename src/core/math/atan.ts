/** Angles: fdlibm's s_atan.c and e_atan2.c (error below 1 ulp, of atan2 below 2). */

import { highWord } from './words.js'

/** What π in one double leaves out. */
const PI_LOW = 1.2246467991473532e-16
const INFINITE = 0x7ff00000
/** Coefficients of atan(x)/x − 1 in even powers. */
const A0 = 0.3333333333333293
const A1 = -0.19999999999876483
const A2 = 0.14285714272503466
const A3 = -0.11111110405462356
const A4 = 0.09090887133436507
const A5 = -0.0769187620504483
const A6 = 0.06661073137387531
const A7 = -0.058335701337905735
const A8 = 0.049768779946159324
const A9 = -0.036531572744216916
const A10 = 0.016285820115365782

/** The angle, in (−π/2, π/2), whose tangent is x. */
export function atan(x: number): number {
  const size = highWord(x) & 0x7fffffff
  if (size >= 0x44100000) return Number.isNaN(x) ? x : x > 0 ? Math.PI / 2 : -Math.PI / 2
  if (size < 0x3fdc0000) return size < 0x3e400000 ? x : x - x * series(x)
  const positive = atanOfLarge(Math.abs(x), size)
  return x < 0 ? -positive : positive
}

/** For x ≥ 7/16: what is left beyond the angle of 1/2, 1, 3/2 or infinity is small. */
function atanOfLarge(x: number, size: number): number {
  if (size < 0x3fe60000) return beyond((2 * x - 1) / (2 + x), 0.4636476090008061, 2.2698777452961687e-17)
  if (size < 0x3ff30000) return beyond((x - 1) / (x + 1), 0.7853981633974483, 3.061616997868383e-17)
  if (size < 0x40038000) return beyond((x - 1.5) / (1 + 1.5 * x), 0.982793723247329, 1.3903311031230998e-17)
  return beyond(-1 / x, Math.PI / 2, 6.123233995736766e-17)
}

/** An angle in two parts, and atan(x) more. */
function beyond(x: number, high: number, low: number): number {
  return high - (x * series(x) - low - x)
}

function series(x: number): number {
  const z = x * x
  const w = z * z
  return z * (A0 + w * (A2 + w * (A4 + w * (A6 + w * (A8 + w * A10))))) + w * (A1 + w * (A3 + w * (A5 + w * (A7 + w * A9))))
}

/** The angle of the point (x, y) in [−π, π]; the arguments come as y, then x, as everywhere. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  if (x === 1) return atan(y)
  const left = x < 0 || Object.is(x, -0)
  const below = y < 0 || Object.is(y, -0)
  if (y === 0) return left ? (below ? -Math.PI : Math.PI) : y
  if (x === 0) return below ? -Math.PI / 2 : Math.PI / 2
  const sizeX = highWord(x) & 0x7fffffff
  const sizeY = highWord(y) & 0x7fffffff
  // As good as above or below the origin.
  if ((sizeY - sizeX) >> 20 > 60 || (sizeY === INFINITE && sizeX !== INFINITE)) return below ? -Math.PI / 2 : Math.PI / 2
  const angle = angleOf(y, x, sizeY, sizeX)
  if (left) return below ? angle - PI_LOW - Math.PI : Math.PI - (angle - PI_LOW)
  return below ? -angle : angle
}

/** The angle of (|x|, |y|), neither 0. */
function angleOf(y: number, x: number, sizeY: number, sizeX: number): number {
  if (sizeX === INFINITE) return sizeY === INFINITE ? Math.PI / 4 : 0
  return x < 0 && (sizeY - sizeX) >> 20 < -60 ? 0 : atan(Math.abs(y / x))
}
