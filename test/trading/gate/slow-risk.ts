/** Value-at-risk and expected shortfall written down as plainly as they are defined, to compare with. */

import { costE6, type Intent } from '../../../src/trading/index.js'
import { type Exposure, USD } from './statistic-accounts.js'

const known = (x: number) => !Number.isNaN(x)
const meanSquare = (values: readonly number[]) => values.reduce((sum, x) => sum + x * x, 0) / values.length

/** Each return × volatility now / volatility then. */
export function slowScenarios(returns: readonly number[]): number[] {
  const first = returns.filter(known).slice(0, 30)
  const varianceBefore = (t: number) => {
    const past = returns.slice(0, t).filter(known)
    return past.reduce((sum, r, i) => sum + 0.03 * 0.97 ** (past.length - 1 - i) * r * r, 0.97 ** past.length * meanSquare(first))
  }
  if (first.length < 30) return returns.map(() => Number.NaN)
  return returns.map((r, t) => r * Math.sqrt(varianceBefore(returns.length) / varianceBefore(t)))
}

/** Returns by pair, the last of all on one day. */
export type Returns = Readonly<Record<string, readonly number[]>>

/** Losses in millionths, by day, of exposures in millionths. */
export function slowLosses(scenarios: Returns, exposuresE6: Readonly<Record<string, number>>): number[] {
  const pairs = Object.keys(exposuresE6)
  const days = Math.min(...pairs.map(pair => scenarios[pair]?.length ?? 0))
  return Array.from({ length: days }, (_, t) =>
    pairs.reduce((sum, pair) => sum - (exposuresE6[pair] as number) * (scenarios[pair]?.at(t - days) as number), 0),
  ).filter(known)
}

/** Exposures of which the larger of long and short counts; in the intent's pair what has its direction, and the intent. */
export function countedE6(exposures: readonly Exposure[], intent: Intent, entryE6 = costE6(intent)): Record<string, number> {
  const side = (pair: string, direction: number) =>
    exposures.reduce((sum, [held, usd]) => sum + (held === pair && usd * direction > 0 ? Math.abs(Math.round(usd * USD)) : 0), 0)
  const counted: Record<string, number> = {}
  for (const [pair] of exposures) counted[pair] = side(pair, 1) >= side(pair, -1) ? side(pair, 1) : -side(pair, -1)
  counted[intent.pair] = intent.direction * (side(intent.pair, intent.direction) + entryE6)
  return counted
}

const falling = (values: readonly number[]) => [...values].sort((a, b) => b - a)

/** The loss that at most 1 % of days alike exceed. */
export function slowValueAtRisk(losses: readonly number[]): number {
  return falling(losses)[Math.floor((losses.length + 1) / 100) - 1] as number
}

/** The mean of the worst 2.5 %, the last of them in part. */
export function slowShortfall(losses: readonly number[]): number {
  const size = losses.length / 40
  return falling(losses).reduce((sum, loss, i) => sum + loss * Math.max(0, Math.min(1, size - i)), 0) / size
}
