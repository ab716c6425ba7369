/** A live run's status as Prometheus metrics. */

import type { Committed, LiveStatus } from '../world/index.js'

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

function sampleOf(status: LiveStatus): Sample {
  const { portfolios, counters, updatedAt, lastDataAt } = status
  const perPortfolio = <T>(of: (portfolio: NonNullable<(typeof portfolios)['baseline']>) => T) =>
    Object.fromEntries(
      Object.entries(portfolios).flatMap(([name, portfolio]) => (portfolio === undefined ? [] : [[name, of(portfolio)]])),
    )
  const { sent = 0, accepted = 0, missed = 0, unsent = 0, duplicates = 0 } = counters.transport
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
  }
}
