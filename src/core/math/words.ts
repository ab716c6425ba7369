/** The high half of a double's 64 bits, and powers of two by table. Nothing is allocated, and machines of any byte order give the same. */

const value = Float64Array.of(1)
const words = new Int32Array(value.buffer)
/** Which half holds sign, exponent and the highest 20 bits: the second on little-endian machines. */
const HIGH = words[1] === 0 ? 0 : 1

/** @internal Sign, exponent and the highest 20 bits of the fraction. */
export function highWord(x: number): number {
  value[0] = x
  return words[HIGH] as number
}

/** The least and the most whole number whose power of two is a double. */
const LEAST = -1074
const MOST = 1023
const powers = powersOfTwo(LEAST, MOST)

/** By doubling, which is exact. */
function powersOfTwo(least: number, most: number): Float64Array {
  const list = new Float64Array(most - least + 1)
  let power = Number.MIN_VALUE
  for (let i = 0; i < list.length; i++, power *= 2) list[i] = power
  return list
}

/** @internal 2ⁿ, −1074 ≤ n ≤ 1023. To multiply by it is exact and costs less than to write an exponent and read it back as a double. */
export function twoTo(n: number): number {
  return powers[n - LEAST] as number
}

/** @internal The double whose high half this is (neither negative nor tiny), and whose low half is 0. */
export function fromHighWord(high: number): number {
  return ((high & 0x000fffff) | 0x00100000) * (powers[(high >> 20) - 1043 - LEAST] as number)
}

/** @internal `x` with its lowest 32 bits zero. */
export function withoutLowWord(x: number): number {
  const size = highWord(x) & 0x7fffffff
  const cut = size < 0x00100000 ? size * (powers[-1042 - LEAST] as number) : fromHighWord(size)
  return x < 0 ? -cut : cut
}
