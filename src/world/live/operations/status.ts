/** The status of a live shard as plain data: for the terminal, `mycelia status`, metrics, and after a crash. */

import type { OperatorAction, Swarm } from '../../../agents/index.js'
import { fromUsdE6 } from '../../../core/index.js'
import type { LiveFeed, MoatFeed } from '../../../feed/index.js'
import type { Simulation } from '../../../model/index.js'
import type { LiveLedger, RunDirectory } from '../../../storage/index.js'
import { equityE6, type Halt, isHalted, type PortfolioName, portfolioNames } from '../../../trading/index.js'
import type { PeerBridge } from '../peers/index.js'

/** One portfolio of a live run, as its status shows it. */
export interface PortfolioStatus {
  readonly equityUsd: number | null
  readonly pnlUsd: number | null
  readonly trades: number
  readonly positions: readonly {
    pair: string
    direction: 1 | -1
    entryPriceUsd: number
    valueUsd: number | null
    barsHeld: number
  }[]
  readonly halted: boolean
  /** Number of ideas that led to no trade, by reason. */
  readonly ignored: Readonly<Record<string, number>>
}

/** One feed of a live run, as its status shows it. */
export interface FeedStatus {
  readonly name: string
  readonly state: string
  readonly lastDataAt: number | null
  /** Inputs of it that were taken, and those that were refused because of what they were; 0 of the market's, whose counters say more. */
  readonly taken: number
  readonly refused: number
  /** Why it failed; null: it did not. */
  readonly failure: string | null
  readonly counters: Readonly<Record<string, number>>
}

/** The state of a live run, as `readStatus` finds it. */
export interface LiveStatus {
  readonly runId: string
  readonly runDir: string
  readonly scenario: string
  readonly seed: number
  readonly pid: number
  readonly state: 'warming' | 'live' | 'stopped' | 'failed'
  readonly startedAt: number
  readonly updatedAt: number
  readonly barMs: number
  readonly agents: string | null
  readonly tick: number
  readonly step: number
  readonly modelTime: number
  readonly lastCheckpoint: number
  readonly portfolios: Readonly<Partial<Record<PortfolioName, PortfolioStatus>>>
  readonly halts: readonly Halt[]
  /** The limits in force, by name. */
  readonly limits: Readonly<Record<string, unknown>>
  /** The latest commands of operators, and what came of each. */
  readonly commands: readonly OperatorAction[]
  readonly ideas: number
  readonly collisions: number
  readonly ideasBySource: Readonly<Record<string, number>>
  readonly approved: number
  /** Number of changes of status so far, by the new status. */
  readonly patterns: Readonly<Record<string, number>>
  readonly quarantined: readonly { agent: string; step: number; reason: string }[]
  /** Every feed of the run by name, the market's first. */
  readonly feeds: readonly FeedStatus[]
  /** Time of each pair's last data. */
  readonly lastDataAt: Readonly<Record<string, number | null>>
  /** Pairs without fresh data, since when; topics in doubt, and why. */
  readonly stalePairs: readonly { pair: string; state: string; since: number | null }[]
  readonly staleStreams: readonly { stream: string; since: number | null }[]
  readonly staleTopics: readonly { topic: string; doubt: string; since: number | null }[]
  readonly linkDownSince: number | null
  readonly missed: number
  readonly rejected: number
  readonly counters: {
    readonly feed: Readonly<Record<string, number>>
    readonly transport: Readonly<Record<string, number>>
    readonly world: Readonly<Record<string, number>>
  }
  readonly timing: { readonly commitMs: number; readonly tickMs: number; readonly longestTickMs: number }
  readonly population: Readonly<Record<string, number>>
  readonly heapBytes: number
}

/** What the status reads of a shard. */
export interface ShardState {
  readonly model: Swarm
  readonly tick: number
  readonly time: number
  readonly checkpointStep: number
  readonly commitMs: number
  readonly tickMs: number
  readonly components: {
    readonly sim: Simulation<Swarm>
    readonly directory: Pick<RunDirectory, 'path' | 'runId'>
    readonly ledger: Pick<LiveLedger, 'outboxDropped'>
  }
}

/** What the status reads of the loop. */
export interface LoopState {
  readonly counters: Readonly<Record<string, number>> & { readonly longestTickMs: number }
  readonly bars: { readonly skipped: number; readonly setBack: number }
}

export interface StatusSources {
  readonly shard: ShardState
  readonly loop: LoopState | undefined
  readonly feed: LiveFeed
  readonly moats: MoatFeed | undefined
  /** Every feed by name, the market's first. */
  readonly feeds?: readonly FeedStatus[]
  readonly bridge: PeerBridge | undefined
  /** Which agents this process runs, as the operator wrote it; undefined: all. */
  readonly agents: string | undefined
  readonly startedAt: number
  readonly now: () => number
}

/** Commands that a status names. */
const commandsShown = 20

export function statusOf(sources: StatusSources, state: LiveStatus['state']): LiveStatus {
  const { shard, feed, bridge, moats, loop } = sources
  const { model } = shard
  const { directory, sim } = shard.components
  const feedCounters = { ...feed.counters(), ...prefixed('moats.', moats?.counters() ?? {}) }
  const transport = bridge === undefined ? {} : { ...bridge.transport.counters(), ...prefixed('bridge.', bridge.counters) }
  const trader = model.traders.at(0)
  return {
    runId: directory.runId,
    runDir: directory.path,
    scenario: sim.scenario.name,
    seed: Number(sim.seed),
    pid: process.pid,
    state,
    startedAt: sources.startedAt,
    updatedAt: sources.now(),
    barMs: model.barMs,
    agents: sources.agents ?? null,
    tick: shard.tick,
    step: model.steps,
    modelTime: shard.time,
    lastCheckpoint: shard.checkpointStep,
    portfolios: portfoliosOf(shard),
    halts: model.locks,
    limits: model.limits,
    commands: model.operator?.actions.slice(-commandsShown) ?? [],
    ideas: trader === undefined ? 0 : trader.ideas.baseline + trader.ideas.mycelial,
    collisions: trader?.collisions.seen ?? 0,
    ideasBySource: { ...trader?.ideas },
    approved: model.approved.size,
    patterns: { ...model.patternCounts },
    quarantined: sim.quarantined,
    feeds: sources.feeds ?? [],
    lastDataAt: Object.fromEntries(feed.status().map(p => [p.pair, p.lastDataAt])),
    stalePairs: feed.status().flatMap(p => (p.state === 'live' ? [] : [{ pair: p.pair, state: p.state, since: p.staleSince }])),
    staleStreams: (moats?.status() ?? []).flatMap(s =>
      s.stale ? [{ stream: `${s.moat}/${s.stream}`, since: s.lastValueAt }] : [],
    ),
    staleTopics: (bridge?.transport.stale() ?? []).map(t => ({
      topic: t.topic,
      doubt: t.doubt ?? 'unknown',
      since: t.staleSince ?? null,
    })),
    linkDownSince: model.linkDownSince,
    missed: (transport as Record<string, number>).missed ?? 0,
    rejected: sumOf(feedCounters, 'rejected.') + sumOf(transport, 'rejected.'),
    counters: { feed: feedCounters, transport, world: worldCounters(shard, loop) },
    timing: { commitMs: shard.commitMs, tickMs: shard.tickMs, longestTickMs: loop?.counters.longestTickMs ?? 0 },
    population: sim.population.counts(),
    heapBytes: process.memoryUsage().heapUsed,
  }
}

function portfoliosOf({ model }: ShardState): Partial<Record<PortfolioName, PortfolioStatus>> {
  const trader = model.traders.at(0)
  if (trader === undefined || trader.idle) return {}
  return Object.fromEntries(
    portfolioNames.map(name => {
      const portfolio = trader.portfolios[name]
      const equity = equityE6(portfolio)
      const positions = portfolio.held.flatMap(({ pair, position }) => {
        if (position === null) return []
        const { signal, entryPriceUsd, markE6, barsHeld } = position
        return [{ pair, direction: signal.direction, entryPriceUsd, valueUsd: usd(markE6), barsHeld }]
      })
      const pnlUsd = usd(equity - portfolio.startE6)
      return [
        name,
        {
          equityUsd: usd(equity),
          pnlUsd,
          trades: portfolio.performance.returns.n,
          positions,
          halted: isHalted(portfolio),
          ignored: { ...portfolio.ignored },
        },
      ]
    }),
  )
}

function worldCounters({ components }: ShardState, loop: LoopState | undefined): Record<string, number> {
  const { longestTickMs, ...counted } = loop?.counters ?? { longestTickMs: 0 }
  return {
    ...counted,
    longestTickMs: Math.round(longestTickMs * 100) / 100,
    stepsSkipped: loop?.bars.skipped ?? 0,
    clockSetBack: loop?.bars.setBack ?? 0,
    outboxDropped: components.ledger.outboxDropped,
    requestsWaiting: components.sim.requests.size,
  }
}

function usd(amountE6: number): number | null {
  return Number.isNaN(amountE6) ? null : fromUsdE6(amountE6)
}

function prefixed(prefix: string, counters: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counters).map(([name, n]) => [prefix + name, n]))
}

function sumOf(counters: Readonly<Record<string, number>>, prefix: string): number {
  let sum = 0
  for (const [name, n] of Object.entries(counters)) if (name.startsWith(prefix)) sum += n
  return sum
}
