/** The summary of a launch run: what was launched, the truth of it, what graduated, and which orders came to nothing. */

import type { Lamports } from '../../exchange/index.js'
import { type LaunchKind, launchKinds } from './kinds.js'

/** What the summary reads of a launch model. */
export interface SummarySource {
  readonly launched: number
  readonly graduated: number
  readonly trades: number
  readonly refusedLaunches: number
  readonly kinds: readonly LaunchKind[]
  readonly lost: Readonly<Record<string, number>>
  readonly priorityFees: Lamports
}

export function launchSummary(model: SummarySource): Record<string, unknown> {
  const { launched, graduated, trades, refusedLaunches, kinds, lost, priorityFees } = model
  const byKind = Object.fromEntries(launchKinds.map(kind => [kind, kinds.filter(k => k === kind).length]))
  return {
    launches: launched,
    refusedLaunches,
    graduated,
    graduatedShare: launched === 0 ? null : graduated / launched,
    trades,
    ordersLost: { ...lost },
    priorityFeesSol: priorityFees / 1e9,
    /** The truth, which no trader knows: how many of each kind, and the kind of each launch in order. */
    kinds: { ...byKind, ofLaunches: [...kinds] },
  }
}
