import { math } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { ENGINE_DEPENDENT_MATH } from '../../src/core/index.js'
import { mathHash, mathSample } from './math-hash.js'
import { binary, eachPair, hashOfMath, unary } from './math-sample.js'

/** The engine whose own functions the ports equal to the last bit. Later ones changed `pow`, and may change more. */
const sameAsPorts = process.versions.v8.startsWith('11.3.')

describe('math', () => {
  it('gives the same bits in every engine', () => expect(hashOfMath(mathSample)).toBe(mathHash))

  it('agrees with what Node 20 has itself, to the last bit, for arguments of every size', ({ skip }) => {
    if (!sameAsPorts) return skip('another engine rounds otherwise, which is why the ports are there')
    const differ: unknown[] = []
    eachPair(100_000, (x, y) => {
      for (const name of unary) if (!Object.is(math[name](x), Math[name](x))) differ.push([name, x])
      for (const name of binary.filter(name => name !== 'hypot'))
        if (!Object.is(math[name](x, y), Math[name](x, y))) differ.push([name, x, y])
    })
    expect(differ).toEqual([])
  })

  it('agrees with any engine up to the last digits', () => {
    eachPair(2_000, (x, y) => {
      for (const name of unary) close(math[name](x), Math[name](x))
      const length = Math.max(Math.abs(x), Math.abs(y))
      for (const name of binary)
        if (name !== 'hypot' || (length > 1e-150 && length < 1e150)) close(math[name](x, y), Math[name](x, y))
    })
  })

  it('has the length of a right triangle without rounding where it is whole', () => {
    expect([math.hypot(3, 4), math.hypot(-5, 12), math.hypot(0, -2)]).toEqual([5, 13, 2])
  })

  it('stands in for names that engines leave open, and for no other', () => {
    expect(Object.keys(math).filter(name => !ENGINE_DEPENDENT_MATH.includes(name))).toEqual([])
    const exact = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'random', 'round', 'sign', 'sqrt', 'trunc']
    const open = Object.getOwnPropertyNames(Math).filter(
      name => typeof Math[name as 'abs'] === 'function' && !exact.includes(name),
    )
    expect(ENGINE_DEPENDENT_MATH).toEqual(expect.arrayContaining(open.filter(name => !/^(f16round|sumPrecise)$/.test(name))))
  })
})

function close(a: number, b: number): void {
  if (Object.is(a, b) || Math.abs(a - b) <= 4 * Number.EPSILON * Math.abs(b) + 1e-307) return
  expect(a).toBe(b)
}
