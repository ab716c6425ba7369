/** Prometheus metrics of a live run on the loopback: its last status, and the duration of its commits. */

import { OperatorError } from '../core/index.js'
import { type HttpOptions, serveHttp } from './http.js'

/** What is shown, as plain data. */
export interface MetricsSample {
  readonly step: number
  readonly tick: number
  readonly population: Readonly<Record<string, number>>
  readonly unhealthy: number
  /** Changes of status so far: candidate, confirmed, approved, rejected, retired. */
  readonly patterns: Readonly<Record<string, number>>
  readonly ideas: Readonly<Record<string, number>>
  readonly collisions: number
  readonly trades: Readonly<Record<string, number>>
  readonly pnlUsd: Readonly<Record<string, number | null>>
  readonly halts: readonly { readonly portfolio: string; readonly kind: string }[]
  readonly feedAgeSeconds: Readonly<Record<string, number | null>>
  readonly messages: Readonly<Record<string, number>>
  readonly world: Readonly<Record<string, number>>
  readonly heapBytes: number
}

export interface MetricsServer {
  readonly url: string
  set(sample: MetricsSample): void
  committed(commitMs: number, tickMs: number): void
  close(): Promise<void>
}

const seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/** Serves `/metrics`. Throws an `OperatorError` where prom-client is missing, the port is taken, or a token is missing. */
export async function serveMetrics(port: number, place: Pick<HttpOptions, 'listen' | 'token'> = {}): Promise<MetricsServer> {
  const client = await load()
  const registry = new client.Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: string[] = []) => new client.Gauge({ name, help, labelNames, registers })
  const gauges = {
    step: gauge('mycelia_step', 'Steps of the model'),
    tick: gauge('mycelia_ticks_total', 'Ticks journalled'),
    population: gauge('mycelia_agents', 'Agents by type', ['type']),
    unhealthy: gauge('mycelia_unhealthy_agents', 'Agents in quarantine'),
    patterns: gauge('mycelia_patterns_total', 'Patterns by the status they reached; its rate is the discovery rate', ['status']),
    ideas: gauge('mycelia_ideas_total', 'Ideas heard, by source', ['source']),
    collisions: gauge('mycelia_collisions_total', 'Collisions of ideas; its rate is the collision frequency'),
    trades: gauge('mycelia_trades_total', 'Finished trades by portfolio', ['portfolio']),
    pnl: gauge('mycelia_pnl_usd', 'Profit and loss by portfolio, open positions at their last price', ['portfolio']),
    halted: gauge('mycelia_halted', '1 while a halt is in force', ['portfolio', 'kind']),
    feedAge: gauge('mycelia_feed_age_seconds', 'Age of the last data by pair', ['pair']),
    messages: gauge('mycelia_messages_total', 'Messages between processes by what became of them', ['outcome']),
    world: gauge('mycelia_world_total', 'Overruns, skipped steps and the like', ['what']),
    heap: gauge('mycelia_heap_bytes', 'Heap in use'),
  }
  const commit = new client.Histogram({
    name: 'mycelia_db_commit_seconds',
    help: 'Time of a commit',
    buckets: seconds,
    registers,
  })
  const tick = new client.Histogram({ name: 'mycelia_tick_seconds', help: 'Time of a whole tick', buckets: seconds, registers })
  const text = async () => ({ type: registry.contentType, body: await registry.metrics() })
  const server = await serveHttp({ ...place, port, option: 'metrics', routes: { '/metrics': text } })
  return {
    url: `${server.url}/metrics`,
    set(sample) {
      gauges.step.set(sample.step)
      gauges.tick.set(sample.tick)
      gauges.unhealthy.set(sample.unhealthy)
      gauges.collisions.set(sample.collisions)
      gauges.heap.set(sample.heapBytes)
      gauges.halted.reset()
      for (const { portfolio, kind } of sample.halts) gauges.halted.set({ portfolio, kind }, 1)
      each(sample.population, (type, n) => gauges.population.set({ type }, n))
      each(sample.patterns, (status, n) => gauges.patterns.set({ status }, n))
      each(sample.ideas, (source, n) => gauges.ideas.set({ source }, n))
      each(sample.trades, (portfolio, n) => gauges.trades.set({ portfolio }, n))
      each(sample.pnlUsd, (portfolio, n) => gauges.pnl.set({ portfolio }, n))
      each(sample.feedAgeSeconds, (pair, n) => gauges.feedAge.set({ pair }, n))
      each(sample.messages, (outcome, n) => gauges.messages.set({ outcome }, n))
      each(sample.world, (what, n) => gauges.world.set({ what }, n))
    },
    committed(commitMs, tickMs) {
      commit.observe(commitMs / 1_000)
      tick.observe(tickMs / 1_000)
    },
    close: () => server.close(),
  }
}

/** A value that is not known is NaN in Prometheus. */
function each(values: Readonly<Record<string, number | null>>, set: (name: string, n: number) => void): void {
  for (const [name, n] of Object.entries(values)) set(name, n ?? Number.NaN)
}

type PromClient = typeof import('prom-client')

/** A CommonJS package: all of it is its default. */
async function load(): Promise<PromClient> {
  try {
    const client: unknown = await import('prom-client')
    return (client as { default?: PromClient }).default ?? (client as PromClient)
  } catch (cause) {
    const next = 'Run: npm install prom-client'
    throw new OperatorError({ what: 'metrics need the package prom-client, which is not installed', next }, { cause })
  }
}
