/** The trade-agent: limits that no fill passes, decisions that can be made again, data that grow old, and what it learns. */
import { resume, type Scenario, type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import staleData from '../../scenarios/stale-data.js'
import tokenLaunch from '../../scenarios/token-launch.js'
import { traceOf } from '../../src/agents/decision/graph.js'
import { type DecisionInputs, userGraph } from '../../src/agents/decision/user-graph.js'
import type { LaunchModel } from '../../src/agents/index.js'
import { CROSSING_MS } from '../../src/agents/launch/coordination.js'
import { confidenceIn } from '../../src/agents/launch/learning.js'
import { volumeOf } from '../../src/agents/launch/token.js'
import { type UserDecision, UserDecisions, type UserTrade, UserTrades } from '../../src/agents/launch/topics.js'
import { sha256, toHex } from '../../src/core/index.js'
import { SOL } from '../../src/exchange/index.js'
import { times } from '../tier.js'

type World = Simulation<LaunchModel>

/** Cycles of twenty seconds in place of twenty minutes, slots of two seconds, and any confidence will do. */
const quick = {
  slotMs: 2_000,
  launchEveryMs: 4_000,
  fetchEveryMs: 20_000,
  tradeAfterMs: 5_000,
  outcomeMs: 20_000,
  horizonMs: 60_000,
  scoreAgesMin: [1],
  minConfidence: 0,
}

function begun(params: Record<string, unknown> = {}, seed = 1, scenario: Scenario = tokenLaunch as unknown as Scenario): World {
  return simulate(scenario, { seed, params: { ...quick, ...params }, collect: false }) as unknown as World
}

function heard<T>(sim: World, topic: object): T[] {
  const all: T[] = []
  sim.tap((of, message) => {
    if (of === topic) all.push(message as T)
  })
  return all
}

describe('the trade-agent', () => {
  it('records each decision with all it was made of: made again from that it is the same, and each entry has one', () => {
    const sim = begun()
    const decisions = heard<UserDecision>(sim, UserDecisions)
    const trades = heard<UserTrade>(sim, UserTrades)
    sim.run({ steps: 200 })
    expect(decisions.length).toBeGreaterThan(200)
    const ports = { rules: [], minConfidence: 0, reviewConfidence: 0.6, confidence: confidenceIn }
    for (const { inputs, inputsDigest, nodes } of decisions) {
      expect(toHex(sha256(new TextEncoder().encode(inputs)))).toBe(inputsDigest)
      expect(traceOf(userGraph, JSON.parse(inputs) as DecisionInputs, ports)).toEqual(JSON.parse(nodes))
    }
    const entered = new Map(decisions.filter(({ outcome }) => outcome === 'entry').map(d => [d.id, d]))
    expect(entered.size).toBe(decisions.filter(({ outcome }) => outcome === 'entry').length)
    const bought = trades.filter(({ action }) => action === 'buy')
    expect(bought.length).toBeGreaterThan(50)
    for (const { user, pair, decision } of bought) expect(entered.get(decision)).toMatchObject({ user, pair })
    expect(new Set(bought.map(({ decision }) => decision)).size).toBe(bought.length)
  })

  it('passes no limit of a user by one unit, though all users want the same tokens in one tick', () => {
    const limits = { users: times(200, 1_000), openPositions: 2, tradesPerDay: 3, largestTradeSol: 0.3, coordinationShare: 1 }
    const sim = begun(limits)
    const trades = heard<UserTrade>(sim, UserTrades)
    const spent = new Map<string, number>()
    for (let i = 0; i < 6; i++) {
      sim.run({ steps: 12 })
      for (const user of sim.model.users) expect(user.positions.size + user.waiting.size).toBeLessThanOrEqual(2)
    }
    for (const { user, action, lamports } of trades) {
      if (action !== 'buy') continue
      spent.set(user, (spent.get(user) ?? 0) + 1)
      expect(lamports).toBeLessThanOrEqual(0.3 * SOL)
    }
    expect(Math.max(...spent.values())).toBeLessThanOrEqual(3)
    expect(spent.size).toBeGreaterThan(50)
  })

  it('measures a day’s loss by what users have: nothing is paid in for them, as it is for all others', () => {
    const sim = begun({ slotMs: 60_000, launchEveryMs: 86_400_000, users: 2 })
    const [user, noise] = [sim.model.users.at(0), sim.model.owners.get('NoiseTrader-0')]
    if (user === undefined || noise === undefined) throw new Error('nobody is there')
    user.lamports = 3 * SOL
    noise.lamports = 3 * SOL
    sim.run({ steps: 60 })
    expect(noise.lamports).toBe(noise.stake)
    expect(user.lamports).toBe(3 * SOL)
  })

  it('lets all users together buy at most a tenth of a token’s hourly volume, and nothing within five minutes of a sale', () => {
    const sim = begun({ users: 100 })
    const trades = heard<UserTrade>(sim, UserTrades)
    const volumes = new Map<string, number>()
    let onTheirWay = 0
    for (let i = 0; i < 40; i++) {
      sim.run({ steps: 10 })
      for (const token of sim.model.tokens.values())
        volumes.set(token.pair, Math.max(volumes.get(token.pair) ?? 0, volumeOf(token)))
      for (const { leaving, operator } of sim.model.users)
        for (const pair of leaving.keys()) {
          onTheirWay++
          const { tokens } = operator.own.coordination as { tokens: Record<string, { soldAt: number | null }> }
          expect(sim.model.now - (tokens[pair]?.soldAt ?? Number.NEGATIVE_INFINITY)).toBeLessThan(CROSSING_MS)
        }
    }
    const bought = new Map<string, number>()
    const soldAt = new Map<string, number>()
    let sales = 0
    for (const { pair, action, lamports, time } of trades) {
      if (action === 'sell') {
        sales++
        soldAt.set(pair, time)
        continue
      }
      bought.set(pair, (bought.get(pair) ?? 0) + lamports)
      // What was granted before another user sent a sale may fill two slots after it, of the three that an order takes at most.
      const since = time - (soldAt.get(pair) ?? Number.NEGATIVE_INFINITY)
      expect(since < CROSSING_MS && since > 2 * quick.slotMs).toBe(false)
    }
    expect(sales).toBeGreaterThan(20)
    expect(onTheirWay).toBeGreaterThan(0)
    for (const [pair, lamports] of bought) expect(lamports).toBeLessThanOrEqual(0.1 * (volumes.get(pair) ?? 0))
  })

  it('buys nothing for users that have not agreed, and for those that have only what they agreed to', () => {
    const sim = begun({ users: 10 })
    const trades = heard<UserTrade>(sim, UserTrades)
    for (const user of sim.model.users)
      user.consents = user.ordinal === 0 ? [] : user.consents.map(consent => ({ ...consent, category: 'mid' }))
    const decisions = heard<UserDecision>(sim, UserDecisions)
    sim.run({ steps: 200 })
    expect(trades.length).toBeGreaterThan(0)
    expect(trades.filter(({ user }) => user === 'User-0')).toEqual([])
    for (const { inputs } of decisions) expect((JSON.parse(inputs) as DecisionInputs).userData.consents).toBe(true)
    expect(sim.model.tradeAgents.at(0)?.skips.noConsent).toBeGreaterThan(0)
  })

  it('enters nothing on data that are too old, and counts why', () => {
    const fails = { fromMs: 60_000, untilMs: 1e9 }
    const params = { slotMs: 10_000, launchEveryMs: 60_000, fetchEveryMs: 240_000, tradeAfterMs: 100_000 }
    const sim = begun(
      { ...params, fetchFails: null, newsFails: { ...fails, fromMs: 480_000 } },
      1,
      staleData as unknown as Scenario,
    )
    sim.run({ steps: 400 })
    const agent = sim.model.tradeAgents.at(0)
    expect(agent?.skips.staleNews ?? 0).toBeGreaterThan(0)
    expect(agent?.skips.missingNews ?? 0).toBeGreaterThan(0)
    const stale = begun({ ...params, fetchFails: { ...fails, fromMs: 480_000 }, newsFails: null })
    stale.run({ steps: 400 })
    expect(stale.model.tradeAgents.at(0)?.skips.staleSnapshot ?? 0).toBeGreaterThan(0)
    expect(stale.model.tradeAgents.at(0)?.failedFetches).toBeGreaterThan(5)
  })

  it('asks the rules of a file, and refuses one that is wrong by its line', () => {
    const rules = 'id,priority,when,action,value,until\nnever,1,buyers >= 0,refuse,,\n'
    const sim = begun({ rules })
    const decisions = heard<UserDecision>(sim, UserDecisions)
    sim.run({ steps: 60 })
    expect(decisions).toEqual([])
    expect(sim.model.tradeAgents.at(0)?.skips['rule:never']).toBeGreaterThan(0)
    expect(() => begun({ rules: rules.replace('buyers', 'bayers') })).toThrow(/rules.csv:2/)
  })

  it('leaves at a stop, behind a peak, at the horizon of the profile, and when insiders leave', () => {
    const sim = begun({ users: 60, coordinationShare: 1 })
    const trades = heard<UserTrade>(sim, UserTrades)
    sim.run({ steps: 600 })
    const reasons = new Set(trades.filter(({ action }) => action === 'sell').map(({ reason }) => reason))
    expect([...reasons].sort()).toEqual(['horizon', 'insiders', 'stop', 'trailingStop'])
    const late = trades.filter(({ reason }) => reason === 'horizon')
    for (const { heldMs } of late) expect(heldMs).toBeGreaterThanOrEqual(600_000)
  })

  it('buys nothing before its confidence has been earned', () => {
    const sim = begun({ minConfidence: 0.7 })
    const agent = sim.model.tradeAgents.at(0)
    while ((agent?.learning.matured ?? 0) < 15) sim.run({ steps: 1 })
    expect(agent?.entries).toBe(0)
    expect(agent?.skips.lowConfidence).toBeGreaterThan(0)
    sim.run({ steps: 160 })
    expect(agent?.entries).toBeGreaterThan(0)
  })

  it('D3: resumes from any step to the digest of the uninterrupted run', () => {
    const whole = begun()
    whole.run({ steps: 100 })
    for (const at of [12, 42, 99]) {
      const sim = begun()
      sim.run({ steps: at })
      const resumed = resume(tokenLaunch, sim.save(), { collect: false })
      resumed.run({ steps: 100 - at })
      expect(resumed.digest).toBe(whole.digest)
    }
  })
})
