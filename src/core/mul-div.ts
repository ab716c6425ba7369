/** a × b ÷ c of whole numbers, exactly, also where the product is no safe integer: a curve's reserves multiply to 2⁸⁵. */

import { BrokenInvariant } from './errors.js'

/** 2²⁷ + 1: splits a double into two halves whose products are exact (Dekker 1971). */
const SPLITTER = 134_217_729

/** ⌊a × b ÷ c⌋ of safe integers a, b ≥ 0 and c > 0; throws where the result is not a safe integer. */
export function mulDivFloor(a: number, b: number, c: number): number {
  let quotient = Math.floor((a * b) / c)
  if (!(quotient <= Number.MAX_SAFE_INTEGER)) throw notCountable(a, b, c)
  let rest = remainder(a, b, quotient, c)
  // The estimate is off by a few at most, since a double keeps 53 bits of it.
  while (rest < 0) {
    quotient--
    rest += c
  }
  while (rest >= c) {
    quotient++
    rest -= c
  }
  return quotient
}

/** ⌈a × b ÷ c⌉ under the same conditions. */
export function mulDivCeil(a: number, b: number, c: number): number {
  const floor = mulDivFloor(a, b, c)
  return remainder(a, b, floor, c) === 0 ? floor : floor + 1
}

/** a × b − q × c, exact where it is small: both products are written as a double and its error. */
function remainder(a: number, b: number, q: number, c: number): number {
  const [p, r] = [a * b, q * c]
  return p - r + (errorOf(a, b, p) - errorOf(q, c, r))
}

/** What the double `product` lacks of a × b. */
function errorOf(a: number, b: number, product: number): number {
  const bigA = SPLITTER * a
  const highA = bigA - (bigA - a)
  const lowA = a - highA
  const bigB = SPLITTER * b
  const highB = bigB - (bigB - b)
  const lowB = b - highB
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB)
}

function notCountable(a: number, b: number, c: number): BrokenInvariant {
  return new BrokenInvariant(`${a} × ${b} ÷ ${c} is not a safe integer`)
}
