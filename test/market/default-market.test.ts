import { expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { defaultMarket, syntheticMarket } from '../../src/market/index.js'
import { runMarket } from './synthetic-kit.js'

const none = { strength: 0, trendStrength: 0, persistenceStrength: 0 }
const causesOf = (market: ReturnType<typeof defaultMarket>) => market.causes ?? []

it('at factors of 0 the default market has the very prices of the null, and says that nothing is planted', () => {
  const nothing = { seed: 5, ...defaultMarket(none) }
  expect(runMarket(nothing, 400).bars).toEqual(runMarket({ seed: 5, hourlyVolatility: 0.015 }, 400).bars)
  expect(syntheticMarket(nothing).describe()).toMatchObject({ planted: [], persistence: [] })
})

it('each factor sets the strength of its own part, and 1 is the market as it ships', () => {
  const shipped = defaultMarket()
  expect(defaultMarket({ strength: 1, trendStrength: 1, persistenceStrength: 1 })).toEqual(shipped)
  const half = defaultMarket({ strength: 0.5 })
  const double = defaultMarket({ trendStrength: 2 })
  causesOf(shipped).forEach(({ strength = 1, with: when }, i) => {
    expect(causesOf(half)[i]?.strength).toBe(when === 'trend' ? strength : strength / 2)
    expect(causesOf(double)[i]?.strength).toBe(when === 'trend' ? 2 * strength : strength)
  })
  const triple = defaultMarket({ persistenceStrength: 3 })
  expect(triple.persistence?.share).toBe(3 * (shipped.persistence?.share ?? Number.NaN))
  expect({ ...triple, persistence: shipped.persistence }).toEqual(shipped)
})

it.each(['strength', 'trendStrength', 'persistenceStrength'])(
  'a factor below 0 or not a number is refused by its name: %s',
  name => {
    for (const factor of [-1, Number.NaN]) {
      expect(() => defaultMarket({ [name]: factor })).toThrow(OperatorError)
      expect(() => defaultMarket({ [name]: factor })).toThrow(name)
    }
  },
)
