/** R6: limits hold to the unit where many intents meet them in one tick, and what is granted is the same in every run of a seed. */

import { describe, expect, it } from 'vitest'
import nothing from '../../../scenarios/null-market.js'
import dense from '../../../scenarios/planted-dense.js'
import type { Swarm } from '../../../src/agents/index.js'
import { resume, type Scenario, type Simulation } from '../../../src/model/index.js'
import {
  gateKeeper,
  houseRules,
  type Limits,
  newGate,
  newPortfolio,
  portfolioOnBar,
  submitSignal,
} from '../../../src/trading/index.js'
import { isNight } from '../../tier.js'
import { anyRules, bar, recorder, settings, signal } from '../support.js'
import { limitedRun, limitSets, type Reached } from './limited-run.js'
import { DAY, HOUR, T0, USD } from './support.js'

const markets = { dense, nothing } as unknown as Record<string, Scenario<Swarm>>

/** Runs the limits of a set in every market and adds up how often each was met. */
function runAll(set: keyof typeof limitSets, seeds = isNight ? [1, 2] : [1]): Reached {
  const sum: Record<string, number> = {}
  for (const market of Object.values(markets))
    for (const seed of seeds)
      for (const { reached } of Object.values(limitedRun(market, limitSets[set], seed, 400).auditors))
        for (const [name, n] of Object.entries(reached)) sum[name] = (sum[name] ?? 0) + n
  return sum as Reached
}

describe('R6: in planted and null markets, limits hold to the unit with many intents in one tick', () => {
  it('of positions, trades a day, sizes, a day’s loss, cooldown and minimum hold; each was met exactly', () => {
    const { openPositions, tradesPerDay, largestTrade, dailyLoss, cooldown, minHold } = runAll('counting')
    for (const times of [openPositions, tradesPerDay, largestTrade, dailyLoss, cooldown, minHold])
      expect(times).toBeGreaterThan(0)
  })

  it('of locked profit and the equity floor; each held entries back', () => {
    const { profitLock, equityFloor } = runAll('locking', [1, 2])
    for (const times of [profitLock, equityFloor]) expect(times).toBeGreaterThan(0)
  })

  it('of a pair’s, a group’s and a cluster’s share of equity, by the prices of the orders; each was filled', () => {
    const { pairShare, groupShare, clusterShare } = runAll('sharing')
    for (const times of [pairShare, groupShare, clusterShare]) expect(times).toBeGreaterThan(0)
  })

  it('two runs of one seed grant the same intents in the same order, and end in one digest', () => {
    const [a, b] = [1, 2].map(() => limitedRun(markets.dense as Scenario<Swarm>, limitSets.counting, 3, 300))
    expect(a?.auditors.baseline.granted.length).toBeGreaterThan(20)
    expect(b?.auditors.baseline.granted).toEqual(a?.auditors.baseline.granted)
    expect(b?.sim.digest).toBe(a?.sim.digest)
  })

  it('R1: a run that is saved while locks are in force goes on with them, to the digest of the uninterrupted run', () => {
    const market = markets.dense as Scenario<Swarm>
    const limits = { ...limitSets.counting, losingStreak: 1 }
    const saved = limitedRun(market, limits, 4, 190).sim
    const second = resume(market as unknown as Scenario, saved.save()) as unknown as Simulation<Swarm>
    const locksOf = ({ model }: Simulation<Swarm>) => model.traders.at(0)?.portfolios.baseline.gate.locks
    expect(locksOf(saved)?.length).toBeGreaterThan(0)
    expect(locksOf(second)).toEqual(locksOf(saved))
    saved.run({ steps: 60 })
    second.run({ steps: 60 })
    expect(second.digest).toBe(saved.digest)
    expect(locksOf(second)).toEqual(locksOf(saved))
  })
})

describe('121 intents in one tick', () => {
  const pairs = Array.from({ length: 121 }, (_, i) => `P${i}`)

  /** What of a signal in each pair becomes an order, and then a position, and why the others do not. */
  function all(limits: Limits, nextUsd = 100.5) {
    const gate = newGate('portfolio', 'mycelial', limits, houseRules)
    const p = newPortfolio('mycelial', settings({ capitalUsd: 1_000, sizeShare: 0.005, grossLimit: 1 }), named(pairs), gate)
    const kept = gateKeeper(p, houseRules, { doubt: () => null, announce: () => undefined })
    const r = recorder()
    for (const pair of pairs) portfolioOnBar(p, bar(0, 100, { pair }), r)
    const now = { step: 1, time: T0 + HOUR }
    const given = (pair: string) => ({ ...signal({ pair }), decidedAt: now.time, closesAt: T0 + DAY })
    const outcomes = pairs.map(pair => submitSignal(p, given(pair), now, kept).outcome)
    // The next bars open at another price: what was ordered costs more or less when it fills.
    for (const pair of pairs) portfolioOnBar(p, bar(1, nextUsd, { pair }), r)
    return { outcomes, fills: r.fills, portfolio: p }
  }
  const named = (names: readonly string[]) => names.map(pair => [pair, anyRules] as const)

  it.each([
    ['openPositions', { openPositions: 7 }, 7],
    ['tradesPerDay', { tradesPerDay: 9 }, 9],
    ['profitLock', { profitLockShare: 0 }, 121],
  ] as const)('%s: the first are granted, in their order, and not one more', (code, limits, most) => {
    const { outcomes, fills } = all(limits)
    expect(outcomes).toEqual(pairs.map((_, i) => (i < most ? 'entry' : code)))
    expect(fills.map(({ pair }) => pair)).toEqual(pairs.slice(0, most))
  })

  it('a trade costs no more than the largest one when it fills, and one that would then cost less than the smallest is cancelled', () => {
    const { fills } = all({ largestTradeUsd: 5 })
    expect(fills).toHaveLength(121)
    for (const { notionalE6 } of fills) {
      expect(notionalE6).toBeLessThanOrEqual(5 * USD)
      expect(notionalE6).toBeGreaterThan(5 * USD - 2)
    }
    const small = all({ smallestTradeUsd: 5 }, 99.999)
    expect(new Set(small.outcomes)).toEqual(new Set(['entry']))
    expect([small.fills.length, small.portfolio.broker.orders.cancelled.tradeSize]).toEqual([0, 121])
    expect(all({ smallestTradeUsd: 5 }, 100).fills).toHaveLength(121)
  })

  it('an entry that is cancelled keeps its place among those of its day', () => {
    const gate = newGate('portfolio', 'mycelial', { tradesPerDay: 1 }, houseRules)
    const p = newPortfolio('mycelial', settings(), named(pairs), gate)
    const kept = gateKeeper(p, houseRules, { doubt: () => null, announce: () => undefined })
    for (const pair of pairs) portfolioOnBar(p, bar(0, 100, { pair }), recorder())
    const now = { step: 1, time: T0 + HOUR }
    const answer = (pair: string, direction: 1 | -1, time = now.time) =>
      submitSignal(p, { ...signal({ pair, direction }), decidedAt: time, closesAt: time + DAY }, { ...now, time }, kept).outcome
    expect([answer('P0', 1), answer('P0', -1), answer('P1', 1)]).toEqual(['entry', 'cancelsEntry', 'tradesPerDay'])
    expect(answer('P1', 1, T0 + DAY)).toBe('entry')
  })
})
