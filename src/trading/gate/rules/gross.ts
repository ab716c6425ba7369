/** All positions together, as a share of equity. */

import * as z from 'zod'
import { lower } from '../limit.js'
import { addedE6, all, quantityUnder } from '../quantity.js'
import { defineRule } from '../rule.js'

export const gross = defineRule({
  code: 'grossLimit',
  limits: { grossShare: lower(z.number().min(0).max(1), 'most that all positions together may be, as a share of equity') },
  unit: 'share of equity',
  boundary: 'exactly the limit is allowed',
  source: 'gross exposure limits; NautilusTrader’s RiskEngine',
  allows: (intent, account, { grossShare = 1 }) =>
    addedE6(intent) === 0 ? all : quantityUnder(account.equityE6() * grossShare, account.grossE6(), intent),
  measures: (intent, account) => (account.grossE6() + addedE6(intent)) / account.equityE6(),
})
