/**
 * The claim, "a collision is worth more than either signal", judged over the runs of one market: mean net return a trade of the
 * synthesized portfolio against count-matched thinnings of both others.
 */

import type { PortfolioName, Thinning } from '../../trading/index.js'
import { type Estimate, isPositive, type Part, ratioDifference } from '../statistics/index.js'

/** A seed counts in which the synthesized portfolio makes so many trades. */
export const claimTrades = 20

/** What of a run the claim is judged by. */
export interface ClaimRun {
  readonly portfolios: Readonly<Record<PortfolioName, { readonly trades: number; readonly net: number }>>
  readonly controls?: { readonly mycelialThinned: Thinning | null; readonly baselineThinned: Thinning | null } | undefined
}

export interface Claim {
  readonly seeds: number
  /** Seeds with enough synthesized trades; all below is about them. */
  readonly enough: number
  /** Synthesized trades in them. */
  readonly trades: number
  /** Synthesized minus thinnings, net a trade as shares of notional. */
  readonly overMycelial: Estimate
  readonly overBaseline: Estimate
  /** Whether both differences are above 0, each at one-sided 5 %; null where fewer than two such seeds can be compared. */
  readonly holds: boolean | null
}

export function judgeClaim(runs: readonly ClaimRun[]): Claim {
  const enough = runs.filter(({ portfolios }) => portfolios.synthesized.trades >= claimTrades)
  const overMycelial = thinnedDifference(enough, 'mycelialThinned')
  const overBaseline = thinnedDifference(enough, 'baselineThinned')
  return {
    seeds: runs.length,
    enough: enough.length,
    trades: enough.reduce((sum, { portfolios }) => sum + portfolios.synthesized.trades, 0),
    overMycelial,
    overBaseline,
    holds: [overMycelial, overBaseline].some(({ n, error }) => n < 2 || !Number.isFinite(error))
      ? null
      : isPositive(overMycelial) && isPositive(overBaseline),
  }
}

/** Synthesized minus thinnings of one other portfolio, matched run by run. */
export function thinnedDifference(runs: readonly ClaimRun[], which: 'mycelialThinned' | 'baselineThinned'): Estimate {
  const part = (side: 'synthesized' | 'net') => runs.map(({ controls }) => thinnedPart(controls?.[which], side))
  return ratioDifference(part('synthesized'), part('net'))
}

/** One side of a thinning; nothing where the run had none. */
export function thinnedPart(thinned: Thinning | null | undefined, side: 'synthesized' | 'net'): Part {
  return thinned == null ? { sum: 0, count: 0 } : { sum: thinned[side] * thinned.trades, count: thinned.trades }
}
