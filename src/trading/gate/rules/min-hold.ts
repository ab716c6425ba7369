/**
 * A position is held for so long before an opposite signal closes it; and a signal whose horizon ends sooner is not acted on. A rule
 * of signals, not of intents: what makes a position smaller is never refused. A stop, a target, the horizon, the end of data and an
 * operator close a position at any age, and they ask no rule.
 */

import * as z from 'zod'
import { DAY_MS } from '../../../core/index.js'
import { higher } from '../limit.js'
import { all, none } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

/** For how long the position would be held: of one that the signal closes, since its entry; else the horizon that is left. */
function heldMs({ pair, direction, time, closesAt }: Intent, account: Account): number {
  const position = account.position(pair)
  if (position === null || time >= position.closesAt) return closesAt - time
  return position.direction === direction ? Number.POSITIVE_INFINITY : time - position.entryTime
}

export const minHold = defineRule({
  code: 'minHold',
  stage: 'signal',
  bindsExits: true,
  limits: {
    minHoldMs: higher(
      z
        .number()
        .int()
        .min(0)
        .max(365 * DAY_MS),
      'least age at which an opposite signal closes a position, ms',
    ),
  },
  unit: 'ms',
  boundary: 'at exactly the limit an opposite signal closes the position, and a horizon of exactly the limit is long enough',
  source: 'minimum holding periods against churning',
  allows: (intent, account, { minHoldMs = 0 }) => (heldMs(intent, account) >= minHoldMs ? all : none),
  measures: heldMs,
})
