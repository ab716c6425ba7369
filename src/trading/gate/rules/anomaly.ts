/**
 * A bar unlike those before it: entries in its pair stop for a time. The price: |close / last close − 1| in multiples of the pair's
 * EWMA volatility, σ² = Σ (1 − λ) λⁱ r² with λ = 0.94. The volume: in multiples of its EWMA mean. Both are of the bars before, and
 * are known after 20 of them; until then nothing is entered.
 */

import * as z from 'zod'
import { DAY_MS, HOUR_MS } from '../../../core/index.js'
import { type Bar, BarFlag } from '../../../market/index.js'
import { higher, lower } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule, type Intent, type Pause } from '../rule.js'

const decay = 0.94
const leastBars = 20

/** What a pair's bars usually are. */
interface Usual {
  barTime: number
  close: number
  /** Bars in the mean. */
  bars: number
  /** Mean of r², or of the volume. */
  mean: number
}

type Pairs = Map<string, Usual>

const defaultPauseMs = HOUR_MS
const multiple = z.number().positive().max(1e6)
const anomalyPauseMs = higher(
  z
    .number()
    .int()
    .min(1)
    .max(365 * DAY_MS),
  'length of the pause after an anomaly, ms; default an hour',
  { standard: defaultPauseMs },
)

/** What was usual in the pair before this bar; null where the bar is no observation, or no later one. */
function usualBefore(pairs: Pairs, { pair, time, close, flags }: Bar): Usual | null {
  const usual = pairs.get(pair) ?? { barTime: -1, close: Number.NaN, bars: 0, mean: 0 }
  pairs.set(pair, usual)
  const exists = (flags & BarFlag.filled) === 0
  return exists && time > usual.barTime && close > 0 && close < Number.POSITIVE_INFINITY ? usual : null
}

/** The mean of equal weights at first, which the exponential one takes over from when it has become the slower one. */
function observe(usual: Usual, { time, close }: Bar, value: number): void {
  usual.barTime = time
  usual.close = close
  if (!(value < Number.POSITIVE_INFINITY)) return
  usual.bars++
  usual.mean += (value - usual.mean) * Math.max(1 - decay, 1 / usual.bars)
}

const knows = (pairs: Pairs, { pair }: Intent) => ((pairs.get(pair)?.bars ?? 0) >= leastBars ? all : none)

const pauseOf = ({ pair, time, barMs }: Bar, pauseMs: number, reason: string): Pause => ({
  pair,
  until: time + barMs + pauseMs,
  reason,
})

export const priceAnomaly = defineRule({
  code: 'priceAnomaly',
  limits: {
    anomalyPriceJump: lower(multiple, 'move of a bar’s close, in EWMA volatilities, at which the pair pauses'),
    anomalyPauseMs,
  },
  unit: 'volatilities',
  boundary: 'a move of exactly the limit pauses the pair; no move never does',
  lockEnds: '`anomalyPauseMs` after the end of the bar',
  source: 'RiskMetrics 1996 for the volatility; price bands of exchanges',
  begin: (): Pairs => new Map(),
  allows: (intent, _, __, pairs) => knows(pairs, intent),
  onBar(pairs, bar, { anomalyPriceJump = 0, anomalyPauseMs: pauseMs = defaultPauseMs }) {
    const usual = usualBefore(pairs, bar)
    if (usual === null) return null
    const move = bar.close / usual.close - 1
    const known = usual.bars >= leastBars
    const most = anomalyPriceJump * Math.sqrt(usual.mean)
    observe(usual, bar, move * move)
    if (!known || move === 0 || !(Math.abs(move) >= most)) return null
    return pauseOf(bar, pauseMs, `a move of ${(100 * move).toFixed(2)} % in one bar`)
  },
})

export const volumeAnomaly = defineRule({
  code: 'volumeAnomaly',
  limits: { anomalyVolumeJump: lower(multiple, 'volume of a bar, in EWMA means, at which the pair pauses'), anomalyPauseMs },
  unit: 'mean volumes',
  boundary: 'a volume of exactly the limit pauses the pair; no volume never does',
  lockEnds: '`anomalyPauseMs` after the end of the bar',
  source: 'abnormal volume in event studies',
  begin: (): Pairs => new Map(),
  allows: (intent, _, __, pairs) => knows(pairs, intent),
  onBar(pairs, bar, { anomalyVolumeJump = 0, anomalyPauseMs: pauseMs = defaultPauseMs }) {
    const usual = usualBefore(pairs, bar)
    if (usual === null) return null
    const known = usual.bars >= leastBars
    const most = anomalyVolumeJump * usual.mean
    observe(usual, bar, bar.volume)
    if (!known || !(bar.volume > 0) || !(bar.volume >= most)) return null
    return pauseOf(bar, pauseMs, `a volume of ${bar.volume} in one bar`)
  },
})
