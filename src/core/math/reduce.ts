/** x modulo π/2, for sine and cosine: fdlibm's e_rem_pio2.c for the sizes models have. */

import { reduceLarge } from './reduce-large.js'
import { remainder } from './remainder.js'
import { highWord } from './words.js'

/** π/2 in 33 bits, the next 33 and the third 33, each with all that is left of π/2 behind it. */
const FIRST = 1.5707963267341256
const AFTER_FIRST = 6.077100506506192e-11
const SECOND = 6.077100506303966e-11
const AFTER_SECOND = 2.0222662487959506e-21
const THIRD = 2.0222662487111665e-21
const AFTER_THIRD = 8.4784276603689e-32
const PER_HALF_PI = 0.6366197723675814
const HALF_PI = 1.5707963267948966
/** The high half of 2¹⁹ · π/2. */
const MODERATE = 0x413921fb

/** @internal Writes x − n · π/2 into `remainder`, at most π/4 in size, and gives n modulo 4. For finite |x| > π/4. */
export function reduce(x: number): number {
  const size = highWord(x) & 0x7fffffff
  return signed(x, size <= MODERATE ? moderate(x, size) : reduceLarge(x))
}

/** @internal As `reduce`, for |x| of at most 2¹⁹ · π/2: what a turn needs, without the table of the large. */
export function reduceModerate(x: number): number {
  return signed(x, moderate(x, highWord(x) & 0x7fffffff))
}

/** n = 1 serves below 3π/4. */
function moderate(x: number, size: number): number {
  return size < 0x4002d97c ? reduceOnce(Math.abs(x), size) : reduceSome(Math.abs(x), size)
}

function signed(x: number, n: number): number {
  if (x >= 0) return n & 3
  remainder[0] = -(remainder[0] as number)
  remainder[1] = -(remainder[1] as number)
  return -n & 3
}

function reduceOnce(x: number, size: number): number {
  // Near π/2 itself all three parts are needed.
  if (size === 0x3ff921fb) leave(x - FIRST - SECOND, AFTER_SECOND)
  else leave(x - FIRST, AFTER_FIRST)
  return 1
}

function reduceSome(x: number, size: number): number {
  const n = (x * PER_HALF_PI + 0.5) | 0
  let left = x - n * FIRST
  let rest = n * AFTER_FIRST
  leave(left, rest)
  // Far from every small multiple of π/2, no bits are lost.
  if (n < 32 && size !== highWord(n * HALF_PI)) return n
  if (lost(size) > 16) {
    const before = left
    rest = n * SECOND
    left = before - rest
    rest = n * AFTER_SECOND - (before - left - rest)
    leave(left, rest)
    if (lost(size) > 49) {
      const earlier = left
      rest = n * THIRD
      left = earlier - rest
      rest = n * AFTER_THIRD - (earlier - left - rest)
      leave(left, rest)
    }
  }
  return n
}

function leave(left: number, rest: number): void {
  const r = left - rest
  remainder[0] = r
  remainder[1] = left - r - rest
}

/** How many bits smaller the remainder is than the number. */
function lost(size: number): number {
  return (size >> 20) - ((highWord(remainder[0] as number) >> 20) & 0x7ff)
}
