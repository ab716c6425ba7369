/** A live run's status as Prometheus metrics. */

import type { Committed, LiveStatus } from '../world/index.js'

export interface LiveMetrics {
  readonly url: string
  show(status: LiveStatus): void
  readonly committed: (committed: Committed) => void
  close(): Promise<void>
}

export async function serveLiveMetrics(port: number): Promise<LiveMetrics> {
  const { serveMetrics } = await import('../server/index.js')
  const server = await serveMetrics(port)
  return {
    url: server.url,
    show: status => server.set(sampleOf(status)),
    committed: ({ commitMs, tickMs }) => server.committed(commitMs, tickMs),
    close: () => server.close(),
  }
}

type Sample = Parameters<Awaited<ReturnType<typeof import('../server/index.js')['serveMetrics']>>['set']>[0]

function sampleOf(status: LiveStatus): Sample {
  const { books, counters, updatedAt, lastDataAt } = status
  const perBook = <T>(of: (book: NonNullable<(typeof books)['baseline']>) => T) =>
    Object.fromEntries(Object.entries(books).flatMap(([name, book]) => (book === undefined ? [] : [[name, of(book)]])))
  const { sent = 0, accepted = 0, missed = 0, unsent = 0, duplicates = 0 } = counters.transport
  return {
    ...status,
    unhealthy: status.quarantined.length,
    ideas: status.ideasBySource,
    trades: perBook(book => book.trades),
    pnlUsd: perBook(book => book.pnlUsd),
    feedAgeSeconds: Object.fromEntries(
      Object.entries(lastDataAt).map(([pair, at]) => [pair, at === null ? null : (updatedAt - at) / 1_000]),
    ),
    messages: { sent, accepted, missed, unsent, duplicates },
    world: counters.world,
  }
}
