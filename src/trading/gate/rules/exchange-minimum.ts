/** What an exchange accepts: quantities that can be counted exactly, and not less than its minimum. */

import { tooSmall } from '../../../exchange/index.js'
import { all, costE6, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const exactQuantity = defineRule({
  code: 'tooLarge',
  limits: {},
  unit: '1e-8 units',
  boundary: '2^53 is the first quantity that is refused',
  source: 'exact integers of a double',
  allows: ({ qtyE8 }) => (Number.isSafeInteger(qtyE8) ? all : none),
  measures: ({ qtyE8 }) => qtyE8,
})

/** Stands last: what other rules left of an intent may be too little. */
export const exchangeMinimum = defineRule({
  code: 'tooSmall',
  limits: {},
  unit: '1e-8 units',
  boundary: 'exactly the minimum is enough',
  source: 'ordermin and costmin of Kraken’s AssetPairs',
  allows: intent => (tooSmall(intent.qtyE8, costE6(intent), intent.instrument) ? none : all),
  measures: ({ qtyE8 }) => qtyE8,
})
