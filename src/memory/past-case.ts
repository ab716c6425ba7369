/** A finished trade as memory keeps it: a vector with metadata, and back. */

import { OperatorError, type TimeMs, type UsdE6 } from '../core/index.js'
import {
  type Direction,
  moatOfPattern,
  type PastTrade,
  type PastTradeCollection,
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

/** Fields that conditions name stand alone; a server reads each field of each answer apart, so all others are one. */
export function storedCase(past: PastCase, vector: Float32Array): StoredVector {
  const { run, market, trade, moats = [] } = past
  const { win, vector: features } = pastTradeOf(trade)
  const { agent, pair, direction, pnlE6, exitTime: closedAt, entryNotionalE6: notionalE6, pattern } = trade
  const record: TradeRecord = { pair, direction, win, pnlE6, notionalE6, pattern, moats, features: finiteOf(features) }
  return { id: caseId(past), vector, metadata: { run, market, agent, closedAt, trade: JSON.stringify(record) } }
}

/** Throws an `OperatorError` where the store was written by a version that kept trades otherwise. */
export function foundTrade(id: string, metadata: StoredVector['metadata'], distance: number): FoundTrade {
  const text = (field: string) => String(metadata[field] ?? '')
  const { features, ...record } = recordIn(id, metadata['trade'])
  const run = text('run')
  return {
    id,
    run,
    tradeId: id.slice(run.length + 1),
    market: text('market'),
    agent: text('agent'),
    closedAt: Number(metadata['closedAt']) as TimeMs,
    ...record,
    moat: moatOfPattern(record.pattern),
    vector: Float64Array.from(features, value => value ?? Number.NaN),
    distance,
  }
}

/** What is kept of a trade beside the fields that conditions name. */
interface TradeRecord extends Pick<FoundTrade, 'pair' | 'direction' | 'win' | 'pnlE6' | 'notionalE6' | 'pattern' | 'moats'> {
  /** In the order of `pastTradeFeatureNames`; null: unknown. */
  readonly features: readonly (number | null)[]
}

/** −0 is 0, as JSON writes it, so that all stores answer alike. */
function finiteOf(features: Float64Array): (number | null)[] {
  return Array.from(features, value => (Number.isFinite(value) ? value + 0 : null))
}

function recordIn(id: string, text: Scalar | undefined): TradeRecord {
  if (typeof text === 'string') return JSON.parse(text) as TradeRecord
  throw new OperatorError({
    what: `the trade "${id}" in memory`,
    expected: 'one written by this version',
    next: 'Run: mycelia memory rebuild',
  })
}
