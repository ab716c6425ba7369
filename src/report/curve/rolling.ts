/** The Sharpe ratio over a window of days that moves along, with its interval. */

import { DAYS_A_YEAR } from '../../market/index.js'
import { momentsOf, sampleSd, sharpeInterval } from '../../trading/index.js'
import type { Daily, Numbers } from '../data.js'
import { returnsOf } from './daily.js'

export const windowDays = 30

export interface RollingSharpe {
  readonly x: number[]
  readonly sharpe: Numbers
  readonly least: Numbers
  readonly most: Numbers
}

/** A point a day, of the window that ends there. Null where the days of a window do not vary. */
export function rollingSharpe({ days }: Pick<Daily, 'days'>, equity: Float64Array): RollingSharpe {
  const rolling: RollingSharpe = { x: [], sharpe: [], least: [], most: [] }
  for (let end = windowDays; end < equity.length; end++) {
    const returns = returnsOf(equity.subarray(end - windowDays, end + 1))
    if (returns.length < windowDays) continue
    const moments = momentsOf(returns)
    const ratio = moments.mean / sampleSd(moments)
    const [value, half] = [ratio, sharpeInterval(ratio, returns.length)].map(each => each * Math.sqrt(DAYS_A_YEAR)) as [
      number,
      number,
    ]
    const finite = (x: number) => (Number.isFinite(x) ? x : null)
    rolling.x.push(days[end] as number)
    rolling.sharpe.push(finite(value))
    rolling.least.push(finite(value - half))
    rolling.most.push(finite(value + half))
  }
  return rolling
}
