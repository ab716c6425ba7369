/** Powers: fdlibm's e_pow.c (error up to about 1 ulp). log₂ x in two parts, times y, then 2 to the power of that. */

import { fromHighWord, highWord, twoTo, withoutLowWord } from './words.js'

const TWO_53 = 9007199254740992
/** Coefficients of log₂, and of 2ˣ (those of `exp`). */
const L1 = 0.5999999999999946
const L2 = 0.4285714285785502
const L3 = 0.33333332981837743
const L4 = 0.272728123808534
const L5 = 0.23066074577556175
const L6 = 0.20697501780033842
const P1 = 0.16666666666666602
const P2 = -0.0027777777777015593
const P3 = 6.613756321437934e-5
const P4 = -1.6533902205465252e-6
const P5 = 4.1381367970572385e-8
/** Each in one double, and in two parts. */
const LN2 = Math.LN2
const LN2_HIGH = 0.6931471824645996
const LN2_LOW = -1.904654299957768e-9
const TWO_THIRDS_PER_LN2 = 0.9617966939259756
const TWO_THIRDS_PER_LN2_HIGH = 0.9617967009544373
const TWO_THIRDS_PER_LN2_LOW = -7.028461650952758e-9
const PER_LN2 = Math.LOG2E
const PER_LN2_HIGH = 1.4426950216293335
const PER_LN2_LOW = 1.9259629911266175e-8
const LOG2_OF_1_5_HIGH = 0.5849624872207642
const LOG2_OF_1_5_LOW = 1.350039202129749e-8
/** log₂ of the largest double, beyond 1024. */
const OVER = 8.008566259537294e-17

/** log₂ x, the first part without its low bits. */
const log2 = new Float64Array(2)

/** x to the power of y, as `x ** y`: NaN for a negative x unless y is a whole number. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  if (y === 1) return x
  if (y === 2) return x * x
  if (y === -1) return 1 / x
  if (y === 0.5 && !signed(x)) return Math.sqrt(x)
  if (!Number.isFinite(y)) return powOfInfinity(Math.abs(x), y)
  if (!signed(x)) return special(x) ? (y < 0 ? 1 / x : x) : positivePower(x, y)
  const odd = Math.abs(y % 2) === 1
  if (special(-x)) return specialPower(x, y, odd)
  if (y % 1 !== 0) return Number.NaN
  return odd ? -positivePower(-x, y) : positivePower(-x, y)
}

function signed(x: number): boolean {
  return x < 0 || Object.is(x, -0)
}

/** Whether a number without sign is its own power. */
function special(x: number): boolean {
  return x === 0 || x === 1 || x === Number.POSITIVE_INFINITY
}

/** Of −0, −1 and −Infinity. */
function specialPower(x: number, y: number, odd: boolean): number {
  const z = y < 0 ? 1 / -x : -x
  if (x === -1 && y % 1 !== 0) return Number.NaN
  return odd ? -z : z
}

function powOfInfinity(size: number, y: number): number {
  if (size === 1) return Number.NaN
  return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0
}

function positivePower(x: number, y: number): number {
  const sizeY = highWord(y) & 0x7fffffff
  if (sizeY <= 0x41e00000) log2Of(x)
  else {
    // Beyond 2³¹ only an x next to 1 neither overflows nor underflows.
    const high = highWord(x)
    if (high < 0x3fefffff || high > 0x3ff00000 || sizeY > 0x43f00000)
      return high >= 0x3ff00000 === y > 0 ? Number.POSITIVE_INFINITY : 0
    log2NearOne(x - 1)
  }
  const [first, second] = [log2[0] as number, log2[1] as number]
  const y1 = withoutLowWord(y)
  return exp2(y1 * first, (y - y1) * first + y * second)
}

function log2NearOne(t: number): void {
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25))
  const u = PER_LN2_HIGH * t
  const v = t * PER_LN2_LOW - w * PER_LN2
  const first = withoutLowWord(u + v)
  log2[0] = first
  log2[1] = v - (first - u)
}

function log2Of(x: number): void {
  let exponent = 0
  let high = highWord(x)
  if (high < 0x00100000) {
    x *= TWO_53
    exponent = -53
    high = highWord(x)
  }
  const fraction = high & 0x000fffff
  // x = 2^exponent · a, with a near 1 or near 3/2.
  const near = fraction > 0x3988e && fraction < 0xbb67a ? 1 : 0
  const own = (high >> 20) - 1023 + Number(fraction >= 0xbb67a)
  const a = x * twoTo(-own)
  exponent += own
  high -= own << 20
  const b = near === 0 ? 1 : 1.5
  // s = (a − b) / (a + b), in two parts.
  const u = a - b
  const v = 1 / (a + b)
  const s = u * v
  const sHigh = withoutLowWord(s)
  const sumHigh = fromHighWord(((high >> 1) | 0x20000000) + 0x00080000 + (near << 18))
  const sumLow = a - (sumHigh - b)
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow)
  addSeries(s, sHigh, sLow, exponent, near)
}

/** log₂ from s: the series of log(a/b), and log₂ b and the exponent added to it. */
function addSeries(s: number, sHigh: number, sLow: number, exponent: number, near: number): void {
  const s2 = s * s
  const r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6))))) + sLow * (sHigh + s)
  const square = sHigh * sHigh
  const tHigh = withoutLowWord(3 + square + r)
  const tLow = r - (tHigh - 3 - square)
  const u = sHigh * tHigh
  const v = sLow * tHigh + tLow * s
  const pHigh = withoutLowWord(u + v)
  const pLow = v - (pHigh - u)
  const zHigh = TWO_THIRDS_PER_LN2_HIGH * pHigh
  const zLow = TWO_THIRDS_PER_LN2_LOW * pHigh + pLow * TWO_THIRDS_PER_LN2 + (near === 0 ? 0 : LOG2_OF_1_5_LOW)
  const base = near === 0 ? 0 : LOG2_OF_1_5_HIGH
  const first = withoutLowWord(zHigh + zLow + base + exponent)
  log2[0] = first
  log2[1] = zLow - (first - exponent - base - zHigh)
}

/** 2 to the power of high + low. */
function exp2(high: number, low: number): number {
  const z = low + high
  const top = highWord(z)
  if (z >= 1024 && (z > 1024 || low + OVER > z - high)) return Number.POSITIVE_INFINITY
  if (z <= -1075 && (z < -1075 || low <= z - high)) return 0
  let n = 0
  if ((top & 0x7fffffff) > 0x3fe00000) {
    // n = z rounded to a whole number, taken off bit by bit.
    const rounded = top + (0x00100000 >> (((top & 0x7fffffff) >> 20) - 0x3ff + 1))
    const k = ((rounded & 0x7fffffff) >> 20) - 0x3ff
    n = ((rounded & 0x000fffff) | 0x00100000) >> (20 - k)
    if (top < 0) n = -n
    high -= n
  }
  const t = withoutLowWord(low + high)
  const u = t * LN2_HIGH
  const v = (low - (t - high)) * LN2 + t * LN2_LOW
  const x = u + v
  const lost = v - (x - u)
  const x2 = x * x
  const c = x - x2 * (P1 + x2 * (P2 + x2 * (P3 + x2 * (P4 + x2 * P5))))
  // fdlibm subtracts the correction from the quotient. Node has it in the denominator, as precise on average, and so is it here.
  return scaled(1 - ((x * c) / (c - 2 - (lost + x * lost)) - x), n)
}

/** y · 2ⁿ for a y of about 1; the result may be too small for a normal double, or 0. */
function scaled(y: number, n: number): number {
  if (n > 1023) return y * 2 * twoTo(n - 1)
  return n > -1022 ? y * twoTo(n) : y * twoTo(n + 54) * twoTo(-54)
}
