/** Sizes of tables. */

/** The least power of two that is at least n, for 1 ≤ n ≤ 2³⁰. */
export function powerOfTwoFrom(n: number): number {
  return n <= 1 ? 1 : 1 << (32 - Math.clz32(n - 1))
}
