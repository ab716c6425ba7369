/** The status of a live shard as plain data: for the terminal, `mycelia status`, metrics, and after a crash. */

import type { LiveModel, OperatorAction, SearchProgress } from '../../../agents/index.js'
import type { FailedSource, LiveFeed, MoatFeed, PairStatus } from '../../../feed/index.js'
import type { Simulation } from '../../../model/index.js'
import type { LiveLedger, RunDirectory } from '../../../storage/index.js'
import { equityE6, type Halt, isHalted, type PositionStatus, positionsOf, usdOrNull } from '../../../trading/index.js'
import type { PeerBridge } from '../peers/index.js'
import type { LiveCondition } from './condition.js'
import type { Control, PendingCommand } from './control.js'
import { failedSources } from './failed-sources.js'
import type { FeedStatus } from './feed-status.js'
import type { LastTrade } from './last-trade.js'
import { printCounters } from './prints.js'

/** One portfolio of a live run, as its status shows it. */
export interface PortfolioStatus {
  readonly equityUsd: number | null
  readonly pnlUsd: number | null
  readonly trades: number
  readonly positions: readonly PositionStatus[]
  readonly halted: boolean
  /** Signals received: ideas, and for `synthesized` collisions. */
  readonly signals: number
  /** Number of ideas that led to no trade, by reason. */
  readonly ignored: Readonly<Record<string, number>>
}

/** The memory of a live run where Chroma holds it; counts since this process began. */
export interface MemoryStatus {
  readonly url: string
  /** Ideas it was asked about, and those of which it could not say anything in time. */
  readonly requests: number
  readonly unanswered: number
  /** Finished trades handed to it, those that wait, failed attempts, and those for which there was no room to wait. */
  readonly stored: number
  readonly waiting: number
  readonly failed: number
  readonly dropped: number
  /** Times the ledger was compared with it to its end, and whether it may lack trades of the ledger now. */
  readonly caughtUp: number
  readonly behind: boolean
  /** What the last attempt failed of; null after one that did not. */
  readonly trouble: string | null
}

/** The state of a live run, as `readStatus` finds it. */
export interface LiveStatus {
  readonly runId: string
  readonly runDir: string
  readonly scenario: string
  readonly seed: number
  readonly pid: number
  readonly state: 'waiting' | 'warming' | 'live' | 'stopped' | 'failed'
  readonly startedAt: number
  readonly updatedAt: number
  readonly barMs: number
  readonly agents: string | null
  readonly tick: number
  readonly step: number
  /** Time of the last tick, and end of the last bar that was a step; null before the first. */
  readonly modelTime: number
  readonly lastBarEnd: number | null
  readonly lastCheckpoint: number
  readonly portfolios: Readonly<Record<string, PortfolioStatus>>
  readonly halts: readonly Halt[]
  /** The limits in force, by name. */
  readonly limits: Readonly<Record<string, unknown>>
  /** The latest commands of operators, and what came of each. */
  readonly commands: readonly OperatorAction[]
  /** Commands that wait for the first tick, because the run is not live yet. */
  readonly pending: readonly PendingCommand[]
  readonly ideas: number
  readonly collisions: number
  readonly ideasBySource: Readonly<Record<string, number>>
  readonly approved: number
  /** Number of changes of status so far, by the new status. */
  readonly patterns: Readonly<Record<string, number>>
  readonly quarantined: readonly { agent: string; step: number; reason: string }[]
  /** Pairs whose data ended while positions were open, and what a position then loses against the last close, a fraction. */
  readonly dataEnded: readonly { pair: string; lastBarEnd: number; positions: number }[]
  readonly dataEndedLoss: number
  /** Every feed of the run by name, the market's first. */
  readonly feeds: readonly FeedStatus[]
  /** Time of each pair's last data. */
  readonly lastDataAt: Readonly<Record<string, number | null>>
  /** Pairs without fresh data, since when; topics in doubt, and why. */
  readonly stalePairs: readonly { pair: string; state: string; since: number | null }[]
  readonly staleStreams: readonly { stream: string; since: number | null }[]
  readonly staleTopics: readonly { topic: string; doubt: string; since: number | null }[]
  readonly linkDownSince: number | null
  /** Sources of data that fail now. */
  readonly failedSources: readonly FailedSource[]
  /** Null: the model searches for no patterns. */
  readonly search: SearchProgress | null
  /** How far this machine's clock is ahead of the exchange's; null: not compared yet. */
  readonly clockOffsetMs: number | null
  readonly lastTrade: LastTrade | null
  /** Null: the memory in the process itself is asked. */
  readonly memory: MemoryStatus | null
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
  /** What an operator should know, in words; what is trouble stands first. */
  readonly conditions: readonly LiveCondition[]
  /** Why nothing is traded now, or a line for each portfolio on what became of its signals. */
  readonly why: string
}

/** The status before it is put into words. */
export type LiveFacts = Omit<LiveStatus, 'conditions' | 'why'>

/** What the status reads of a shard. */
export interface ShardState {
  readonly model: LiveModel
  readonly tick: number
  readonly time: number
  /** End of the last bar that was a step; 0 before the first. */
  readonly closedUntil: number
  readonly checkpointStep: number
  readonly commitMs: number
  readonly tickMs: number
  readonly components: {
    readonly sim: Simulation<LiveModel>
    readonly directory: Pick<RunDirectory, 'path' | 'runId'>
    readonly ledger: Pick<LiveLedger, 'outboxDropped'>
    readonly archive: { readonly counters: Readonly<Record<string, number>> }
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
  readonly control: Pick<Control, 'counters' | 'pending'> | undefined
  /** What counts the commands of a chat. */
  readonly chat?: { readonly counters: Readonly<Record<string, number>> } | undefined
  /** Which agents this process runs, as the operator wrote it; undefined: all. */
  readonly agents: string | undefined
  readonly startedAt: number
  readonly lastTrade: LastTrade | null
  readonly memory?: MemoryStatus | undefined
  /** What could not be written or sent, counted. */
  readonly losses: Readonly<Record<string, number>>
  readonly now: () => number
}

/** Commands that a status names. */
const commandsShown = 20

export function statusOf(sources: StatusSources, state: LiveStatus['state']): LiveFacts {
  const { shard, feed, bridge, moats, loop } = sources
  const { model } = shard
  const { directory, sim } = shard.components
  const feedCounters = { ...feed.counters(), ...prefixed('moats.', moats?.counters() ?? {}) }
  const transport = bridge === undefined ? {} : { ...bridge.transport.counters(), ...prefixed('bridge.', bridge.counters) }
  const { ideas, collisions, approved, patterns, dataEnded, search } = model.progress
  const pairs = feed.status()
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
    lastBarEnd: shard.closedUntil > 0 ? shard.closedUntil : null,
    lastCheckpoint: shard.checkpointStep,
    portfolios: portfoliosOf(shard),
    halts: [...model.locks],
    limits: model.limits,
    commands: model.operator?.actions.slice(-commandsShown) ?? [],
    pending: state === 'live' ? [] : (sources.control?.pending() ?? []),
    ideas: Object.values(ideas).reduce((sum, n) => sum + n, 0),
    collisions,
    ideasBySource: ideas,
    approved,
    patterns,
    quarantined: sim.quarantined,
    dataEnded,
    dataEndedLoss: model.params.dataEndedLoss,
    feeds: sources.feeds ?? [],
    lastDataAt: Object.fromEntries(pairs.map(p => [p.pair, p.lastDataAt])),
    stalePairs: stalePairsOf(pairs, model.stale),
    staleStreams: (moats?.status() ?? []).flatMap(s =>
      s.stale ? [{ stream: `${s.moat}/${s.stream}`, since: s.lastValueAt }] : [],
    ),
    staleTopics: (bridge?.transport.stale() ?? []).map(t => ({
      topic: t.topic,
      doubt: t.doubt ?? 'unknown',
      since: t.staleSince ?? null,
    })),
    linkDownSince: model.linkDownSince,
    failedSources: failedSources(pairs, moats, sources.feeds ?? []),
    search,
    clockOffsetMs: feed.clockOffsetMs?.() ?? null,
    lastTrade: sources.lastTrade,
    memory: sources.memory ?? null,
    missed: (transport as Record<string, number>).missed ?? 0,
    rejected: sumOf(feedCounters, 'rejected.') + sumOf(transport, 'rejected.'),
    counters: {
      feed: feedCounters,
      transport,
      world: { ...worldCounters(shard, loop), ...controlCounters(sources), ...memoryCounters(sources), ...sources.losses },
    },
    timing: { commitMs: shard.commitMs, tickMs: shard.tickMs, longestTickMs: loop?.counters.longestTickMs ?? 0 },
    population: sim.population.counts(),
    heapBytes: process.memoryUsage().heapUsed,
  }
}

/** Those that the feed calls so, and those of other processes that the model has heard of. */
function stalePairsOf(pairs: readonly PairStatus[], heard: ReadonlyMap<string, number>): LiveStatus['stalePairs'] {
  const own = pairs.flatMap(({ pair, state, staleSince }) => {
    return state === 'live' ? [] : [{ pair, state, since: staleSince ?? heard.get(pair) ?? null }]
  })
  const others = [...heard].filter(([pair]) => !pairs.some(own => own.pair === pair))
  return [...own, ...others.map(([pair, since]) => ({ pair, state: 'stale', since }))]
}

function portfoliosOf({ model }: ShardState): Record<string, PortfolioStatus> {
  return Object.fromEntries(
    model.portfolios.map(portfolio => {
      const equity = equityE6(portfolio)
      const pnlUsd = usdOrNull(equity - portfolio.startE6)
      return [
        portfolio.name,
        {
          equityUsd: usdOrNull(equity),
          pnlUsd,
          trades: portfolio.performance.returns.n,
          positions: positionsOf(portfolio),
          halted: isHalted(portfolio),
          signals: portfolio.signals,
          ignored: { ...portfolio.ignored },
        },
      ]
    }),
  )
}

function worldCounters({ components, model }: ShardState, loop: LoopState | undefined): Record<string, number> {
  const { longestTickMs, ...counted } = loop?.counters ?? { longestTickMs: 0 }
  return {
    ...counted,
    longestTickMs: Math.round(longestTickMs * 100) / 100,
    stepsSkipped: loop?.bars.skipped ?? 0,
    clockSetBack: loop?.bars.setBack ?? 0,
    outboxDropped: components.ledger.outboxDropped,
    requestsWaiting: components.sim.requests.size,
    ...prefixed('journal.', components.archive.counters),
    ...printCounters(model),
  }
}

function controlCounters({ control, chat }: StatusSources): Record<string, number> {
  return { ...prefixed('control.', control?.counters ?? {}), ...prefixed('control.telegram.', chat?.counters ?? {}) }
}

function prefixed(prefix: string, counters: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counters).map(([name, n]) => [prefix + name, n]))
}

function sumOf(counters: Readonly<Record<string, number>>, prefix: string): number {
  let sum = 0
  for (const [name, n] of Object.entries(counters)) if (name.startsWith(prefix)) sum += n
  return sum
}

function memoryCounters({ memory }: StatusSources): Record<string, number> {
  if (memory === undefined) return {}
  const { url: _, trouble: __, behind, ...counted } = memory
  return prefixed('memory.', { ...counted, behind: behind ? 1 : 0 })
}
