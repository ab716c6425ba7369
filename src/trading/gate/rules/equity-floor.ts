/** Equity at which an account stops for good. An operator ends that; the lock begins again only after equity was above the floor once. */

import * as z from 'zod'
import { fromUsdE6, toUsdE6 } from '../../../core/index.js'
import { higher } from '../limit.js'
import { defineRule } from '../rule.js'

export const equityFloor = defineRule({
  code: 'equityFloor',
  limits: { equityFloorUsd: higher(z.number().min(0).max(1e9), 'equity at or below which entries stop, USD') },
  unit: 'USD',
  boundary: 'equity of exactly the limit stops entries; one unit of 1e-6 USD more does not',
  lockEnds: 'when an operator ends it',
  source: 'account floors of prop trading firms',
  watch(_, account, __, { equityFloorUsd = 0 }) {
    const equity = account.equityE6()
    // Equity that cannot be computed is `noPrice`, and no lock.
    if (!(equity <= toUsdE6(equityFloorUsd))) return null
    return { pair: null, until: null, reason: `equity of ${fromUsdE6(equity)} USD is at the floor of ${equityFloorUsd} USD` }
  },
})
