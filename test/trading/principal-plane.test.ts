import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import { axisText, partsText, pastTradeFeatureNames, principalPlane } from '../../src/trading/index.js'

const at = (name: (typeof pastTradeFeatureNames)[number]) => pastTradeFeatureNames.indexOf(name)

/** A vector that is 1 everywhere but in these features. */
function vector(given: Partial<Record<(typeof pastTradeFeatureNames)[number], number>>): Float64Array {
  const made = new Float64Array(pastTradeFeatureNames.length).fill(1)
  for (const [name, value] of Object.entries(given)) made[at(name as 'rsi')] = value
  return made
}

/** RSI and MACD tell the same with opposite signs, the trend something of its own; all else is constant. */
const square = [
  vector({ rsi: 1, macd: -2, trend: 10 }),
  vector({ rsi: 1, macd: -2, trend: -10 }),
  vector({ rsi: -1, macd: 2, trend: 10 }),
  vector({ rsi: -1, macd: 2, trend: -10 }),
]

describe('the principal plane', () => {
  it('is that of the worked example: eigenvalues 2 and 1 of a correlation matrix with one pair at −1', () => {
    const { axes, x, y } = principalPlane(square)
    expect(axes[0].share).toBeCloseTo(2 / 3, 12)
    expect(axes[1].share).toBeCloseTo(1 / 3, 12)
    expect(axes[0].loadings[at('rsi')]).toBeCloseTo(Math.SQRT1_2, 12)
    expect(axes[0].loadings[at('macd')]).toBeCloseTo(-Math.SQRT1_2, 12)
    expect(axes[1].loadings[at('trend')]).toBeCloseTo(1, 12)
    // Of four values ±a the standard deviation is a × √(4 ⁄ 3).
    const one = Math.sqrt(3 / 4)
    const far = Math.SQRT2 * one
    expect([...x].map(v => Math.round(v * 1e9) / 1e9)).toEqual([far, far, -far, -far].map(v => Math.round(v * 1e9) / 1e9))
    expect([...y].map(v => Math.round(v * 1e9) / 1e9)).toEqual([one, -one, one, -one].map(v => Math.round(v * 1e9) / 1e9))
    expect(axisText(axes[0])).toBe('RSI +0.71, MACD −0.71')
  })

  it('has the largest variance of any direction, and axes at right angles', () => {
    const rng = Rng.derive(rootOf(5), 1, 1)
    const vectors = Array.from({ length: 300 }, () => {
      const common = rng.normal(0, 1)
      return Float64Array.from({ length: 10 }, (_, d) => common * d + rng.normal(0, 4))
    })
    const { x, y, axes } = principalPlane(vectors)
    const [a, b] = axes.map(({ loadings }) => loadings) as [Float64Array, Float64Array]
    const product = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, d) => sum + value * (v[d] as number), 0)
    expect(product(a, a)).toBeCloseTo(1, 10)
    expect(product(a, b)).toBeCloseTo(0, 10)
    const variance = (values: Float64Array) => product(values, values) / (values.length - 1)
    expect(variance(x)).toBeCloseTo(axes[0].share * 10, 9)
    expect(variance(y)).toBeCloseTo(axes[1].share * 10, 9)
    expect(Math.max(...a)).toBe(Math.max(...a.map(Math.abs)))
    expect(axes[0].share).toBeGreaterThan(axes[1].share)
  })

  it('puts what is not known at the mean, and has no axis where nothing varies', () => {
    const { x } = principalPlane([...square, vector({ rsi: Number.NaN, macd: Number.NaN, trend: Number.NaN })])
    expect(x[4]).toBe(0)
    for (const vectors of [[], square.slice(0, 1), [vector({}), vector({})]]) {
      const plane = principalPlane(vectors)
      expect([...plane.x, ...plane.y]).toEqual(vectors.flatMap(() => [0, 0]))
      expect(plane.axes.map(axis => axis.share)).toEqual([0, 0])
      expect(axisText(plane.axes[0])).toBe('no feature varies')
    }
  })
})

it('the parts of a distance are told with the largest first, and the rest summed', () => {
  const parts = vector({})
  parts.fill(0)
  expect(partsText(parts)).toBe('all features that both know are the same')
  parts[at('trend')] = 0.5
  parts[at('rsi')] = 0.25
  expect(partsText(parts)).toBe('trend 0.5, RSI 0.25')
  parts[at('atr')] = 0.125
  parts[at('volume')] = 0.0625
  expect(partsText(parts)).toBe('trend 0.5, RSI 0.25, true range 0.125 and the others 0.063')
})
