/** Which shipped scenario a short name means. */
import { describe, expect, it } from 'vitest'
import { shippedName, shippedScenarios, shortNames } from '../../src/world/index.js'

describe('short names of scenarios', () => {
  const known = ['crash', 'markets/wealth', 'models/schelling', 'models/wealth']

  it('mean the one whose name ends so; a whole name means itself', () => {
    expect(shippedName('schelling', known)).toBe('models/schelling')
    expect(shippedName('models/wealth', known)).toBe('models/wealth')
    expect(shippedName('wealth', ['wealth', 'models/wealth'])).toBe('wealth')
  })

  it('that two scenarios share are refused, with the names that tell them apart', () => {
    expect(() => shippedName('wealth', known)).toThrow(
      'scenario "wealth": expected a name that only one has. Did you mean "markets/wealth" or "models/wealth"?',
    )
    expect(shortNames(known)).toEqual(['crash', 'markets/wealth', 'schelling', 'models/wealth'])
  })

  it('are what a typing mistake is told', () => {
    expect(() => shippedName('shelling', known)).toThrow('Did you mean "schelling"?')
  })

  it('exist for every scenario that ships', ctx => {
    const shipped = shippedScenarios()
    if (shipped.length === 0) return ctx.skip('dist is not built (npm run setup builds it)')
    expect(shortNames(shipped).filter(name => name.includes('/'))).toEqual([])
  })
})
