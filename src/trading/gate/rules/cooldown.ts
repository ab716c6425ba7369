/** After an exit in a pair, no entry there for so long. */

import * as z from 'zod'
import { DAY_MS } from '../../../core/index.js'
import { higher } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const cooldown = defineRule({
  code: 'cooldown',
  limits: {
    cooldownMs: higher(
      z
        .number()
        .int()
        .min(1)
        .max(365 * DAY_MS),
      'time without an entry in a pair after an exit there, ms',
    ),
  },
  unit: 'ms since the exit',
  boundary: 'at exactly the limit an entry is allowed; 1 ms earlier it is not',
  lockEnds: '`cooldownMs` after the exit',
  source: 'CooldownPeriod of freqtrade',
  // A position that is due leaves at the open at which this would fill: too soon. One that is renewed does not leave.
  allows: ({ freesE6, renews }) => (freesE6 === 0 || renews ? all : none),
  measures: () => 0,
  onTrade: (_, { pair, exitTime, reason }, { cooldownMs = 0 }) => ({
    pair,
    until: exitTime + cooldownMs,
    reason: `a position closed (${reason}); ${cooldownMs / 60_000} minutes without an entry follow`,
  }),
})
