/** The exponential function: fdlibm's e_exp.c (error below 1 ulp). */

import { highWord, twoTo } from './words.js'

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = Math.LOG2E
/** Beyond these the result is Infinity, or 0. */
const MOST = 709.782712893384
const LEAST = -745.1332191019411
/** Coefficients of x · (eˣ + 1) / (eˣ − 1) in even powers, by Remez. */
const P1 = 0.16666666666666602
const P2 = -0.0027777777777015593
const P3 = 6.613756321437934e-5
const P4 = -1.6533902205465252e-6
const P5 = 4.1381367970572385e-8

/** e to the power of x. */
export function exp(x: number): number {
  const high = highWord(x)
  const size = high & 0x7fffffff
  if (size >= 0x40862e42) {
    if (Number.isNaN(x)) return x
    if (x > MOST) return Number.POSITIVE_INFINITY
    if (x < LEAST) return 0
  }
  if (size <= 0x3fd62e42) return size < 0x3e300000 ? 1 + x : 1 - (ratio(x) - x)
  // The formula would round the last bit of e itself wrongly.
  if (x === 1) return Math.E
  // x = k · ln 2 + (whole − rest), with |whole − rest| at most half of ln 2.
  const k = size < 0x3ff0a2b2 ? (high < 0 ? -1 : 1) : (PER_LN2 * x + (high < 0 ? -0.5 : 0.5)) | 0
  const whole = x - k * LN2_HIGH
  const rest = k * LN2_LOW
  const r = whole - rest
  const c = r - polynomial(r * r)
  return scaled(1 - (rest - (r * c) / (2 - c) - whole), k)
}

function polynomial(t: number): number {
  return t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))))
}

function ratio(x: number): number {
  const c = x - polynomial(x * x)
  return (x * c) / (c - 2)
}

/** y · 2^k, where neither 2^k nor the result need be a normal double. */
function scaled(y: number, k: number): number {
  if (k < -1021) return y * twoTo(k + 1000) * twoTo(-1000)
  return k === 1024 ? y * 2 * twoTo(1023) : y * twoTo(k)
}
