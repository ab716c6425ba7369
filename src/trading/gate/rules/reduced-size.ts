/** Entries of a part of their size: what an operator, or the supervisor of a run in trouble, asks for. */

import * as z from 'zod'
import { lower } from '../limit.js'
import { defineRule } from '../rule.js'

export const reducedSize = defineRule({
  code: 'reducedSize',
  limits: { entryShare: lower(z.number().positive().max(1), 'share of the wanted quantity that an entry may have') },
  unit: 'share of the wanted quantity',
  boundary: 'exactly that share, rounded down, is allowed',
  source: 'de-risking of desks whose systems are degraded',
  excess: 'shrink',
  allows: ({ qtyE8 }, _, { entryShare = 1 }) => Math.floor(qtyE8 * entryShare),
  measures: () => 1,
})
