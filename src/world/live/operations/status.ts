/** How a live run is doing, as plain data: for the terminal, `mycelia status`, metrics, and whoever looks after a crash. */

import { fromUsdE6 } from '../../../core/index.js'
import type { LiveFeed, MoatFeed } from '../../../feed/index.js'
import { type BookName, bookNames, equityE6, type Halt, haltsInForce } from '../../../trading/index.js'
import type { LiveLoop } from '../engine/loop.js'
import type { LivePart } from '../engine/part.js'
import type { Remote } from '../peers/remote.js'

/** One book of a live run, as its status shows it. */
export interface BookStatus {
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
  /** Ideas that led to nothing, by reason. */
  readonly ignored: Readonly<Record<string, number>>
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
  readonly books: Readonly<Partial<Record<BookName, BookStatus>>>
  readonly halts: readonly Halt[]
  readonly ideas: number
  readonly collisions: number
  readonly ideasBySource: Readonly<Record<string, number>>
  readonly approved: number
  /** Changes of status so far, by status. */
  readonly patterns: Readonly<Record<string, number>>
  readonly quarantined: readonly { agent: string; step: number; reason: string }[]
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

export interface StatusParts {
  readonly part: LivePart
  readonly loop: LiveLoop | undefined
  readonly feed: LiveFeed
  readonly moats: MoatFeed | undefined
  readonly remote: Remote | undefined
  readonly agents: string | undefined
  readonly startedAt: number
  readonly now: () => number
}

export function statusOf(parts: StatusParts, state: LiveStatus['state']): LiveStatus {
  const { part, feed, remote, moats, loop } = parts
  const { model } = part
  const { directory, sim } = part.parts
  const feedCounters = { ...feed.counters(), ...prefixed('moats.', moats?.counters() ?? {}) }
  const transport = remote === undefined ? {} : { ...remote.transport.counters(), ...prefixed('bridge.', remote.counters) }
  const trader = model.traders.at(0)
  return {
    runId: directory.runId,
    runDir: directory.path,
    scenario: sim.scenario.name,
    seed: Number(sim.seed),
    pid: process.pid,
    state,
    startedAt: parts.startedAt,
    updatedAt: parts.now(),
    barMs: model.barMs,
    agents: parts.agents ?? null,
    tick: part.tick,
    step: model.steps,
    modelTime: part.time,
    lastCheckpoint: part.checkpointStep,
    books: booksOf(part),
    halts: model.risk === undefined ? [] : haltsInForce(model.risk),
    ideas: trader === undefined ? 0 : trader.ideas.baseline + trader.ideas.mycelial,
    collisions: trader?.collisions.seen ?? 0,
    ideasBySource: { ...trader?.ideas },
    approved: model.approved.size,
    patterns: { ...model.patternCounts },
    quarantined: sim.quarantined,
    lastDataAt: Object.fromEntries(feed.status().map(p => [p.pair, p.lastDataAt])),
    stalePairs: feed.status().flatMap(p => (p.state === 'live' ? [] : [{ pair: p.pair, state: p.state, since: p.staleSince }])),
    staleStreams: (moats?.status() ?? []).flatMap(s =>
      s.stale ? [{ stream: `${s.moat}/${s.stream}`, since: s.lastValueAt }] : [],
    ),
    staleTopics: (remote?.transport.stale() ?? []).map(t => ({
      topic: t.topic,
      doubt: t.doubt ?? 'unknown',
      since: t.staleSince ?? null,
    })),
    linkDownSince: model.linkDownSince,
    missed: (transport as Record<string, number>).missed ?? 0,
    rejected: sumOf(feedCounters, 'rejected.') + sumOf(transport, 'rejected.'),
    counters: { feed: feedCounters, transport, world: worldCounters(part, loop) },
    timing: { commitMs: part.commitMs, tickMs: part.tickMs, longestTickMs: loop?.counters.longestTickMs ?? 0 },
    population: Object.fromEntries([...model.kernel.kinds].map(([name, kind]) => [name, kind.set.size])),
    heapBytes: process.memoryUsage().heapUsed,
  }
}

function booksOf({ model }: LivePart): Partial<Record<BookName, BookStatus>> {
  const trader = model.traders.at(0)
  if (trader === undefined || trader.idle) return {}
  return Object.fromEntries(
    bookNames.map(name => {
      const book = trader.books[name]
      const equity = equityE6(book)
      const positions = book.held.flatMap(({ pair, position }) => {
        if (position === null) return []
        const { signal, entryPriceUsd, markE6, barsHeld } = position
        return [{ pair, direction: signal.direction, entryPriceUsd, valueUsd: usd(markE6), barsHeld }]
      })
      const pnlUsd = usd(equity - book.startE6)
      return [
        name,
        {
          equityUsd: usd(equity),
          pnlUsd,
          trades: book.performance.returns.n,
          positions,
          halted: book.halts.size > 0,
          ignored: { ...book.ignored },
        },
      ]
    }),
  )
}

function worldCounters({ parts, model }: LivePart, loop: LiveLoop | undefined): Record<string, number> {
  const { longestTickMs, ...counted } = loop?.counters ?? { longestTickMs: 0 }
  return {
    ...counted,
    longestTickMs: Math.round(longestTickMs * 100) / 100,
    stepsSkipped: loop?.bars.skipped ?? 0,
    clockSetBack: loop?.bars.setBack ?? 0,
    outboxDropped: parts.ledger.outboxDropped,
    requestsWaiting: model.kernel.requests.size,
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
