/** What of a user and a token is written down beside a decision: features for models of other makes. */

import type { TimeMs } from '../../core/index.js'
import { type Lamports, spotPrice } from '../../exchange/index.js'
import { flowOf, type LaunchToken } from './token.js'
import type { JudgedFeatures } from './topics.js'
import type { User } from './user.js'

/** Minutes over which the momentum is measured. */
const MOMENTUM_MINUTES = 5

export function userFeatures(user: User): Pick<JudgedFeatures, 'user' | 'profile' | 'baseSize' | 'exposure' | 'profit'> {
  let held = 0
  for (const { token } of user.positions.values()) held += spotPrice(token.curve) * user.holds(token)
  const { key, profile, baseSize, lamports, stake, profit } = user
  return { user: key, profile, baseSize, exposure: held / Math.max(1, held + lamports), profit: profit / Math.max(1, stake) }
}

export function momentumOf({ minutes, curve }: LaunchToken): number {
  const before = minutes.at(-1 - MOMENTUM_MINUTES)?.close ?? minutes[0]?.close
  return before === undefined ? 0 : spotPrice(curve) / before - 1
}

export function flowNow(token: LaunchToken, time: TimeMs): Lamports {
  return Math.round(flowOf(token, time))
}
