/** A live run's status as Prometheus metrics. */

import type { Committed, LiveStatus, PortfolioStatus } from '../world/index.js'

export interface LiveMetrics {
  readonly url: string
  show(status: LiveStatus): void
  readonly committed: (committed: Committed) => void
  close(): Promise<void>
}

export async function serveLiveMetrics(
  port: number,
  place: { readonly listen: string | undefined; readonly token: string | undefined },
): Promise<LiveMetrics> {
  const { serveMetrics } = await import('../server/index.js')
  const server = await serveMetrics(port, place)
  return {
    url: server.url,
    show: status => server.set(sampleOf(status)),
    committed: ({ commitMs, tickMs }) => server.committed(commitMs, tickMs),
    close: () => server.close(),
  }
}

type Sample = Parameters<Awaited<ReturnType<typeof import('../server/index.js')['serveMetrics']>>['set']>[0]

export function sampleOf(status: LiveStatus): Sample {
  const { portfolios, counters, updatedAt, lastDataAt, search, conditions, clockOffsetMs } = status
  const perPortfolio = <T>(of: (portfolio: PortfolioStatus) => T) =>
    Object.fromEntries(known(portfolios).map(([name, portfolio]) => [name, of(portfolio)]))
  const { sent = 0, accepted = 0, missed = 0, unsent = 0, duplicates = 0 } = counters.transport
  const stale = new Set(status.stalePairs.map(({ pair }) => pair))
  const pairs = new Set([...Object.keys(lastDataAt), ...stale])
  return {
    ...status,
    unhealthy: status.quarantined.length,
    ideas: status.ideasBySource,
    trades: perPortfolio(portfolio => portfolio.trades),
    pnlUsd: perPortfolio(portfolio => portfolio.pnlUsd),
    feedAgeSeconds: Object.fromEntries(
      Object.entries(lastDataAt).map(([pair, at]) => [pair, at === null ? null : (updatedAt - at) / 1_000]),
    ),
    messages: { sent, accepted, missed, unsent, duplicates },
    world: counters.world,
    live: status.state === 'live' ? 1 : 0,
    linkUp: status.linkDownSince === null ? 1 : 0,
    stale: Object.fromEntries([...pairs].map(pair => [pair, stale.has(pair) ? 1 : 0])),
    sourceFailing: Object.fromEntries(status.failedSources.map(({ source }) => [source, 1])),
    lastSeconds: lastSeconds(status),
    patternsInForce: { all: search?.inForce ?? 0, traded: search?.traded ?? 0 },
    searchBars: { had: search?.bars ?? 0, needed: search?.barsNeeded ?? 0 },
    signals: perPortfolio(portfolio => portfolio.signals),
    untraded: known(portfolios).flatMap(([portfolio, { ignored }]) =>
      Object.entries(ignored).map(([reason, count]) => ({ portfolio, reason, count })),
    ),
    openPositions: perPortfolio(portfolio => portfolio.positions.length),
    clockOffsetSeconds: clockOffsetMs === null ? null : clockOffsetMs / 1_000,
    troubles: conditions.flatMap(({ code, isTrouble }) => (isTrouble ? [code] : [])),
  }
}

function lastSeconds({ updatedAt, lastDataAt, modelTime, lastBarEnd, lastTrade }: LiveStatus): Sample['lastSeconds'] {
  const data = Object.values(lastDataAt).filter(at => at !== null)
  const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1_000)
  return {
    status: seconds(updatedAt),
    data: data.length === 0 ? null : Math.max(...data) / 1_000,
    tick: modelTime > 0 ? seconds(modelTime) : null,
    bar: seconds(lastBarEnd),
    trade: seconds(lastTrade?.time),
  }
}

function known(portfolios: LiveStatus['portfolios']): [string, PortfolioStatus][] {
  return Object.entries(portfolios).flatMap(([name, portfolio]) => (portfolio === undefined ? [] : [[name, portfolio]]))
}
