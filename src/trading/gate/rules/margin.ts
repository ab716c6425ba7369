/** The margin that stands behind one levered position: what it costs, over the leverage of the account. */

import * as z from 'zod'
import { lower } from '../limit.js'
import { all, costE6, quantityWithin } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

export const margin = defineRule({
  code: 'margin',
  limits: { marginShare: lower(z.number().positive().max(1), 'margin of one position, as a share of equity, at most') },
  unit: 'share of equity',
  boundary: 'exactly the limit is allowed; an account without leverage pays in full',
  source: 'position limits by margin at futures exchanges; fixed fractional sizing (Vince 1990)',
  excess: 'shrink',
  allows: (intent, account, { marginShare = 1 }) =>
    intent.renews ? all : quantityWithin(account.equityE6() * marginShare * leverageOf(account), intent),
  measures: (intent, account) => marginShareOf(intent, account),
})

function marginShareOf(intent: Intent, account: Account): number {
  return costE6(intent) / leverageOf(account) / account.equityE6()
}

function leverageOf({ leverage = 1 }: Account): number {
  return leverage
}
