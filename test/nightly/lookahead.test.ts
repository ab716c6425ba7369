/** No scenario that ships looks ahead: their futures are cut off and scrambled at a dozen places each. */
import { describe, expect, it } from 'vitest'
import { checkLookahead, shippedScenarios } from '../../src/node.js'
import { needsBuild } from '../cli/mycelia.js'

describe('the look-ahead check', () => {
  it.each(shippedScenarios())('of %s finds nothing', async name => {
    const check = await checkLookahead({ scenario: name, steps: 600, points: 12 })
    expect(check.found).toEqual([])
    if (!name.startsWith('models/') && name !== 'wealth') expect(check.points).toHaveLength(12)
  })

  it('has scenarios to check', ctx => {
    needsBuild(ctx)
    expect(shippedScenarios().length).toBeGreaterThan(20)
  })
})
