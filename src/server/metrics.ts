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
  /** Whether the run is live: 0 while it warms up. */
  readonly live: number
  readonly linkUp: number
  /** By pair: 1 where its data is stale. */
  readonly stale: Readonly<Record<string, number>>
  /** By source: 1 while it fails. */
  readonly sourceFailing: Readonly<Record<string, number>>
  /** Every feed of the run; `counters`: its own, by what they count. */
  readonly feeds: readonly {
    readonly name: string
    readonly state: string
    readonly taken: number
    readonly refused: number
    readonly counters: Readonly<Record<string, number>>
  }[]
  /** When things last happened, seconds since 1970; null: not yet. */
  readonly lastSeconds: Readonly<Record<'status' | 'data' | 'tick' | 'bar' | 'trade', number | null>>
  readonly patternsInForce: { readonly all: number; readonly traded: number }
  readonly searchBars: { readonly had: number; readonly needed: number }
  readonly signals: Readonly<Record<string, number>>
  /** Signals that led to nothing, by portfolio and reason. */
  readonly untraded: readonly { readonly portfolio: string; readonly reason: string; readonly count: number }[]
  readonly openPositions: Readonly<Record<string, number>>
  readonly clockOffsetSeconds: number | null
  /** 1 for each condition that is trouble now. */
  readonly troubles: readonly string[]
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
    live: gauge('mycelia_live', '1 while the run is live, 0 while it warms up'),
    linkUp: gauge('mycelia_link_up', '0 while the link to the other processes is down: exits only'),
    stale: gauge('mycelia_stale', '1 while a pair has no fresh data: no entries there', ['pair']),
    sources: gauge('mycelia_source_failing', '1 while a source of data fails', ['source']),
    feedLive: gauge('mycelia_feed_live', '1 while a feed is live, 0 while it starts, is stale or has failed', ['feed']),
    feedCounts: gauge('mycelia_feed_total', 'What a feed has counted: inputs taken and refused, requests, failures', [
      'feed',
      'what',
    ]),
    last: gauge('mycelia_last_timestamp_seconds', 'When it last happened: status, data, tick, bar, trade', ['what']),
    inForce: gauge('mycelia_patterns_in_force', 'Patterns in force: all, and those whose value pays for a round trip', ['which']),
    search: gauge('mycelia_search_bars', 'Bars the search has had, and needs before it can find anything', ['which']),
    signals: gauge('mycelia_signals_total', 'Signals received, by portfolio', ['portfolio']),
    untraded: gauge('mycelia_untraded_total', 'Signals that led to nothing, by portfolio and reason', ['portfolio', 'reason']),
    open: gauge('mycelia_open_positions', 'Open positions by portfolio', ['portfolio']),
    clock: gauge('mycelia_clock_offset_seconds', 'How far the clock is ahead of the exchange’s; NaN: not compared'),
    trouble: gauge('mycelia_trouble', '1 for each condition that is trouble now, as status names it', ['condition']),
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
      gauges.live.set(sample.live)
      gauges.linkUp.set(sample.linkUp)
      gauges.clock.set(sample.clockOffsetSeconds ?? Number.NaN)
      gauges.sources.reset()
      gauges.trouble.reset()
      for (const condition of sample.troubles) gauges.trouble.set({ condition }, 1)
      for (const { portfolio, reason, count } of sample.untraded) gauges.untraded.set({ portfolio, reason }, count)
      each(sample.stale, (pair, n) => gauges.stale.set({ pair }, n))
      each(sample.sourceFailing, (source, n) => gauges.sources.set({ source }, n))
      for (const { name: feed, state, taken, refused, counters } of sample.feeds) {
        gauges.feedLive.set({ feed }, state === 'live' ? 1 : 0)
        each({ ...counters, taken, refused }, (what, n) => gauges.feedCounts.set({ feed, what }, n))
      }
      each(sample.lastSeconds, (what, n) => gauges.last.set({ what }, n))
      each(sample.patternsInForce, (which, n) => gauges.inForce.set({ which }, n))
      each(sample.searchBars, (which, n) => gauges.search.set({ which }, n))
      each(sample.signals, (portfolio, n) => gauges.signals.set({ portfolio }, n))
      each(sample.openPositions, (portfolio, n) => gauges.open.set({ portfolio }, n))
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
