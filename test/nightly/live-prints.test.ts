/** Which prints move money, in forty seeds. */

import { expect, it } from 'vitest'
import { tradeCostE6, unexplainedFills } from '../world/print-audit.js'
import { troubledRun } from '../world/troubled-market.js'

const seeds = Array.from({ length: Number(process.env.MYCELIA_PRINT_SEEDS ?? 40) }, (_, i) => i + 1)
const bars = 120

it('spikes, gaps, corrected candles and outages at random: every fill is at a print that was served, and later than its decision', async () => {
  const all = { fills: 0, stops: 0, rejected: 0, outages: 0 }
  for (const seed of seeds) {
    const run = await troubledRun(seed, bars, { spikes: true, revisions: true, gaps: true, outages: true })
    expect(unexplainedFills(run), `seed ${seed}`).toEqual([])
    all.fills += run.fills.length
    all.stops += run.trades.filter(t => t.reason === 'stop').length
    all.rejected += run.counters.rejectedPrints ?? 0
    for (const outages of run.outages.values()) all.outages += outages.length
  }
  console.log(`prints: ${seeds.length} seeds, ${bars} bars: ${JSON.stringify(all)}`)
  for (const n of Object.values(all)) expect(n).toBeGreaterThan(seeds.length)
})

it('with and without spikes of ten σ of a bar and more a feed earns the same, to less than the cost of one trade', async () => {
  const differences: number[] = []
  for (const seed of seeds) {
    const [calm, spiked] = [await troubledRun(seed, bars, {}), await troubledRun(seed, bars, { spikes: true })]
    const difference = Math.abs(spiked.equityE6 - calm.equityE6)
    expect(difference, `seed ${seed}`).toBeLessThan(tradeCostE6(calm))
    differences.push(difference / tradeCostE6(calm))
  }
  console.log(`spikes: ${seeds.length} seeds: at most ${Math.max(...differences).toFixed(3)} of the cost of one trade`)
})
