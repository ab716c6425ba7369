/** Designs put their points where their definitions say. */

import { describe, expect, it } from 'vitest'
import { grid, latinHypercube, listed, sobol } from '../../src/experiment/index.js'
import { sobolSequence } from '../../src/experiment/sobol.js'

const real = () => false
const whole = () => true

describe('a grid', () => {
  it('has every combination, the last parameter changing fastest', () => {
    const design = grid({ a: { from: 0, to: 1, n: 3 }, b: ['x', 'y'] })
    expect(design.points(real)).toEqual([0, 0.5, 1].flatMap(a => ['x', 'y'].map(b => ({ a, b }))))
  })

  it('gives whole numbers to a parameter that takes no others, each once', () => {
    expect(grid({ a: { from: 1, to: 3, n: 5 } }).points(whole)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
  })

  it('keeps whole numbers within the interval', () => {
    expect(grid({ a: { from: 1.5, to: 4.5, n: 3 } }).points(whole)).toEqual([{ a: 2 }, { a: 3 }, { a: 4 }])
  })

  it('refuses more points than a design may have, before it makes them', () => {
    const many = { from: 0, to: 1, n: 100_000 }
    expect(() => grid({ a: many, b: many })).toThrow('expected a whole number from 1 to 1,000,000')
    for (const fill of [latinHypercube, sobol]) {
      expect(() => fill({ a: { from: 0, to: 1 } }, { points: 1e10 })).toThrow(
        '`points`: expected a whole number from 1 to 1,000,000',
      )
      expect(() => fill({}, { points: 4 })).toThrow('the varied parameters: expected one or more')
    }
  })

  it('without parameters is one point', () => expect(grid({}).points(real)).toEqual([{}]))

  it('refuses an interval without a number of values, and one that is the wrong way round', () => {
    expect(() => grid({ a: { from: 0, to: 1 } })).toThrow('the values of parameter "a": expected the number of values')
    expect(() => grid({ a: { from: 2, to: 1, n: 3 } })).toThrow('expected the lower bound first, got "2 to 1"')
    expect(() => grid({ a: [] })).toThrow('expected at least one value')
  })
})

describe('a Latin hypercube', () => {
  it('has one point in each of n equal parts of every parameter', () => {
    const points = latinHypercube({ a: { from: 0, to: 1 }, b: { from: -5, to: 5 } }, { points: 40, seed: 3 }).points(real)
    const parts = (name: string, from: number, width: number) =>
      points.map(point => Math.floor(((Number(point[name]) - from) / width) * 40)).sort((x, y) => x - y)
    const each = Array.from({ length: 40 }, (_, i) => i)
    expect(parts('a', 0, 1)).toEqual(each)
    expect(parts('b', -5, 10)).toEqual(each)
  })

  it('pairs the parts by chance, the same for the same seed', () => {
    const of = (seed: number) =>
      latinHypercube({ a: { from: 0, to: 1 }, b: { from: 0, to: 1 } }, { points: 30, seed }).points(real)
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
    expect(of(1).map(({ a }) => Math.floor(Number(a) * 30))).not.toEqual(of(1).map(({ b }) => Math.floor(Number(b) * 30)))
  })

  it('shares lists and whole numbers evenly', () => {
    const points = latinHypercube({ a: ['x', 'y', 'z'], b: { from: 1, to: 4 } }, { points: 12 }).points(whole)
    for (const x of ['x', 'y', 'z']) expect(points.filter(({ a }) => a === x)).toHaveLength(4)
    for (const n of [1, 2, 3, 4]) expect(points.filter(({ b }) => b === n)).toHaveLength(3)
  })
})

describe('a Sobol design', () => {
  it('begins as the sequence of Joe and Kuo does', () => {
    // The first ten points that the authors' own program prints for three dimensions.
    expect(sobolSequence(3, 10)).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ])
  })

  it('has in each dimension one of its first 2^k points in each of 2^k equal parts', () => {
    const points = sobolSequence(21, 64)
    for (let i = 0; i < 21; i++) expect(new Set(points.map(at => Math.floor((at[i] as number) * 64))).size).toBe(64)
  })

  it('stretches the sequence over the parameters', () => {
    expect(sobol({ a: { from: 10, to: 20 }, b: [1, 2] }, { points: 3 }).points(real)).toEqual([
      { a: 10, b: 1 },
      { a: 15, b: 2 },
      { a: 17.5, b: 1 },
    ])
  })
})

describe('a list', () => {
  it('is as it was given, and its points vary the same parameters', () => {
    expect(listed([{ a: 1 }, { a: 2 }]).points(real)).toEqual([{ a: 1 }, { a: 2 }])
    expect(() => listed([{ a: 1 }, { b: 2 }])).toThrow('point 2 of a list: expected values of a, got "b"')
    expect(() => listed([])).toThrow('at least one')
  })
})

it.each([
  ['grid', grid({ a: { from: 2.2, to: 2.8, n: 2 } })],
  ['lhs', latinHypercube({ a: { from: 2.2, to: 2.8 } }, { points: 4 })],
  ['sobol', sobol({ a: { from: 2.2, to: 2.8 } }, { points: 4 })],
])('%s refuses an interval without a whole number, for a parameter that takes no others', (_, design) => {
  expect(() => design.points(whole)).toThrow(/parameter "a": expected a whole number between the bounds, got "2.2 to 2.8"/)
  expect(design.points(() => false).length).toBeGreaterThan(0)
})
