/** The table of what a futures exchange did with positions by itself. */

import type { ReadColumns } from '../../core/index.js'
import type { MarginEvent } from './topics.js'

/** The columns of the table `margin_events`. */
export const marginColumns = {
  time: { type: 'time', meaning: 'When.', read: e => e.time },
  portfolio: { type: 'text', meaning: 'Whose position.', read: e => e.portfolio },
  pair: { type: 'text', meaning: 'The pair.', read: e => e.pair },
  kind: { type: 'text', meaning: '`funding`, `liquidation` or `deleveraging`.', read: e => e.kind },
  qty_e8: {
    type: 'integer',
    unit: '1e-8 units',
    meaning: 'Quantity of the position, or what of it was closed.',
    read: e => e.qtyE8,
  },
  mark: { type: 'real', unit: 'USD', meaning: 'The mark.', read: e => e.markUsd },
  cost_e6: {
    type: 'integer',
    unit: '1e-6 USD',
    meaning: 'Funding that was paid, or the margin that a liquidation cost; below 0: what was received or gained.',
    read: e => e.costE6,
  },
  to_fund_e6: { type: 'integer', unit: '1e-6 USD', meaning: 'What the insurance fund received.', read: e => e.toFundE6 },
  from_fund_e6: { type: 'integer', unit: '1e-6 USD', meaning: 'What the insurance fund paid.', read: e => e.fromFundE6 },
} satisfies ReadColumns<MarginEvent>
