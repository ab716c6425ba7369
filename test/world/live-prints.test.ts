/** Which prints move money in a live run: spikes, gaps, corrected candles and outages at random change no fill. */

import { describe, expect, it } from 'vitest'
import { tradeCostE6, unexplainedFills } from './print-audit.js'
import { troubledRun } from './troubled-market.js'

const seeds = [1, 2, 3]
const bars = 60

describe('a live run with spikes, gaps, corrected candles and outages at random', () => {
  it.each(seeds)('fills at prints that were served, later than their decision, while it watched: seed %i', async seed => {
    const run = await troubledRun(seed, bars, { spikes: true, revisions: true, gaps: true, outages: true })
    expect(unexplainedFills(run)).toEqual([])
    expect(run.fills.length).toBeGreaterThan(20)
    expect(run.trades.some(t => t.reason === 'stop')).toBe(true)
    expect(run.counters.rejectedPrints).toBeGreaterThan(5)
  })
})

describe('one feed with and without spikes of ten σ of a bar and more', () => {
  it.each(seeds)('earns the same, to less than the cost of one trade: seed %i', async seed => {
    const [calm, spiked] = [await troubledRun(seed, bars, {}), await troubledRun(seed, bars, { spikes: true })]
    const bad = spiked.served.filter(p => p.isBad).length
    expect(bad).toBeGreaterThan(10)
    expect(Math.abs(spiked.equityE6 - calm.equityE6)).toBeLessThan(tradeCostE6(calm))
    expect(calm.counters.rejectedPrints).toBe(0)
    // What came in the last minute may still wait.
    expect((spiked.counters.rejectedPrints ?? 0) + (spiked.counters.waitingPrints ?? 0)).toBe(bad)
  })
})
