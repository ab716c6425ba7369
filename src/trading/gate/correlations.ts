/**
 * Correlations of the bar returns of pairs: exponentially weighted (RiskMetrics), and shrunk towards their mean, the target of Ledoit
 * and Wolf (2004), by what chance alone spreads them (as Schäfer and Strimmer 2005). A bar updates one row, a step shrinks them all.
 */

import type { TimeMs } from '../../core/index.js'
import type { Bar } from '../../market/index.js'
import { gateLimits } from './bounds.js'
import { isObservation } from './observation.js'

/** What one bar weighs of the bar after it. */
export const CORRELATION_DECAY = 0.97
/** A correlation is known from as many bars as say what so many equally weighted ones would: 66 bars. */
const LEAST_EFFECTIVE = 50

/** A pair's last return. */
interface LastReturn {
  /** Its number: that of its row. */
  readonly place: number
  closeUsd: number
  /** The ends of the two bars between which the return lies; −1: none yet. */
  from: TimeMs
  to: TimeMs
  value: number
}

/** What two pairs have in common; sums weigh each bar `CORRELATION_DECAY` of the next. */
interface Together {
  products: number
  squaresA: number
  squaresB: number
  /** The weight that a bar before the first common one would have by now; 1 before the first. */
  weightBefore: number
  /** NaN: not known. */
  shrunk: number
}

/** The correlations of all pairs, as plain data. */
export interface Correlations {
  readonly pairs: Map<string, LastReturn>
  /** Row i: pair i with each pair before it. */
  readonly rows: Together[][]
  changed: boolean
  /** Bars of pairs that are not followed, because too many are: their correlations are not known. */
  unfollowedBars: number
}

export function newCorrelations(): Correlations {
  return { pairs: new Map(), rows: [], changed: false, unfollowedBars: 0 }
}

/** Takes a bar's return. Returns of two pairs are observed together where they begin and end at the same instants. */
export function correlationsOnBar(all: Correlations, bar: Bar): void {
  if (!isObservation(bar)) return
  const { pair, time, barMs, close } = bar
  const own = all.pairs.get(pair) ?? newPair(all, pair)
  if (own === null) {
    all.unfollowedBars++
    return
  }
  const to = time + barMs
  if (to <= own.to) return
  own.value = close / own.closeUsd - 1
  own.closeUsd = close
  own.from = own.to
  own.to = to
  if (own.from < 0) return
  for (const other of all.pairs.values())
    if (other !== own && other.from === own.from && other.to === own.to) observe(all, own, other)
}

/** Null where as many pairs are followed as may be. */
function newPair({ pairs, rows }: Correlations, pair: string): LastReturn | null {
  if (rows.length >= gateLimits.correlatedPairs) return null
  const own = { place: rows.length, closeUsd: Number.NaN, from: -1, to: -1, value: 0 }
  rows.push(rows.map(() => ({ products: 0, squaresA: 0, squaresB: 0, weightBefore: 1, shrunk: Number.NaN })))
  pairs.set(pair, own)
  return own
}

function observe(all: Correlations, one: LastReturn, other: LastReturn): void {
  const [a, b] = one.place > other.place ? [one, other] : [other, one]
  const both = all.rows[a.place]?.[b.place] as Together
  const keep = CORRELATION_DECAY
  both.products = keep * both.products + a.value * b.value
  both.squaresA = keep * both.squaresA + a.value * a.value
  both.squaresB = keep * both.squaresB + b.value * b.value
  both.weightBefore *= keep
  all.changed = true
}

/** Shrinks every known correlation to the mean of all, by the share of their spread that chance explains. */
export function correlationsOnStep(all: Correlations): void {
  if (!all.changed) return
  all.changed = false
  let n = 0
  let sum = 0
  let squares = 0
  let chance = 0
  for (const row of all.rows)
    for (const both of row) {
      const r = rawCorrelation(both)
      both.shrunk = r
      if (Number.isNaN(r)) continue
      n++
      sum += r
      squares += r * r
      // The variance of a correlation of normal returns.
      chance += ((1 - r * r) * (1 - r * r)) / effectiveBars(both)
    }
  const mean = sum / n
  const spread = squares - sum * mean
  const intensity = spread > chance ? chance / spread : 1
  for (const row of all.rows) for (const both of row) both.shrunk += intensity * (mean - both.shrunk)
}

function rawCorrelation(both: Together): number {
  const scale = Math.sqrt(both.squaresA * both.squaresB)
  if (effectiveBars(both) < LEAST_EFFECTIVE || !(scale > 0)) return Number.NaN
  return Math.max(-1, Math.min(1, both.products / scale))
}

/** As many equally weighted bars say as much: (Σ weights)² / Σ weights². */
function effectiveBars({ weightBefore }: Together): number {
  return (((1 + CORRELATION_DECAY) / (1 - CORRELATION_DECAY)) * (1 - weightBefore)) / (1 + weightBefore)
}

/** The correlation of two pairs; NaN where it is not known. */
export function correlationOf({ pairs, rows }: Correlations, one: string, other: string): number {
  if (one === other) return 1
  const a = pairs.get(one)?.place ?? -1
  const b = pairs.get(other)?.place ?? -1
  return (a > b ? rows[a]?.[b] : rows[b]?.[a])?.shrunk ?? Number.NaN
}
