/** How volatility depends on the time: on the hour of the day (UTC) and the weekend, as a factor with mean square 1 over a week. */

import { HOUR_MS, math } from '../core/index.js'

const DAY_HOURS = 24
/** 1970-01-01 was a Thursday: days since then, modulo 7, of Saturday and Sunday. */
const SATURDAY = 2
const SUNDAY = 3

export interface SeasonOptions {
  /** Amplitude of log volatility over the day. */
  readonly daily: number
  /** Hour (UTC) of the day at which volatility is highest. */
  readonly peakHour: number
  /** Log volatility at weekends, less that of weekdays. */
  readonly weekend: number
}

/** The factor of a bar from its middle; a bar of a day has no hour, a longer one no weekend either. */
export function seasonFactor(options: SeasonOptions, barMs: number): (startMs: number) => number {
  const { daily, peakHour, weekend } = options
  const dayMs = DAY_HOURS * HOUR_MS
  const amplitude = barMs < dayMs ? daily : 0
  const quiet = barMs <= dayMs ? weekend : 0
  // E[exp(2a·cos)] over a day is the modified Bessel function I₀(2a).
  const level = 0.5 * math.log(besselI0(2 * amplitude) * ((5 + 2 * math.exp(2 * quiet)) / 7))
  return startMs => {
    const middle = startMs + barMs / 2
    const day = Math.floor(middle / dayMs) % 7
    const atWeekend = day === SATURDAY || day === SUNDAY ? quiet : 0
    const turn = (middle % dayMs) / dayMs - peakHour / DAY_HOURS
    return math.exp(amplitude * math.cos(2 * Math.PI * turn) + atWeekend - level)
  }
}

/** The modified Bessel function of the first kind and order 0, by its series; arguments here are below 2. */
function besselI0(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < 20; k++) {
    term *= (x * x) / (4 * k * k)
    sum += term
  }
  return sum
}
