/** News ahead of the price: found where it is planted, and not where everything is in the price at once. */
import { describe, expect, it } from 'vitest'
import { narrativeRun } from '../../bench/validate/narrative-run.js'

const SEEDS = 40
const confirmed = (pricedAtOnce: number) =>
  Array.from({ length: SEEDS }, (_, i) => narrativeRun(i + 1, pricedAtOnce)).filter(({ t }) => t > 1.96).length

describe('divergences of news and price', () => {
  it('are confirmed walk-forward in at least 90 % of seeds where half of a story is priced late', () => {
    expect(confirmed(0.5)).toBeGreaterThanOrEqual(0.9 * SEEDS)
  }, 300_000)

  it('are confirmed in at most 5 % of seeds where all of it is priced at once', () => {
    expect(confirmed(1)).toBeLessThanOrEqual(0.05 * SEEDS)
  }, 300_000)
})
