import { simulate } from 'mycelia'
import { expect, it } from 'vitest'
import town from './model.js'

const knowing = (seed: number, params = {}) => {
  const sim = simulate(town, { seed, params })
  sim.run({ steps: 300 })
  return sim.table('model').column('knowing')
}

it('ends with everybody knowing', () => {
  expect(knowing(1).at(-1)).toBe(500)
})

it('stays with one person where nobody tells', () => {
  expect(knowing(1, { tell: 0 }).at(-1)).toBe(1)
})

it('is never forgotten', () => {
  const column = knowing(2)
  expect(column.every((value, i) => i === 0 || value >= (column[i - 1] ?? 0))).toBe(true)
})

it('is the same for the same seed, and another for another', () => {
  expect(knowing(3)).toEqual(knowing(3))
  expect(knowing(3)).not.toEqual(knowing(4))
})
