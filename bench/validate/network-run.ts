/** Runs of latency scenarios and of the made network alone: the figures that their promises are judged by. */

import { simulate } from 'mycelia'
import { DAY_MS, fromUsdE6, MINUTE_MS, type NetOptions, type NetTrace, netTraceScenario, network } from 'mycelia/market'
import nettrace from '../../scenarios/nettrace.js'
import { rootOf, Stream } from '../../src/core/index.js'
import { type NetEvent, type NetScan, scenarioMarket } from '../../src/market/index.js'
import {
  detect,
  type HostDetector,
  type NetFinding,
  newDetector,
  standardDetector,
  type Trade,
  TradeConfirmations,
} from '../../src/trading/index.js'

/** What one run of a latency scenario came to. */
export interface LatencyFigures {
  readonly seed: number
  readonly hypotheses: readonly { type: string; units: number; mean: number | null; t: number | null; confirmed: boolean }[]
  readonly matured: number
  readonly right: number
  /** Outcomes by confidence, a bin a twentieth. */
  readonly reliability: readonly { n: number; right: number; confidences: number }[]
  readonly trades: number
  readonly pnlUsd: number
  readonly quarantined: number
  /** Detectors that were fired. */
  readonly fired: number
}

const made = new Map<string, LatencyFigures>()

/** Runs a latency scenario; one made before is not made again. `move`: what a planted outage does to prices. */
export function latencyRun(seed: number, { move, steps, params = {} }: LatencyTask): LatencyFigures {
  const name = JSON.stringify({ seed, move, steps, params })
  const known = made.get(name)
  if (known !== undefined) return known
  const scenario = netTraceScenario({
    name: 'nettrace',
    title: 'Latency signals',
    market: network({ net: { planted: { move }, truthDays: 0 } }),
  })
  const sim = simulate(scenario, { seed, params, collect: false })
  let pnlE6 = 0
  sim.tap((topic, message) => {
    if (topic === TradeConfirmations) pnlE6 += (message as Trade).pnlE6
  })
  sim.run({ steps })
  sim.finish()
  const figures = figuresOf(sim.model, { seed, pnlUsd: fromUsdE6(pnlE6), quarantined: sim.quarantined.length })
  made.set(name, figures)
  return figures
}

export interface LatencyTask {
  readonly move: number
  readonly steps: number
  readonly params?: Record<string, unknown>
}

function figuresOf(model: NetTrace, rest: Pick<LatencyFigures, 'seed' | 'pnlUsd' | 'quarantined'>): LatencyFigures {
  const { hypotheses, trades, accuracy } = model.summary() as unknown as Pick<LatencyFigures, 'hypotheses' | 'trades'> & {
    accuracy: { matured: number; right: number }
  }
  const { matured, right } = accuracy
  const orchestrator = model.orchestrators.at(0)
  const { reliability = [], staff } = { ...orchestrator }
  return { ...rest, hypotheses, matured, right, reliability, trades, fired: staff?.fired ?? 0 }
}

/** Scans a second of CPU time: other programs must not count. */
export function scansPerSecond(seed: number, steps: number): number {
  const sim = simulate(nettrace, { seed, collect: false })
  sim.run({ steps: 2_000 })
  const taken = () => sim.model.scanners.sum(scanner => scanner.scans)
  const [scans, before] = [taken(), process.cpuUsage()]
  sim.run({ steps })
  const { user, system } = process.cpuUsage(before)
  return (taken() - scans) / ((user + system) / 1e6)
}

/** A network that is watched without a price: what each detector finds, and what there was to find. */
export interface WatchedNetwork {
  readonly scans: number
  readonly hostDays: number
  readonly found: readonly (NetFinding & { readonly host: string; readonly time: number })[]
  readonly events: readonly NetEvent[]
  readonly end: number
}

/** Watches a made network for some days, by the detectors of a latency run. */
export function watchNetwork(
  seed: number,
  { net, days, barMs = 2 * MINUTE_MS }: { net: NetOptions; days: number; barMs?: number },
): WatchedNetwork {
  const pair = 'XXBTZUSD'
  const hosts = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`host-${i}.example`, [pair]]))
  const market = scenarioMarket(network({ net: { hosts, truthDays: days, ...net } }), { pairs: [pair], barMs, seed })
  const detectors = new Map<string, HostDetector>(Object.keys(hosts).map(host => [host, newDetector()]))
  const rng = new Stream(rootOf(seed), 'watched network')
  const found: (NetFinding & { host: string; time: number })[] = []
  let scans = 0
  let end = 0
  for (let step = 0; step < (days * DAY_MS) / barMs; step++) {
    const tick = market.next()
    if (tick === undefined) break
    end = tick.time
    const byHost = new Map<string, NetScan[]>()
    for (const input of tick.inputs) {
      if (input.kind !== 'scan') continue
      scans++
      // A vantage point that hears nothing at all says nothing of hosts: a Scanner refuses it.
      if (!input.scan.gateway) continue
      const list = byHost.get(input.scan.host)
      if (list === undefined) byHost.set(input.scan.host, [input.scan])
      else list.push(input.scan)
    }
    for (const [host, list] of byHost)
      for (const finding of detect(detectors.get(host) as HostDetector, list, {
        settings: standardDetector,
        rng,
        weight: () => 0.5,
      }))
        found.push({ ...finding, host, time: tick.time })
  }
  const { truth } = market.describe().network as { truth: { events: NetEvent[] } }
  return { scans, hostDays: days * detectors.size, found, events: truth.events, end }
}

/** A network on which nothing happens. */
export const quietNet: NetOptions = {
  outages: { perDay: 0 },
  degradations: { perDay: 0 },
  reroutes: { perDay: 0 },
  vantageTroubles: { perDay: 0 },
  rateLimits: { perDay: 0 },
}
