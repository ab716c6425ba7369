/**
 * Value-at-risk and expected shortfall by filtered historical simulation: each past return is divided by the volatility that was
 * forecast for its day and multiplied by that of the coming day (Hull and White 1998; Barone-Adesi, Giannopoulos and Vosper 1999).
 * Volatility is RiskMetrics' exponentially weighted mean square.
 */

/** What one day weighs of the day after it. */
export const RISK_DECAY = 0.97
/** Observations of a full window. */
export const RISK_WINDOW = 500
/** With fewer observations there is no estimate. */
export const LEAST_OBSERVATIONS = 250
/** The first returns of a window, whose mean square is the first forecast. */
const FIRST_RETURNS = 30

/**
 * Writes the scenarios for the coming day to `scenarios`: each return, oldest first, scaled to the volatility forecast now. A return
 * that is missing (NaN) leaves the forecast as it is; its scenario is NaN, as all are where returns are too few or do not vary.
 */
export function filterReturns(returns: Float64Array, scenarios: Float64Array): void {
  let variance = firstVariance(returns)
  for (let t = 0; t < returns.length; t++) {
    const r = returns[t] as number
    scenarios[t] = variance > 0 ? r / Math.sqrt(variance) : Number.NaN
    if (!Number.isNaN(r)) variance = RISK_DECAY * variance + (1 - RISK_DECAY) * r * r
  }
  const now = Math.sqrt(variance)
  for (let t = 0; t < scenarios.length; t++) scenarios[t] = (scenarios[t] as number) * now
}

/** The mean square of the first returns; NaN where there are fewer. */
function firstVariance(returns: Float64Array): number {
  let n = 0
  let squares = 0
  for (let t = 0; t < returns.length && n < FIRST_RETURNS; t++) {
    const r = returns[t] as number
    if (Number.isNaN(r)) continue
    n++
    squares += r * r
  }
  return n < FIRST_RETURNS ? Number.NaN : squares / n
}

/**
 * The rank of the loss that is the value-at-risk: the k-th largest of n, k = ⌊share · (n + 1)⌋. The loss after n alike exceeds it with
 * probability k / (n + 1), which is at most `share`.
 */
export function tailRank(n: number, share: number): number {
  // A product such as 0.01 · 500 may come out a last digit too low.
  return Math.floor(share * (n + 1) + 1e-9)
}

/**
 * Writes the places of the `count` largest of the first `n` values to `places`, the largest first; of equal ones the earlier is
 * first. As fast as one pass where `count` is small.
 */
export function placesOfLargest(values: Float64Array, n: number, count: number, places: Int32Array): void {
  let kept = 0
  let least = Number.NEGATIVE_INFINITY
  for (let t = 0; t < n; t++) {
    const value = values[t] as number
    if (kept === count && value <= least) continue
    let place = kept < count ? kept++ : count - 1
    for (; place > 0 && value > (values[places[place - 1] as number] as number); place--)
      places[place] = places[place - 1] as number
    places[place] = t
    least = values[places[kept - 1] as number] as number
  }
}

/** The most `tailMean` keeps places of. */
export const MOST_IN_TAIL = 16

/**
 * The mean of the largest `share` of n values, of which the last may count in part (Acerbi and Tasche 2002), where `places` has the
 * places of the ⌈share · n⌉ largest.
 */
export function tailMean(values: Float64Array, n: number, share: number, places: Int32Array): number {
  const size = share * n
  const whole = Math.floor(size)
  let sum = 0
  for (let i = 0; i < whole; i++) sum += values[places[i] as number] as number
  if (size > whole) sum += (size - whole) * (values[places[whole] as number] as number)
  return sum / size
}

/** The share of days with a greater loss that the value-at-risk stands for. */
export const VALUE_AT_RISK_TAIL = 0.01
/** The share of days whose mean loss the expected shortfall is. */
export const SHORTFALL_TAIL = 0.025

/** A one-day value-at-risk at 99 % of these scenarios of profit; NaN where fewer than 250 are known. */
export function valueAtRisk99(scenarios: Float64Array): number {
  const losses = Float64Array.from(
    scenarios.filter(x => !Number.isNaN(x)),
    x => -x,
  )
  if (losses.length < LEAST_OBSERVATIONS) return Number.NaN
  const rank = tailRank(losses.length, VALUE_AT_RISK_TAIL)
  const places = new Int32Array(MOST_IN_TAIL)
  placesOfLargest(losses, losses.length, rank, places)
  return losses[places[rank - 1] as number] as number
}
