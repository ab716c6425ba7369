import { math } from 'mycelia'
import { expect, it } from 'vitest'
import { binary, eachPair, unary } from '../../core/math-sample.js'

it('the ports agree with Node 20 in all of 3 million values of each function', ({ skip }) => {
  if (!process.versions.v8.startsWith('11.3.')) return skip('another engine rounds otherwise, which is why the ports are there')
  let differ = 0
  eachPair(3_000_000, (x, y) => {
    for (const name of unary) differ += Number(!Object.is(math[name](x), Math[name](x)))
    for (const name of binary) if (name !== 'hypot') differ += Number(!Object.is(math[name](x, y), Math[name](x, y)))
  })
  expect(differ).toBe(0)
})
