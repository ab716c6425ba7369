/** A finished trade as memory keeps it: a vector with metadata, and back. */

import type { TimeMs, UsdE6 } from '../core/index.js'
import {
  type Direction,
  moatOfPattern,
  type PastTrade,
  type PastTradeCollection,
  pastTradeFeatureNames,
  pastTradeOf,
  type RememberedTrade,
} from '../trading/index.js'
import type { Scalar, StoredVector } from './vector-store.js'

/** A finished trade and where it comes from. */
export interface PastCase {
  readonly run: string
  /** The scope in which trades are alike, e.g. `live` or `made:trifecta`. */
  readonly market: string
  readonly trade: RememberedTrade
  /** The moats behind its idea, where they are known. */
  readonly moats?: readonly string[]
}

/** A past trade that was found: what a ranking needs, and what a person wants to see. */
export interface FoundTrade extends PastTrade {
  readonly run: string
  readonly tradeId: string
  readonly market: string
  readonly pair: string
  readonly direction: Direction
  readonly pattern: string | null
  readonly moats: readonly string[]
  readonly pnlE6: UsdE6
  readonly notionalE6: UsdE6
  /** Squared distance of the embeddings. */
  readonly distance: number
}

/** Unique over all runs. */
export function caseId({ run, trade }: PastCase): string {
  return `${run}/${trade.tradeId}`
}

/** Wins and losses stand apart; what an agent knows is both. */
export function outcomeCollection({ trade }: PastCase): PastTradeCollection {
  return trade.pnlE6 > 0 ? 'trading_patterns' : 'failed_patterns'
}

export function storedCase(past: PastCase, vector: Float32Array): StoredVector {
  const { run, market, trade, moats = [] } = past
  const { win, vector: features } = pastTradeOf(trade)
  const { tradeId, agent, pair, direction, pnlE6, exitTime: closedAt, entryNotionalE6: notionalE6, pattern } = trade
  const metadata: Record<string, Scalar> = { run, market, tradeId, agent, pair, direction, closedAt, win, pnlE6, notionalE6 }
  if (pattern !== null) metadata['pattern'] = pattern
  if (moats.length > 0) metadata['moats'] = moats.join(' ')
  pastTradeFeatureNames.forEach((name, j) => {
    // A server forgets the sign of −0, and all stores shall answer alike.
    if (Number.isFinite(features[j])) metadata[featureField(name)] = (features[j] as number) + 0
  })
  return { id: caseId(past), vector, metadata }
}

export function foundTrade(id: string, metadata: StoredVector['metadata'], distance: number): FoundTrade {
  const text = (field: string) => String(metadata[field] ?? '')
  const number = (field: string) => Number(metadata[field] ?? Number.NaN)
  const pattern = metadata['pattern'] === undefined ? null : text('pattern')
  return {
    id,
    run: text('run'),
    tradeId: text('tradeId'),
    market: text('market'),
    agent: text('agent'),
    pair: text('pair'),
    direction: number('direction') < 0 ? -1 : 1,
    pattern,
    moat: moatOfPattern(pattern),
    moats: text('moats').split(' ').filter(Boolean),
    closedAt: number('closedAt') as TimeMs,
    win: metadata['win'] === true,
    pnlE6: number('pnlE6') as UsdE6,
    notionalE6: number('notionalE6') as UsdE6,
    vector: Float64Array.from(pastTradeFeatureNames, name => number(featureField(name))),
    distance,
  }
}

/** `direction` is a field of the trade too. */
function featureField(name: string): string {
  return `feature.${name}`
}
