/** Natural logarithms: fdlibm's e_log.c and s_log1p.c (error below 1 ulp). */

import { highWord, twoTo } from './words.js'

/** ln 2 in two parts; the first times an exponent is exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const LEAST_NORMAL = 2.2250738585072014e-308
const TWO_54 = 18014398509481984
/** Coefficients of (log(1 + f) − log(1 − f)) / 2f − 1 in even powers, by Remez. */
const L1 = 0.6666666666666735
const L2 = 0.3999999999940942
const L3 = 0.2857142874366239
const L4 = 0.22222198432149784
const L5 = 0.1818357216161805
const L6 = 0.15313837699209373
const L7 = 0.14798198605116586

/** The natural logarithm: −Infinity of 0, NaN below. */
export function log(x: number): number {
  if (x >= LEAST_NORMAL && x < Number.POSITIVE_INFINITY) return logOf(x, 0)
  if (x > 0) return x === Number.POSITIVE_INFINITY ? x : logOf(x * TWO_54, -54)
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
}

/** log(x) + more · log(2), for a normal x. */
function logOf(x: number, more: number): number {
  const high = highWord(x)
  const fraction = high & 0x000fffff
  // x = 2^exponent · (1 + f), with √2/2 < 1 + f < √2.
  const own = (high >> 20) - 1023 + ((fraction + 0x95f64) >> 20)
  const f = x * twoTo(-own) - 1
  const exponent = own + more
  if (((fraction + 2) & 0x000fffff) < 3) return logNearOne(f, exponent)
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6))
  // Next to √2 f²/2 is taken out of the series.
  if (fraction >= 0x6147a && fraction <= 0x6b851) {
    const square = 0.5 * f * f
    if (exponent === 0) return f - (square - s * (square + r))
    return exponent * LN2_HIGH - (square - (s * (square + r) + exponent * LN2_LOW) - f)
  }
  if (exponent === 0) return f - s * (f - r)
  return exponent * LN2_HIGH - (s * (f - r) - exponent * LN2_LOW - f)
}

/** Where |f| < 2⁻²⁰. */
function logNearOne(f: number, exponent: number): number {
  if (f === 0) return exponent === 0 ? 0 : exponent * LN2_HIGH + exponent * LN2_LOW
  const r = f * f * (0.5 - 0.3333333333333333 * f)
  return exponent === 0 ? f - r : exponent * LN2_HIGH - (r - exponent * LN2_LOW - f)
}

/** log(1 + x), exact for small x too: −Infinity of −1, NaN below. */
export function log1p(x: number): number {
  const high = highWord(x)
  const size = high & 0x7fffffff
  if (high >= 0x7ff00000) return x + x
  if (size >= 0x3ff00000 && high < 0) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5
  // −0.2929 < x < 0.41422: no part of the exponent needs to be split off.
  if (high < 0x3fda827a && (high >= 0 || size < 0x3fd2bec4)) return log1pOf(x, 1, 0, 0)
  const u = size < 0x43400000 ? 1 + x : x
  const bits = highWord(u)
  let exponent = (bits >> 20) - 1023
  // What 1 + x lost by rounding.
  const lost = size < 0x43400000 ? (exponent > 0 ? 1 - (u - x) : x - (u - 1)) / u : 0
  const fraction = bits & 0x000fffff
  if (fraction < 0x6a09e) return log1pOf(u * twoTo(-exponent) - 1, fraction, exponent, lost)
  exponent++
  return log1pOf(u * twoTo(-exponent) - 1, (0x00100000 - fraction) >> 2, exponent, lost)
}

/** exponent · ln 2 + log(1 + f) + lost; `fraction` 0 says that f is tiny. */
function log1pOf(f: number, fraction: number, exponent: number, lost: number): number {
  const square = 0.5 * f * f
  const c = exponent === 0 ? 0 : lost + exponent * LN2_LOW
  if (fraction === 0) {
    if (f === 0) return exponent === 0 ? 0 : exponent * LN2_HIGH + c
    const r = square * (1 - 0.6666666666666666 * f)
    return exponent === 0 ? f - r : exponent * LN2_HIGH - (r - c - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const r = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))))
  if (exponent === 0) return f - (square - s * (square + r))
  return exponent * LN2_HIGH - (square - (s * (square + r) + c) - f)
}
