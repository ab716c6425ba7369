/** The record of locks: a row when one begins or grows longer, and a row when it ends. */

import type { ReadColumns } from '../core/index.js'
import type { Halt } from './trade.js'

/** The columns of the table `locks`. */
export const lockColumns = {
  id: { type: 'text', meaning: 'The lock: whose it is, its kind, its pair and the instant at which it began.', read: l => l.id },
  portfolio: { type: 'text', meaning: 'The portfolio it stops; `all`: every portfolio.', read: l => l.portfolio },
  pair: { type: 'text', nullable: true, meaning: 'The pair it stops entries in; null: every pair.', read: l => l.pair },
  kind: { type: 'text', meaning: 'The code of the rule that began it, or what else did.', read: l => l.kind },
  on: { type: 'boolean', meaning: 'True where it begins or grows longer, false where it ends.', read: l => l.on },
  time: { type: 'time', meaning: 'When it began; where it ends, when it ended.', read: l => l.time },
  until: {
    type: 'time',
    nullable: true,
    meaning: 'The instant at which it ends by itself; null: it ends by what `ends` says.',
    read: l => l.until,
  },
  reason: { type: 'text', meaning: 'Why it began, or why it ended.', read: l => l.reason },
  ends: { type: 'text', meaning: 'What ends it.', read: l => l.ends },
} satisfies ReadColumns<Halt>
