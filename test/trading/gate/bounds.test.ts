/** What the rules of a gate keep has bounds, and each bound counts what it leaves out. */

import { expect, it } from 'vitest'
import { allLimits } from '../../../src/cli/limits.js'
import { correlationOf, correlationsOnBar, correlationsOnStep, newCorrelations } from '../../../src/trading/gate/correlations.js'
import { addResult, forgetUntil, newRecentResults, resultCount } from '../../../src/trading/gate/recent-results.js'
import { gateLimits } from '../../../src/trading/index.js'
import { bar } from '../support.js'

it('doctor lists every bound of the gate', async () => {
  expect((await allLimits()).trading).toMatchObject(gateLimits)
})

it('of more results than may be kept the oldest are forgotten, counted; those that are too old are not', () => {
  const results = newRecentResults()
  for (let i = 0; i < gateLimits.recentResults + 3; i++) addResult(results, i, true)
  expect([resultCount(results), results.goodCount, results.crowdedOut]).toEqual([
    gateLimits.recentResults,
    gateLimits.recentResults,
    3,
  ])
  forgetUntil(results, 5)
  expect([resultCount(results), results.crowdedOut]).toEqual([gateLimits.recentResults - 3, 3])
})

it('correlations are followed of so many pairs, and of no more: of others nothing is known', () => {
  const all = newCorrelations()
  const pairs = Array.from({ length: gateLimits.correlatedPairs + 1 }, (_, i) => `P${i}`)
  const followed = [pairs[0], pairs.at(-2), pairs.at(-1)] as string[]
  for (const pair of pairs) correlationsOnBar(all, bar(0, 100, { pair }))
  for (let hour = 1; hour < 90; hour++)
    for (const [i, pair] of followed.entries()) correlationsOnBar(all, bar(hour, 100 + ((hour * (i + 3)) % 7), { pair }))
  correlationsOnStep(all)
  const [first, last, beyond] = followed as [string, string, string]
  expect(correlationOf(all, first, last)).not.toBeNaN()
  expect(correlationOf(all, first, beyond)).toBeNaN()
  expect(correlationOf(all, beyond, last)).toBeNaN()
  expect([all.rows.length, all.unfollowedBars]).toEqual([gateLimits.correlatedPairs, 90])
})
