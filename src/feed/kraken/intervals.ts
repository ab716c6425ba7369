/** The bar sizes for which Kraken has candles. */

import { DAY_MS, MINUTE_MS, OperatorError, type TimeMs } from '../../core/index.js'

/** Minutes of the candles Kraken serves on both of its interfaces, up to a day. */
const krakenMinutes = [1, 5, 15, 30, 60, 240, 1440]

/** Kraken's own interval for bars of `barMs`, in minutes, or undefined where it has none. */
export function krakenInterval(barMs: number): number | undefined {
  return krakenMinutes.find(m => m * MINUTE_MS === barMs)
}

/** The largest of Kraken's intervals that bars of `barMs` can be put together from, in minutes; undefined below a minute. */
export function krakenPart(barMs: number): number | undefined {
  return krakenMinutes.findLast(m => barMs % (m * MINUTE_MS) === 0)
}

/** Start of the interval holding `time`. */
export function barStart(time: TimeMs, barMs: number): TimeMs {
  return time - (time % barMs)
}

/** Throws an OperatorError where bars of this size cannot be built live: they must divide a day. */
export function checkLiveBarMs(barMs: number): void {
  if (Number.isInteger(barMs) && barMs >= 100 && DAY_MS % barMs === 0) return
  throw new OperatorError({
    what: 'bar size of the live feed',
    expected: 'a divisor of a day, such as 1s, 5s, 1m, 5m, 1h or 1d',
    got: `${barMs} ms`,
    next: 'Choose another `timeframe`.',
  })
}
