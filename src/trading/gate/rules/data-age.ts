/** How old the data behind an entry may be: the pair's last bar, and the signal. */

import * as z from 'zod'
import { DAY_MS } from '../../../core/index.js'
import { lower } from '../limit.js'
import { all, none } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

const span = z
  .number()
  .int()
  .min(0)
  .max(365 * DAY_MS)

/** Time since the pair's last existing bar ended; NaN where there was none. */
function dataAgeMs({ pair, time }: Intent, account: Account): number {
  const market = account.market(pair)
  return market === undefined || market.barTime < 0 ? Number.NaN : time - (market.barTime + market.barMs)
}

export const dataAge = defineRule({
  code: 'oldData',
  limits: { maxDataAgeMs: lower(span, 'most that may have passed since the pair’s last bar ended, ms') },
  unit: 'ms',
  boundary: 'exactly the limit is allowed; without a bar nothing is',
  source: 'stale quote checks of exchanges’ market makers',
  allows: (intent, account, { maxDataAgeMs = 0 }) => (dataAgeMs(intent, account) <= maxDataAgeMs ? all : none),
  measures: dataAgeMs,
})

const signalAgeMs = ({ time, decidedAt }: Intent) => time - decidedAt

export const signalAge = defineRule({
  code: 'oldSignal',
  stage: 'signal',
  limits: { maxSignalAgeMs: lower(span, 'most that may have passed since a signal was decided, ms') },
  unit: 'ms',
  boundary: 'exactly the limit is allowed',
  source: 'time in force of orders',
  allows: (intent, _, { maxSignalAgeMs = 0 }) => (signalAgeMs(intent) <= maxSignalAgeMs ? all : none),
  measures: signalAgeMs,
})
