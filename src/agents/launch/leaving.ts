/** When a position is left: at a stop, behind a peak, at the horizon of the profile, or at once where insiders leave. */

import { HOUR_MS, MINUTE_MS } from '../../core/index.js'

/** How long a profile holds, and how many mean changes of a minute it lets a price fall. */
export const profiles = {
  scalper: { holdMs: 10 * MINUTE_MS, stop: 3 },
  swing: { holdMs: HOUR_MS, stop: 5 },
} as const
export type ProfileName = keyof typeof profiles

/** No stop is nearer than this. */
const LEAST_STOP = 0.1

/** A position, and the market it stands in. */
export interface Leaving {
  readonly profile: ProfileName
  readonly price: number
  /** What was paid for a unit. */
  readonly entry: number
  /** Highest price since then. */
  readonly peak: number
  readonly heldMs: number
  /** Mean change from minute to minute, as a share. */
  readonly range: number
  /** Chance of a collapse, as it was known at the entry: the higher, the wider the stop. */
  readonly risk: number
  readonly insidersLeave: boolean
  /** What can wait does so while others of the operator have just bought. */
  readonly mustWait: boolean
}

export type ReasonToLeave = 'insiders' | 'stop' | 'trailingStop' | 'horizon'

/** Null: it is held. */
export function reasonToLeave(of: Leaving): ReasonToLeave | null {
  const { profile, price, entry, peak, heldMs, range, risk, insidersLeave, mustWait } = of
  if (insidersLeave) return 'insiders'
  const { holdMs, stop } = profiles[profile]
  const width = Math.max(LEAST_STOP, stop * range) * (1 + risk)
  if (price < entry * (1 - width)) return 'stop'
  if (mustWait) return null
  if (peak > entry * (1 + width) && price < peak * (1 - width)) return 'trailingStop'
  return heldMs >= holdMs ? 'horizon' : null
}

/** Mean change of the price from minute to minute, as a share, over the last ten. */
export function meanChange(closes: readonly number[]): number {
  const last = closes.slice(-11)
  let sum = 0
  for (let i = 1; i < last.length; i++) sum += Math.abs((last[i] as number) / (last[i - 1] as number) - 1)
  return last.length < 2 ? 0 : sum / (last.length - 1)
}
