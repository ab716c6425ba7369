/** The community of a token: it lets the price rise at a constant rate, by buying whatever others leave below it, until it loses interest. */

import { MINUTE_MS, math, type Rng, type TimeMs } from '../../core/index.js'
import { type Curve, type Lamports, SOL } from '../../exchange/index.js'
import { isRug, type LaunchKind } from './kinds.js'

/** A token as its community sees it. */
interface SupportedToken {
  readonly community: Community | null
  readonly curve: Curve
  readonly launchedAt: TimeMs
}

export interface Community {
  /** How many times the first price the token is worth to it at the end. */
  readonly multiple: number
  /** Its age then. */
  readonly lastsMs: number
}

/** Least and most of both. */
const [MULTIPLE, LASTS_MS] = [
  [3, 8],
  [100 * MINUTE_MS, 160 * MINUTE_MS],
] as const

/** The community of a launch; null: it has none, as all rugs, and all launches whose kind does not show. `support`: how many of the others have one. */
export function drawCommunity(
  { kind, leaks }: { readonly kind: LaunchKind; readonly leaks: boolean },
  support: number,
  rng: Rng,
): Community | null {
  const found = rng.chance(support)
  const community = { multiple: rng.between(...MULTIPLE), lastsMs: rng.between(...LASTS_MS) }
  return found && leaks && !isRug(kind) ? community : null
}

/** What is missing in the curve until the price is what the community holds to be right, in lamports; negative: there is too much. Without a community, or once it has lost interest: 0. */
export function communityGap({ community, curve, launchedAt }: SupportedToken, time: TimeMs): Lamports {
  if (community === null) return 0
  const { multiple, lastsMs } = community
  const age = time - launchedAt
  if (age > lastsMs) return 0
  // The price goes with the square of the lamports that the curve counts.
  const { virtualLamports } = curve.terms
  const right = virtualLamports * (math.pow(multiple, age / lastsMs / 2) - 1)
  return Math.round(right) - curve.realLamports
}

/** Above what its community holds to be right by so much, a token is sold. */
export const TOO_MUCH: Lamports = 5 * SOL
