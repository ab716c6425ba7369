/** Fetches the history of a pair that went live without it. */

import type { TimeMs } from '../../core/index.js'
import type { Bar } from '../../market/index.js'
import { Counters } from '../counters.js'
import type { Backfill } from './backfill.js'
import { PairFeed } from './pair.js'

/** The bars before the pair's own first one. Rejects where Kraken does not give them. */
export async function lateHistory(pair: PairFeed, backfill: Backfill, now: () => TimeMs, until: AbortSignal): Promise<Bar[]> {
  const bars: Bar[] = []
  const { names, barMs } = pair
  const past = new PairFeed({
    names,
    barMs,
    settledByExchange: false,
    counters: new Counters(),
    output: { push: (_, input) => void (input.kind === 'bar' && bars.push(input.bar)), repair: () => undefined },
  })
  await backfill.fill(past, now, until)
  const end = pair.candles.closedUntil ?? Number.POSITIVE_INFINITY
  return bars.filter(bar => bar.time + bar.barMs <= end)
}
