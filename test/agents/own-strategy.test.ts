import { defineScenario, simulate } from 'mycelia'
import { Analyst, type Bar, Swarm, sparseMarket, swarmScenario, swarmSchema, type Vote } from 'mycelia/market'
import { describe, expect, it } from 'vitest'
import { shareAgents, swarmAgents } from '../../src/agents/index.js'

class Momentum extends Analyst {
  last = 0

  override judge({ close }: Bar): Vote {
    const direction = close > this.last ? 1 : -1
    this.last = close
    return { direction, confidence: 0.9 }
  }
}

class Reversal extends Momentum {}

const options = { name: 'own', title: 'One’s own strategy', market: sparseMarket(), defaults: { minConfidence: 0.5 } }

describe('a user’s analysts', () => {
  it('are what Builder deploys, in the place of TechnicalAnalysis and under their own name', () => {
    const sim = simulate(swarmScenario({ ...options, analysts: { Momentum } }), { seed: 1 })
    sim.run({ steps: 200 })
    const { agents } = sim.model.summary() as { agents: { byType: Record<string, number>; ta: number } }
    expect(agents.byType.Momentum).toBeGreaterThan(0)
    expect(agents.byType.Momentum).toBe(agents.ta)
    expect(agents.byType.TechnicalAnalysis).toBeUndefined()
    for (const analyst of sim.model.analysts) expect(analyst).toBeInstanceOf(Momentum)
  })

  it('are shared among processes as TechnicalAnalysis would be', () => {
    const sim = simulate(swarmScenario({ ...options, analysts: { Momentum } }), { seed: 1 })
    sim.run({ steps: 200 })
    shareAgents(sim, ({ type }) => type !== 'TechnicalAnalysis')
    expect(sim.model.analysts.toArray().every(analyst => analyst.idle)).toBe(true)
    expect(sim.model.traders.toArray().some(trader => trader.idle)).toBe(false)
  })

  it('are one class, under a name that no type of the swarm has', () => {
    const two = { ...options, analysts: { Momentum, Reversal } }
    expect(() => swarmScenario(two)).toThrow('analysts of a swarm: expected one class by its name, { Momentum }, got 2.')
    expect(() => swarmScenario({ ...options, analysts: {} })).toThrow('got 0')
    expect(() => swarmScenario({ ...options, analysts: { Trading: Momentum } })).toThrow('a name that no type of the swarm has')
  })

  it('are missed where a scenario of the swarm names none', () => {
    const none = defineScenario({ title: 'No analysts', model: Swarm, params: swarmSchema, agents: swarmAgents({}) })
    expect(() => simulate(none)).toThrow('agents of a swarm: expected a class that extends Analyst.')
  })
})
