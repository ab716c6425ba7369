/** What users hold, and what is only reckoned on paper, left by one rule. */

import type { TimeMs } from '../../core/index.js'
import {
  type Curve,
  circulating,
  costOf,
  type Lamports,
  returnOf,
  spotPrice,
  type TokenUnits,
  tokensFor,
} from '../../exchange/index.js'
import { type ProfileName, type ReasonToLeave, reasonToLeave } from './leaving.js'
import { insidersLeave, type LaunchToken, rangeOf } from './token.js'

/** What is held, as the rule of exits sees it. */
export interface Held {
  readonly token: LaunchToken
  readonly profile: ProfileName
  /** Chance of a collapse, as it was known at the entry. */
  readonly risk: number
  /** What was paid, fee included, and for how much. */
  readonly paid: Lamports
  readonly tokens: TokenUnits
  readonly since: TimeMs
  /** Highest price since then. */
  readonly peak: number
}

/** Why what is held is left now; null: it is held. What can wait does so while `mustWait`. */
export function reasonToSell(
  { token, profile, risk, paid, tokens, since, peak }: Held,
  { price, now, mustWait = false }: { price: number; now: TimeMs; mustWait?: boolean },
): ReasonToLeave | null {
  return reasonToLeave({
    profile,
    price,
    entry: paid / Math.max(1, tokens),
    peak,
    heldMs: now - since,
    range: rangeOf(token),
    risk,
    insidersLeave: insidersLeave(token, since),
    mustWait,
  })
}

/** A position on paper: nobody trades. */
export interface PaperPosition extends Held {
  peak: number
  /** What would have gone to the curve. */
  readonly lamports: Lamports
}

/** Enters on paper for so many lamports at the price that the curve gives now; null where that buys nothing. */
export function enterOnPaper(
  token: LaunchToken,
  { profile, risk, lamports: most, now }: { profile: ProfileName; risk: number; lamports: Lamports; now: TimeMs },
): PaperPosition | null {
  const tokens = tokensFor(token.curve, most)
  if (tokens === 0) return null
  const { lamports, fee } = costOf(token.curve, tokens)
  const position = { token, profile, risk, paid: lamports + fee, tokens, since: now, peak: 0.0, lamports }
  return { ...position, peak: spotPrice(asIfBought(position)) }
}

/** The net return of a position on paper where it is left now; null: it is held. `whatever`: leave, whatever the rule says. */
export function leaveOnPaper(position: PaperPosition, now: TimeMs, whatever = false): number | null {
  const curve = asIfBought(position)
  const price = spotPrice(curve)
  position.peak = Math.max(position.peak, price)
  if (!whatever && reasonToSell(position, { price, now }) === null) return null
  const { lamports, fee } = returnOf(curve, Math.min(position.tokens, circulating(curve)))
  return (lamports - fee) / position.paid - 1
}

/** The curve as it would be, had the position been bought: so a round trip on paper costs what one at the venue does. */
function asIfBought({ token: { curve }, tokens, lamports }: Pick<PaperPosition, 'token' | 'tokens' | 'lamports'>): Curve {
  if (curve.graduated || tokens > curve.realTokens) return curve
  return { ...curve, lamports: curve.lamports + lamports, tokens: curve.tokens - tokens, realTokens: curve.realTokens - tokens }
}
