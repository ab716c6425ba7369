/** How volatility depends on the time: on the hour of the day (UTC) and the weekend, as a factor with mean square 1 over a week. */

import { DAY_MS, HOUR_MS, MINUTE_MS, math } from '../core/index.js'

const WEEK_MS = 7 * DAY_MS
/** 1970-01-01 was a Thursday: days since then, modulo 7, of Saturday and Sunday. */
const SATURDAY = 2
const SUNDAY = 3
/**
 * Mean of log |r| in each hour of the day (UTC) less the mean of all, in halves of its range: 16 pairs on Binance, 2020–2022.
 * One peak is midnight, where many contracts settle, the other one the opening of the American exchanges.
 */
const DAY_SHAPE = [
  1.26, 0.24, -0.28, -0.36, -0.7, -0.45, -0.36, -0.32, -0.08, -0.16, -0.12, -0.12, 0.36, 0.45, 0.73, 0.41, 0.65, -0.2, -0.36,
  -0.41, -0.08, -0.24, -0.08, 0.16,
] as const

export interface SeasonOptions {
  /** Half the range of log volatility over the day. */
  readonly daily: number
  /** Log volatility at weekends, less that of weekdays. */
  readonly weekend: number
}

/** The factor of a bar from its start, taken at its middle; a bar of a day has no hour, a longer one no weekend either. */
export function seasonFactor(options: SeasonOptions, barMs: number): (startMs: number) => number {
  const daily = barMs < DAY_MS ? options.daily : 0
  const weekend = barMs <= DAY_MS ? options.weekend : 0
  const logAt = (startMs: number) => {
    const middle = startMs + barMs / 2
    const day = Math.floor(middle / DAY_MS) % 7
    const hour = Math.floor(middle / HOUR_MS) % 24
    return daily * (DAY_SHAPE[hour] as number) + (day === SATURDAY || day === SUNDAY ? weekend : 0)
  }
  const level = meanSquareLevel(logAt, Math.max(barMs, MINUTE_MS))
  return startMs => math.exp(logAt(startMs) - level)
}

/** Half the logarithm of the mean of exp(2 · log) over the bars of a week. */
function meanSquareLevel(logAt: (startMs: number) => number, stepMs: number): number {
  let sum = 0
  let n = 0
  for (let time = 0; time < WEEK_MS; time += stepMs) {
    sum += math.exp(2 * logAt(time))
    n++
  }
  return 0.5 * math.log(sum / n)
}
