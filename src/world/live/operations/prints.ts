/** What the guards of a shard's pairs did not believe, as counters of the status. */

import type { LiveModel } from '../../../agents/index.js'

/** Prints that were rejected, also by pair, prints that wait for a second one, and bars that were corrected. */
export function printCounters({ guards }: Pick<LiveModel, 'guards'>): Record<string, number> {
  const counters: Record<string, number> = { rejectedPrints: 0, waitingPrints: 0, correctedBars: 0 }
  for (const { pair, guard } of guards) {
    const { rejected, waiting, corrected } = guard
    add(counters, 'rejectedPrints', rejected)
    add(counters, 'waitingPrints', waiting.length)
    add(counters, 'correctedBars', corrected)
    if (rejected > 0) counters[`rejectedPrints.${pair}`] = rejected
  }
  return counters
}

function add(counters: Record<string, number>, name: string, n: number): void {
  counters[name] = (counters[name] ?? 0) + n
}
