import { type Simulation, simulate } from 'mycelia'
import { MINUTE_MS, network, type Swarm, swarmScenario } from 'mycelia/market'
import { describe, expect, it } from 'vitest'
import type { MarketInput, NetScan } from '../../src/market/index.js'
import { times } from '../tier.js'

const barMs = 15 * MINUTE_MS
const hosts = { 'api.one.example': ['XXBTZUSD'], 'api.two.example': ['ADAUSD'], 'api.three.example': ['SOLUSD'] }

/** Outages every few hours; each moves the pair of its host by `move` within the bar after it is seen, and back after its end. */
function swarm(move: number, { vantages = ['a', 'b', 'c'], isAsked = true } = {}) {
  return swarmScenario({
    name: 'network-moat',
    title: 'How late hosts answer, as a driver of prices',
    market: network({
      net: {
        hosts,
        everyMs: barMs,
        truthDays: 0,
        outages: { perDay: 6, minutes: [30, 90], dark: 0, rerouted: 0 },
        degradations: { perDay: 0 },
        planted: { share: 1, move, lead: [10, 15], over: 15 },
      },
    }),
    defaults: {
      pairs: Object.values(hosts).flat(),
      barMs,
      ...(isAsked && { network: { hosts, vantages, learners: 6 } }),
      codeLearners: 0,
      logisticsLearners: 0,
      governmentLearners: 0,
      corporationsLearners: 0,
      financeLearners: 12,
    },
  })
}

function ran(move: number, seed: number, steps = 4_000): Simulation<Swarm> {
  const sim = simulate(swarm(move), { seed, collect: false })
  sim.run({ steps })
  return sim as unknown as Simulation<Swarm>
}

const networkPatterns = ({ model }: Simulation<Swarm>) => [...model.approved].filter(([name]) => name.startsWith('network:'))

describe('the network moat', () => {
  const seeds = Array.from({ length: times(1, 8) }, (_, i) => i + 1)

  it('has patterns approved of each planted host and its own pair, with the sign that was planted', () => {
    for (const seed of seeds) {
      const sim = ran(0.01, seed)
      for (const [host, [pair]] of Object.entries(hosts)) {
        const next = new RegExp(`^network:${host}\\|(level|change)\\|0\\|${pair}\\|1$`)
        const own = networkPatterns(sim).filter(([name]) => next.test(name))
        expect(own.length).toBeGreaterThan(0)
        // Late answers come before a fall.
        expect(own.map(([, { sign }]) => sign)).toEqual(own.map(() => -1))
      }
    }
  })

  it('has none approved where the same outages move no price', () => {
    for (const seed of seeds) expect(networkPatterns(ran(0, seed))).toEqual([])
  })

  it('has no values of one vantage point alone', () => {
    const sim = simulate(swarm(0, { vantages: ['a'] }), { seed: 1, collect: false })
    sim.run({ steps: 100 })
    const miner = sim.model.networkMiner
    expect([miner?.values, miner?.scans]).toEqual([0, 100 * Object.keys(hosts).length])
  })

  it('refuses and counts scans that may not be believed, and those of vantage points that are not listed', () => {
    const sim = simulate(swarm(0), { seed: 1, collect: false })
    sim.run({ steps: 1 })
    const { model } = sim
    const scan: NetScan = {
      host: 'api.one.example',
      vantage: 'a',
      time: model.now + 1,
      hops: [{ ttl: 1, address: 'r', rttMs: 1 }],
      probesMs: [1],
      gateway: true,
    }
    const take = (given: NetScan) => {
      const input: MarketInput = { kind: 'scan', scan: given }
      model.receive(input)
    }
    take({ ...scan, vantage: 'elsewhere' })
    take({ ...scan, host: 'api.other.example' })
    take({ ...scan, probesMs: [-1] })
    take({ ...scan, probesMs: [Number.NaN] })
    take({ ...scan, hops: [] })
    take({ ...scan, probesMs: [null], gateway: false })
    take({ ...scan, time: scan.time - 2 })
    const miner = model.networkMiner
    expect(miner?.strangers).toBe(1)
    expect(miner?.rejected).toEqual({ unknownHost: 1, rttNegative: 1, rttUnknown: 1, noHops: 1, vantageDown: 1, clockStep: 1 })
  })

  it('is absent unless it is asked for', () => {
    const sim = simulate(swarm(0, { isAsked: false }), { seed: 1, collect: false })
    sim.run({ steps: 10 })
    expect(sim.model.networkMiner).toBeUndefined()
    expect(sim.model.hypotheses.drivers.filter(name => name.startsWith('network:'))).toEqual([])
  })
})
