/** |x| modulo π/2 where |x| is above 2¹⁹ · π/2: fdlibm's k_rem_pio2.c, which multiplies by as many bits of 2/π as matter (Payne and Hanek). */

import { remainder } from './remainder.js'
import { highWord, twoTo } from './words.js'

const TWO_24 = 16777216
const TWO_MINUS_24 = 1 / TWO_24

/** 2/π, 24 bits an entry. */
const TWO_OVER_PI = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb, 0xc561b7, 0x246e3a,
  0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41,
  0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf,
  0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08,
  0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3, 0x91615e, 0xe61b08, 0x659985, 0x5f14a0, 0x68408d, 0xffd880,
  0x4d7327, 0x310606, 0x1556ca, 0x73a8c9, 0x60e27b, 0xc08c6b,
] // biome-ignore format: a table

/** π/2, 24 bits an entry. */
const HALF_PI = [
  1.570796251296997, 7.549789415861596e-8, 5.390302529957765e-15, 3.282003415807913e-22,
  1.270655753080676e-29,
] // biome-ignore format: a table

/** Entries of the product computed at first; more where they cancel. */
const FIRST_TERMS = 4
const terms = new Float64Array(3)
const product = new Float64Array(20)
const digits = new Int32Array(20)
const sums = new Float64Array(20)

/** @internal Writes |x| − n · π/2 into `remainder`, at most π/4 in size, and gives n modulo 8. */
export function reduceLarge(x: number): number {
  const exponent = ((highWord(x) & 0x7fffffff) >> 20) - 1046
  const count = split(x, exponent)
  // The bits of 2/π before this entry only make multiples of 8.
  const skip = Math.max(0, Math.trunc((exponent - 3) / 24))
  const scale = exponent - 24 * (skip + 1)
  let last = FIRST_TERMS
  for (let i = 0; i <= last; i++) multiply(i, count, skip)
  for (;;) {
    const n = wholes(last, scale)
    if (!cancelled(last)) return finish(last, scale, n)
    let more = 1
    while (more <= FIRST_TERMS && digits[FIRST_TERMS - more] === 0) more++
    for (let i = last + 1; i <= last + more; i++) multiply(i, count, skip)
    last += more
  }
}

/** What `wholes` found besides n: the fraction above the digits, and whether it was taken from the next whole. */
const state = { fraction: 0.5, negative: false }

/** |x| as three numbers of 24 bits; how many of them are not 0. */
function split(x: number, exponent: number): number {
  let z = Math.abs(x) * twoTo(-exponent)
  for (let i = 0; i < 2; i++) {
    terms[i] = z | 0
    z = (z - (terms[i] as number)) * TWO_24
  }
  terms[2] = z
  return z !== 0 ? 3 : terms[1] !== 0 ? 2 : 1
}

/** Entry i of x · 2/π. */
function multiply(i: number, count: number, skip: number): void {
  let sum = 0
  for (let j = 0; j < count; j++) {
    const at = skip + i - j
    sum += (terms[j] as number) * (at < 0 ? 0 : (TWO_OVER_PI[at] as number))
  }
  product[i] = sum
}

/** Carries the product into digits of 24 bits, the lowest first, and takes off the whole part, rounded: n. */
function wholes(last: number, scale: number): number {
  let z = product[last] as number
  for (let i = 0; i < last; i++) {
    const carry = (TWO_MINUS_24 * z) | 0
    digits[i] = z - TWO_24 * carry
    z = (product[last - i - 1] as number) + carry
  }
  z *= twoTo(scale)
  z -= 8 * Math.floor(z * 0.125)
  let n = z | 0
  z -= n
  const top = last - 1
  let over = 0
  if (scale > 0) {
    const whole = (digits[top] as number) >> (24 - scale)
    n += whole
    digits[top] = (digits[top] as number) - (whole << (24 - scale))
    over = (digits[top] as number) >> (23 - scale)
  } else if (scale === 0) over = (digits[top] as number) >> 23
  else if (z >= 0.5) over = 2
  if (over > 0) {
    n++
    const borrowed = complement(last)
    if (scale > 0) digits[top] = (digits[top] as number) & (0xffffff >> scale)
    if (over === 2) z = borrowed ? 1 - z - twoTo(scale) : 1 - z
  }
  state.fraction = z
  state.negative = over > 0
  return n
}

/** Takes the digits from 1; whether any was not 0. */
function complement(last: number): boolean {
  let borrowed = false
  for (let i = 0; i < last; i++) {
    const digit = digits[i] as number
    if (borrowed) digits[i] = 0xffffff - digit
    else if (digit !== 0) {
      borrowed = true
      digits[i] = 0x1000000 - digit
    }
  }
  return borrowed
}

/** Whether every digit that counts is 0, so that more are needed. */
function cancelled(last: number): boolean {
  if (state.fraction !== 0) return false
  for (let i = last - 1; i >= FIRST_TERMS; i--) if (digits[i] !== 0) return false
  return true
}

/** Multiplies the digits by π/2 into `remainder`. */
function finish(last: number, scale: number, n: number): number {
  let top = last
  if (state.fraction === 0) {
    do {
      top--
      scale -= 24
    } while (digits[top] === 0)
  } else {
    const z = state.fraction * twoTo(-scale)
    if (z >= TWO_24) {
      const carry = (TWO_MINUS_24 * z) | 0
      digits[top++] = z - TWO_24 * carry
      digits[top] = carry
      scale += 24
    } else digits[top] = z
  }
  let unit = twoTo(scale)
  for (let i = top; i >= 0; i--) {
    product[i] = unit * (digits[i] as number)
    unit *= TWO_MINUS_24
  }
  for (let i = top; i >= 0; i--) {
    let sum = 0
    for (let k = 0; k < HALF_PI.length && k <= top - i; k++) sum += (HALF_PI[k] as number) * (product[i + k] as number)
    sums[top - i] = sum
  }
  let r = 0
  for (let i = top; i >= 0; i--) r += sums[i] as number
  let rest = (sums[0] as number) - r
  for (let i = 1; i <= top; i++) rest += sums[i] as number
  remainder[0] = state.negative ? -r : r
  remainder[1] = state.negative ? -rest : rest
  return n & 7
}
