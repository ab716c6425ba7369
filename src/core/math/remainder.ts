/** What is left of an angle modulo π/2. */

/** @internal The remainder, and what its rounding lost: written by a reduction, read at once. */
export const remainder = new Float64Array(2)
