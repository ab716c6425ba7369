/** The limits of users and of their operator: rules of the house, and the one of coordination. */

import { type Limits, type Rule, withOwnRules } from '../../trading/index.js'
import { coordination } from './coordination.js'
import type { LaunchParameters } from './launch-parameters.js'

/** The rules that gates of users ask. */
export const userGateRules: readonly Rule[] = withOwnRules([coordination])

/** Money of the gate is thousandths of SOL. */
const SOL = 1_000

type UserLimits = Pick<LaunchParameters, 'largestTradeSol' | 'dailyLossSol' | 'openPositions' | 'tradesPerDay'>

/** What one user may do. */
export function userLimitsOf({ largestTradeSol, dailyLossSol, openPositions, tradesPerDay }: UserLimits): Limits {
  return { largestTradeUsd: largestTradeSol * SOL, dailyLossUsd: dailyLossSol * SOL, openPositions, tradesPerDay }
}

/** What all users of the operator may do together. */
export function operatorLimitsOf({ coordinationShare }: Pick<LaunchParameters, 'coordinationShare'>): Limits {
  return { coordinationShare } as Limits
}
