/** The gate's value-at-risk holds where volatility clusters: as many days beyond it as stated, and not one after the other. */

import { type Rng, rootOf, Stream } from '../../src/core/index.js'
import { sumOf } from '../../src/experiment/statistics/index.js'
import {
  filterReturns,
  placesOfLargest,
  RISK_WINDOW,
  tailRank,
  VALUE_AT_RISK_TAIL,
  valueAtRisk99,
} from '../../src/trading/index.js'
import { brief, type Check, seeds } from './check.js'
import { type Coverage, christoffersen } from './christoffersen.js'

/** Days that are judged, after a full window and one day that only precedes the first of them. */
const days = 1_000
/** Days before the window, in which volatility comes to its long-run law. */
const settling = 500
const least = 0.8
const level = 0.05
/** χ² of one degree of freedom at that level. */
const critical = 3.841458820694124

/** GARCH(1,1): variance = 1 − alpha − beta + alpha · (last return)² + beta · (last variance), shocks of variance 1. */
export interface Garch {
  readonly alpha: number
  readonly beta: number
  /** Degrees of freedom of Student's law; null: normal shocks. */
  readonly degrees: number | null
}

export const garches: readonly Garch[] = [
  { alpha: 0.1, beta: 0.88, degrees: 5 },
  { alpha: 0.1, beta: 0.88, degrees: null },
]

/** Daily returns with volatility clustering, of standard deviation 1 %. */
export function garchReturns({ alpha, beta, degrees }: Garch, seed: number, n: number): Float64Array {
  const rng = new Stream(rootOf(seed), 'garch')
  const returns = new Float64Array(settling + n)
  let variance = 1
  for (let t = 0; t < returns.length; t++) {
    const x = Math.sqrt(variance) * (degrees === null ? rng.normal() : studentShock(rng, degrees))
    returns[t] = x / 100
    variance = 1 - alpha - beta + alpha * x * x + beta * variance
  }
  return returns.subarray(settling)
}

/** Student's law of variance 1. */
function studentShock(rng: Rng, degrees: number): number {
  let squares = 0
  for (let i = 0; i < degrees; i++) squares += rng.normal() ** 2
  return rng.normal() * Math.sqrt((degrees - 2) / squares)
}

/** A value-at-risk from the returns of a window. */
type Estimator = (window: Float64Array) => number

/** The gate's. */
export function filteredEstimate(window: Float64Array): number {
  const scenarios = new Float64Array(window.length)
  filterReturns(window, scenarios)
  return valueAtRisk99(scenarios)
}

/** Historical simulation without a filter: a quantile of the returns as they were. */
function plainEstimate(window: Float64Array): number {
  const losses = window.map(x => -x)
  const rank = tailRank(losses.length, VALUE_AT_RISK_TAIL)
  const places = new Int32Array(rank)
  placesOfLargest(losses, losses.length, rank, places)
  return losses[places[rank - 1] as number] as number
}

/** Estimates every day from the window before it, and tests the days beyond. */
export function coverageOf(returns: Float64Array, estimate: Estimator): Coverage {
  const isBeyond: boolean[] = []
  for (let t = RISK_WINDOW; t < returns.length; t++)
    isBeyond.push(-(returns[t] as number) > estimate(returns.subarray(t - RISK_WINDOW, t)))
  return christoffersen(isBeyond, VALUE_AT_RISK_TAIL)
}

const isKept = ({ pValue }: Coverage) => pValue >= level

/** What an estimator's tests come to. */
type Summary = ReturnType<typeof summary>

function summary(tests: readonly Coverage[]) {
  return {
    kept: tests.filter(isKept).length,
    of: tests.length,
    beyondShare: sumOf(tests.map(c => c.beyond)) / sumOf(tests.map(c => c.days)),
    rejectedByFrequency: tests.filter(c => c.frequency > critical).length,
    rejectedByIndependence: tests.filter(c => c.independence > critical).length,
  }
}

export const valueAtRiskCheck: Check = {
  name: 'var',
  promise: 'value-at-risk holds where volatility clusters',
  measured: `GARCH(1,1) returns (α 0.1, β 0.88; Student’s shocks of 5 degrees, and normal ones), 100 seeds × ${days} days after a window of ${RISK_WINDOW}: Christoffersen’s joint test of the 99 % value-at-risk is not rejected at 5 % in at least ${100 * least} % of seeds of each; plain historical simulation beside it`,
  async run(context) {
    const chosen = seeds(context, 100)
    const laws = garches.map(garch => {
      const returns = chosen.map(seed => garchReturns(garch, seed, RISK_WINDOW + 1 + days))
      const filtered = returns.map(each => coverageOf(each, filteredEstimate))
      const plain = returns.map(each => coverageOf(each, plainEstimate))
      const rejected = chosen.filter((_, i) => !isKept(filtered[i] as Coverage))
      return { garch, filtered: summary(filtered), plain: summary(plain), rejectedSeeds: rejected }
    })
    return {
      kept: laws.every(({ filtered }) => filtered.kept >= least * filtered.of),
      says: laws.map(lawText).join('; '),
      figures: { laws },
      inputs: { seeds: chosen, days, window: RISK_WINDOW, garches },
    }
  },
}

function lawText({ garch: { degrees }, filtered, plain }: { garch: Garch; filtered: Summary; plain: Summary }) {
  const shocks = degrees === null ? 'normal shocks' : `shocks of ${degrees} degrees`
  const text = ({ kept, of, beyondShare }: Summary) => `${kept} of ${of} seeds, ${brief(100 * beyondShare)} % of days beyond`
  return `${shocks}: ${text(filtered)}; plain historical simulation ${text(plain)}`
}
