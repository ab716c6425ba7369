/** The launch world: what the kinds of launches do, who comes first in a slot, and that no lamport and no token is made or lost. */
import { resume, type Scenario, type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import nullLaunch from '../../scenarios/null-launch.js'
import rugWave from '../../scenarios/rug-wave.js'
import tokenLaunch from '../../scenarios/token-launch.js'
import type { LaunchModel } from '../../src/agents/index.js'
import { launchKinds } from '../../src/agents/launch/kinds.js'
import { insidersLeave, newToken, recordTrade } from '../../src/agents/launch/token.js'
import { type LaunchTrade, LaunchTrades } from '../../src/agents/launch/topics.js'
import { Bystander } from '../../src/agents/mycelial/bystander.js'
import { circulating, newCurve, publishedCurve } from '../../src/exchange/index.js'
import { launchScenario } from '../../src/market.js'
import { defineScenario } from '../../src/model/index.js'
import { times } from '../tier.js'

type World = Simulation<LaunchModel>

function begun(params: Record<string, unknown> = {}, seed = 1, scenario: Scenario = tokenLaunch as unknown as Scenario): World {
  return simulate(scenario, { seed, params, collect: false }) as unknown as World
}

function tradesOf(sim: World): LaunchTrade[] {
  const trades: LaunchTrade[] = []
  sim.tap((topic, message) => {
    if (topic.family === LaunchTrades) trades.push(message as LaunchTrade)
  })
  return trades
}

/** Quick launches and long slots, so that much happens in few of them. */
const busy = { slotMs: 1_000, users: 0, launchEveryMs: 4_000, horizonMs: 120_000, scoreAgesMin: [1] }

describe('the launch world', () => {
  it('makes and loses no lamport and no token, whatever is traded, graduates or dies', () => {
    const sim = begun(busy)
    const { model } = sim
    for (let i = 0; i < times(7, 30); i++) {
      sim.run({ steps: 120 })
      let lamports = model.buried + model.priorityFees
      for (const trader of new Set(model.owners.values())) lamports += trader.lamports
      for (const { realLamports, feeLamports } of model.market.curves.values()) lamports += realLamports + feeLamports
      expect(lamports).toBe(model.paidIn)
      for (const { holders, curve } of model.tokens.values())
        expect([...holders.values()].reduce((sum, units) => sum + units, 0)).toBe(circulating(curve))
    }
    expect(model.trades).toBeGreaterThan(2_000)
    expect(model.buried).toBeGreaterThan(0)
  })

  it('lets creators and their hidden wallets buy in the slot of the launch, and nobody else in it', () => {
    const sim = begun(busy)
    const trades = tradesOf(sim)
    const launchedAt = new Map<string, number>()
    sim.tap((topic, message) => {
      if (topic.name === 'launches') launchedAt.set((message as LaunchTrade).pair, (message as LaunchTrade).time)
    })
    sim.run({ steps: 400 })
    const inLaunch = trades.filter(({ pair, time }) => launchedAt.get(pair) === time)
    expect(new Set(inLaunch.map(({ account }) => account.split('-')[0]))).toEqual(new Set(['Creator', 'Bundler']))
    expect(inLaunch.filter(({ account }) => account.startsWith('Bundler')).length).toBeGreaterThan(0)
    const soon = trades.filter(({ pair, time }) => time > (launchedAt.get(pair) ?? 0))
    expect(Math.min(...soon.map(({ pair, time }) => time - (launchedAt.get(pair) ?? 0)))).toBe(1_000)
  })

  it('never lets a buyer pay more than his limit', () => {
    const sim = begun(busy)
    sim.run({ steps: 800 })
    expect(sim.model.lost.limit).toBeGreaterThan(0)
    for (const trader of sim.model.owners.values()) expect(trader.lamports).toBeGreaterThanOrEqual(0)
  })

  it('tells the kind of each launch in its summary, and no trade depends on a collector that reads it', () => {
    const sim = begun(busy)
    sim.run({ steps: 500 })
    const { kinds, launches } = sim.model.summary() as { kinds: Record<string, unknown>; launches: number }
    expect((kinds.ofLaunches as string[]).length).toBe(launches)
    expect(launchKinds.reduce((sum, kind) => sum + (kinds[kind] as number), 0)).toBe(launches)
    const collected = simulate(tokenLaunch, { seed: 1, params: busy })
    collected.run({ steps: 500 })
    expect(collected.digest).toBe(sim.digest)
  })

  it('keeps a score until its horizon is over, and then says what came of it', () => {
    const sim = simulate(tokenLaunch, { seed: 1, params: busy })
    sim.run({ steps: 600 })
    const scores = sim.table('scores').toRows()
    expect(scores.length).toBeGreaterThan(20)
    for (const row of scores) {
      expect(row.lowest).toBeLessThanOrEqual(1)
      expect(row.collapsed).toBe((row.lowest as number) <= 1 - 0.8)
    }
  })

  it('has nine rugs of ten in a wave of them', () => {
    const wave = { rugWave: { fromMs: 0, untilMs: 3_600_000, share: 1 } }
    const sim = begun({ ...busy, ...wave }, 1, rugWave as unknown as Scenario)
    sim.run({ steps: 400 })
    expect(sim.model.kinds.length).toBeGreaterThan(50)
    expect(sim.model.kinds).not.toContain('honest')
  })

  it('shows the kind in nothing before the last score where nothing leaks', () => {
    const sim = begun({ slotMs: 2_000, users: 0, launchEveryMs: 6_000 }, 1, nullLaunch as unknown as Scenario)
    const sold = new Set<string>()
    const launchedAt = new Map<string, number>()
    sim.tap((topic, message) => {
      const trade = message as LaunchTrade
      if (topic.name === 'launches') launchedAt.set(trade.pair, trade.time)
      if (topic.family !== LaunchTrades || trade.side !== 'sell') return
      if (/^Creator-\d+$/.test(trade.account) && trade.time - (launchedAt.get(trade.pair) ?? 0) <= 15 * 60_000)
        sold.add(trade.pair)
    })
    sim.run({ steps: 480 })
    expect([...sold]).toEqual([])
  })
})

describe('insiders leave', () => {
  /** A token of which insiders sell these shares of the supply, in percent, in these slots. */
  const sold = (slotMs: number, ...sales: [slot: number, percent: number][]) => {
    const curve = newCurve(publishedCurve)
    const of = {
      pair: 'TOKEN-0',
      creator: 'Creator-0',
      appeal: 0,
      community: null,
      reputation: 0,
      leaks: false,
      launchedAt: 0,
      curve,
      multiLaunch: false,
      dormant: false,
    } as const
    const token = newToken({ ...of, kind: 'honest', looks: 'honest' })
    token.holders.set('Creator-0', publishedCurve.supplyTokens)
    for (const [slot, percent] of sales) {
      const tokens = (publishedCurve.supplyTokens * percent) / 100
      recordTrade(token, { account: 'Creator-0', buys: false, tokens, lamports: 1, time: slot * slotMs }, slotMs)
    }
    return token
  }

  it.each([400, 2_000])('once they sell more than a twentieth of the supply within any five slots of %i ms', slotMs => {
    expect(insidersLeave(sold(slotMs, [10, 1], [14, 4], [16, 4]), 0)).toBe(true)
    expect(insidersLeave(sold(slotMs, [10, 4], [14, 4]), 0)).toBe(true)
    expect(insidersLeave(sold(slotMs, [10, 4], [15, 4]), 0)).toBe(false)
    expect(insidersLeave(sold(slotMs, [10, 5]), 0)).toBe(false)
  })

  it('and whoever held the token then knows, whatever is sold afterwards; who entered later does not', () => {
    const token = sold(400, [10, 6], [16, 0.1], [30, 0.1])
    expect([0, 4_000, 4_001].map(since => insidersLeave(token, since))).toEqual([true, true, false])
  })
})

describe('parameters of launches', () => {
  const sol = 1_000_000_000
  it.each([
    ['raises nothing after its migration', { migrationLamports: 86 * sol }, /migrationLamports must be less/],
    ['has next to no tokens left', { virtualTokens: publishedCurve.curveTokens + 1 }, /at most 4503599627370496/],
    ['raises more than can be counted exactly', { virtualLamports: 2_000_000 * sol }, /at most 4503599627370496/],
    ['sells what it has not', { virtualTokens: publishedCurve.curveTokens }, /fewer than virtualTokens/],
  ])('refuse a curve that %s', (_, curve, says) => {
    expect(() => begun({ curve })).toThrow(says)
  })

  it('of a scenario are checked, and what a part of them leaves out is standard', () => {
    const of = { name: 'mine', title: 'Mine' }
    const scenario = launchScenario({ ...of, params: { kinds: { honest: 1 }, curve: { poolFeeBp: 30 } } })
    const { kinds, curve } = simulate(scenario, { seed: 1 }).model.params
    expect(kinds).toEqual({ honest: 1, slowRug: 0.15, instantRug: 0.2, bundled: 0.15, farmed: 0.1 })
    expect(curve).toEqual({ ...publishedCurve, poolFeeBp: 30 })
    expect(() => launchScenario({ ...of, params: { creators: 0 } })).toThrow(/creators.*at least 1/)
  })
})

describe('a run of launches', () => {
  it('D3: resumes from any step to the digest of the uninterrupted run', () => {
    const whole = begun(busy)
    whole.run({ steps: 300 })
    for (const at of [1, 100, 299]) {
      const sim = begun(busy)
      sim.run({ steps: at })
      const resumed = resume(tokenLaunch, sim.save(), { collect: false })
      resumed.run({ steps: 300 - at })
      expect(resumed.digest).toBe(whole.digest)
    }
  })

  it('D8: decides the same beside one more agent that does nothing', () => {
    const { agents, ...rest } = tokenLaunch
    const more = defineScenario({
      ...rest,
      agents: { ...agents, Bystander },
      model: class extends (tokenLaunch.model as new () => LaunchModel) {
        override setup(): void {
          this.spawn(Bystander)
          super.setup()
        }
      },
    } as never) as unknown as Scenario
    const [alone, beside] = [begun(busy), begun(busy, 1, more)]
    const [first, second] = [tradesOf(alone), tradesOf(beside)]
    alone.run({ steps: 160 })
    beside.run({ steps: 160 })
    expect(first.length).toBeGreaterThan(100)
    expect(second).toEqual(first)
  })

  it('D5: another seed gives another story, and the same seed tells it again', () => {
    const digestOf = (seed: number) => {
      const sim = begun(busy, seed)
      sim.run({ steps: 200 })
      return sim.digest
    }
    const digests = [1, 2, 3].map(digestOf)
    expect(new Set(digests).size).toBe(3)
    expect(digestOf(1)).toBe(digests[0])
  })
})
