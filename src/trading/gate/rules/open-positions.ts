/** Positions open at once. */

import * as z from 'zod'
import { lower } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const openPositions = defineRule({
  code: 'openPositions',
  limits: { openPositions: lower(z.number().int().min(0).max(10_000), 'positions and waiting entries at once, at most') },
  unit: 'positions',
  boundary: 'exactly the limit is allowed; one more is refused',
  source: 'max_open_trades of freqtrade',
  // What renews a position, or takes the place of one that leaves at the same price, is not one more.
  allows: ({ renews, freesE6 }, account, { openPositions = 0 }) =>
    renews || account.openCount() - (freesE6 > 0 ? 1 : 0) < openPositions ? all : none,
  measures: (_, account) => account.openCount() + 1,
})
