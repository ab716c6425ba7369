/** A past trade as an answer lists it: its result, and what each feature adds to its distance. */

import { existsSync } from 'node:fs'
import { OperatorError } from '../../core/index.js'
import { RunDirectory } from '../../storage/index.js'
import { type PastTradeFeature, pastTradeFeatureNames } from '../../trading/index.js'
import type { KnownTrade } from './past-trades.js'

export interface FoundTrade {
  readonly trade: string
  readonly agent: string
  readonly pair: string
  readonly side: 'long' | 'short'
  readonly moat: string | null
  /** ms. */
  readonly closed: number
  readonly won: boolean
  readonly pnlUsd: number
  /** P&L as a share of the entry; null where the entry is not known. */
  readonly result: number | null
  readonly distance: number
  /** What each feature adds to the distance; null where one of the two does not know it. */
  readonly parts: Readonly<Record<PastTradeFeature, number | null>>
}

export function foundTrade(known: KnownTrade, parts: Float64Array, subject: Float64Array): FoundTrade {
  const { tradeId: trade, agent, pair, direction, exitTime, pnlE6, entryNotionalE6, past } = known
  const knows = (d: number) => Number.isFinite(subject[d]) && Number.isFinite(past.vector[d])
  return {
    trade,
    agent,
    pair,
    side: direction === 1 ? 'long' : 'short',
    moat: past.moat,
    closed: exitTime,
    won: past.win,
    pnlUsd: pnlE6 / 1e6,
    result: entryNotionalE6 > 0 ? pnlE6 / entryNotionalE6 : null,
    distance: parts.reduce((sum, part) => sum + part, 0),
    parts: Object.fromEntries(pastTradeFeatureNames.map((name, d) => [name, knows(d) ? parts[d] : null])) as FoundTrade['parts'],
  }
}

/** The ledger of a run; refuses a directory that is no run's, and a run that does not trade. */
export function ledgerOf(run: string): string {
  const ledger = RunDirectory.read(run).file('trades.db')
  if (existsSync(ledger)) return ledger
  throw new OperatorError({
    what: `the trades of ${run}`,
    expected: 'a file trades.db',
    got: 'none',
    next: 'Give the directory of a run of a market scenario.',
  })
}
