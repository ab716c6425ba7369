/** Limits of rules of one's own: they stand in profiles as those of the house do. */

import { expect, it } from 'vitest'
import * as z from 'zod'
import { swarmScenario } from '../../../src/agents/index.js'
import { sparseMarket } from '../../../src/market/index.js'
import { simulate } from '../../../src/model/index.js'
import { defineRule, houseRules, limitSpecsOf, lower, type Rule } from '../../../src/trading/index.js'

const dearShare = lower(z.number().min(0).max(1e6), 'price from which a pair is not entered, USD')
const dear = defineRule({
  code: 'dear',
  limits: { dearUsd: dearShare },
  unit: 'USD',
  boundary: 'exactly the limit is refused',
  source: 'this test',
  allows: ({ priceUsd }, _, { dearUsd = 0 }) => (priceUsd < dearUsd ? Number.POSITIVE_INFINITY : 0),
})
const scenario = swarmScenario({ name: 'dear', title: 'No dear pairs', rules: [dear], market: sparseMarket() })
const withLimits = (...all: Record<string, unknown>[]) =>
  simulate(scenario, { params: { profiles: ['haven', ...all.map((limits, i) => ({ name: `p${i}`, limits }))] } })

it('a limit of a rule of one’s own is checked, merged and switches its rule on, as one of the house', () => {
  const sim = withLimits({ dearUsd: 90 }, { dearUsd: 5 })
  expect(sim.model.limits).toMatchObject({ dearUsd: 5, grossShare: 0.3 })
  sim.run({ steps: 150 })
  const outcomes = new Set(
    sim
      .table('decisions')
      .toRows()
      .map(({ outcome }) => outcome),
  )
  expect(outcomes).toContain('dear')
  expect(() => withLimits({ dearUsd: -1 })).toThrow(/limit "dearUsd" of the profile p0/)
  expect(() => withLimits({ dearUds: 1 })).toThrow(/Did you mean "dearUsd"\?/)
  expect(withLimits({ dearUsd: 5, excess: { dear: 'refuse' } }).model.limits.excess).toEqual({ dear: 'refuse' })
})

it('a rule of one’s own without its limit in a profile is off', () => {
  const sim = simulate(scenario)
  sim.run({ steps: 150 })
  expect(
    sim
      .table('decisions')
      .toRows()
      .some(({ outcome }) => outcome === 'dear'),
  ).toBe(false)
})

it('a limit of one’s own may not have the name of another', () => {
  for (const name of ['largestTradeUsd', 'targetShare', 'excess']) {
    const rule: Rule = { ...dear, limits: { [name]: dearShare } }
    expect(() => limitSpecsOf([...houseRules, rule])).toThrow(new RegExp(`limit "${name}" of the rule dear: expected a name`))
  }
})
