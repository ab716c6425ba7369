/** What every traded pattern promised and earned. */

import { getOrInsert } from '../get-or-insert.js'
import type { Trade } from '../trade.js'
import { type Mean, meanOf } from './mean.js'

export interface PatternPnl {
  readonly pattern: string
  /** Mean of what its ideas predicted; null where they claimed nothing. */
  readonly predicted: number | null
  /** Of the mycelial portfolio's trades. */
  readonly gross: Mean
  readonly net: Mean
  /** USD after costs, by portfolio. */
  readonly pnl: Readonly<Record<string, number>>
}

/** Patterns by what they moved, most first. */
export function patternPnl(trades: readonly Trade[]): PatternPnl[] {
  const groups = new Map<string, Trade[]>()
  for (const trade of trades) if (trade.pattern !== null) getOrInsert(groups, trade.pattern, () => []).push(trade)
  return [...groups].map(([pattern, own]) => pnlOf(pattern, own)).sort((a, b) => moved(b) - moved(a))
}

function pnlOf(pattern: string, trades: readonly Trade[]): PatternPnl {
  const mycelial = trades.filter(t => t.portfolio === 'mycelial')
  const predictions = mycelial.flatMap(t => (t.predicted === null ? [] : [t.predicted]))
  const pnl: Record<string, number> = {}
  for (const { portfolio, pnlUsd } of trades) pnl[portfolio] = (pnl[portfolio] ?? 0) + pnlUsd
  return {
    pattern,
    predicted: predictions.length === 0 ? null : meanOf(predictions).mean,
    gross: meanOf(mycelial.map(t => t.gross)),
    net: meanOf(mycelial.map(t => t.net)),
    pnl,
  }
}

function moved({ pnl }: PatternPnl): number {
  return Object.values(pnl).reduce((sum, usd) => sum + Math.abs(usd), 0)
}
