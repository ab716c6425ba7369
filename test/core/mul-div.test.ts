import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mulDivCeil, mulDivFloor } from '../../src/core/index.js'

describe('products that are no safe integers', () => {
  it('are divided exactly, rounded down and up, as whole numbers of any size are', () => {
    const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const positive = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
    fc.assert(
      fc.property(whole, fc.oneof(whole, fc.integer({ min: 0, max: 1_000 })), positive, (a, b, c) => {
        const exact = (BigInt(a) * BigInt(b)) / BigInt(c)
        if (exact >= BigInt(Number.MAX_SAFE_INTEGER)) return
        expect(mulDivFloor(a, b, c)).toBe(Number(exact))
        expect(mulDivCeil(a, b, c)).toBe(Number((BigInt(a) * BigInt(b) + BigInt(c) - 1n) / BigInt(c)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('are refused where the result is not one', () => {
    expect(() => mulDivFloor(2 ** 52, 2 ** 52, 1)).toThrow(/not a safe integer/)
    expect(() => mulDivFloor(1, 1, 0)).toThrow(/not a safe integer/)
  })
})
