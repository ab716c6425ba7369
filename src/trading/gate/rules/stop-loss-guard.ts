/** So many stops in a pair within a time: its market does what the strategy does not expect, and entries there stop for a time. */

import * as z from 'zod'
import { DAY_MS, HOUR_MS, type TimeMs } from '../../../core/index.js'
import { higher, lower } from '../limit.js'
import { defineRule } from '../rule.js'

const span = z
  .number()
  .int()
  .min(1)
  .max(365 * DAY_MS)

const defaultLookbackMs = DAY_MS
const defaultPauseMs = 4 * HOUR_MS

export const stopLossGuard = defineRule({
  code: 'stopLossGuard',
  limits: {
    stopLossCount: lower(z.number().int().min(1).max(1_000), 'stops in a pair at which entries there pause'),
    stopLossLookbackMs: higher(span, 'time within which they count, ms; default a day', { standard: defaultLookbackMs }),
    stopLossPauseMs: higher(span, 'length of that pause, ms; default 4 hours', { standard: defaultPauseMs }),
  },
  unit: 'stops',
  boundary: 'exactly the limit pauses the pair; a stop exactly the lookback before the last one counts',
  lockEnds: '`stopLossPauseMs` after the last stop',
  source: 'StoplossGuard of freqtrade, per pair',
  /** The instants of the last stops by pair, never more than count. */
  begin: (): Map<string, TimeMs[]> => new Map(),
  onTrade(stops, { pair, reason, exitTime }, limits) {
    if (reason !== 'stop') return null
    const { stopLossCount = 1, stopLossLookbackMs = defaultLookbackMs, stopLossPauseMs = defaultPauseMs } = limits
    const recent = (stops.get(pair) ?? []).filter(time => time >= exitTime - stopLossLookbackMs)
    recent.push(exitTime)
    if (recent.length > stopLossCount) recent.shift()
    stops.set(pair, recent)
    if (recent.length < stopLossCount) return null
    const hours = (exitTime - (recent[0] ?? exitTime)) / HOUR_MS
    return { pair, until: exitTime + stopLossPauseMs, reason: `stops within ${hours.toFixed(1)} hours: ${recent.length}` }
  },
})
