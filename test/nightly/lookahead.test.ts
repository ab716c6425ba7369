/** No scenario that ships looks ahead: their futures are cut off and scrambled at a dozen places each. */
import { describe, expect, it } from 'vitest'
import type { LookaheadCheck } from '../../src/node.js'
import { shippedScenarios } from '../../src/world/index.js'
import { folder, mycelia, needsBuild } from '../cli/mycelia.js'

describe('the look-ahead check', () => {
  it.each(shippedScenarios())('of %s finds nothing', async name => {
    const args = ['--steps', '600', '--points', '12', '--json']
    const { code, stdout } = await mycelia(folder(), ['check', 'lookahead', name, ...args])
    const check = JSON.parse(stdout) as LookaheadCheck
    expect({ code, found: check.found }).toEqual({ code: 0, found: [] })
    if (!name.startsWith('models/') && name !== 'wealth') expect(check.points).toHaveLength(12)
  })

  it('has scenarios to check', ctx => {
    needsBuild(ctx)
    expect(shippedScenarios().length).toBeGreaterThan(20)
  })
})
