/** Whether two sources of one pair tell the same story: how far apart their closes are, and how alike their moves. */

import type { TimeMs } from '../core/index.js'
import type { CandleSeries } from '../market/index.js'

/** What the bars that two series share say. Differences are shares of the price. */
export interface Agreement {
  /** Bars of the same time. */
  readonly bars: number
  readonly medianDifference: number
  readonly largestDifference: number
  readonly largestAt: TimeMs
  /** Of the returns between neighbouring shared bars; null where there are too few, or one never moves. */
  readonly correlation: number | null
  /** True where closes and returns are those of one market. */
  readonly agree: boolean
  /** Bars by which the second lies later, where it agrees once it is moved by them: its times may be local. */
  readonly shiftedBars: number | undefined
}

/** Closes of one market differ by less in the median: a currency that stands for USD, or another exchange, stays within. */
const mostDifference = 0.01
/** Hourly returns of one market at two exchanges correlate more. */
const leastCorrelation = 0.8
/** Fewer shared returns say nothing. */
const leastReturns = 30
/** Bars up to which a shift in time is looked for. */
const mostShift = 24

/** Compares the closes of two series; undefined where they share no bar. */
export function agreementOf(first: CandleSeries, second: CandleSeries, barMs: number): Agreement | undefined {
  const shared = sharedCloses(first, second, 0)
  if (shared.time.length === 0) return undefined
  const differences = shared.a.map((a, i) => Math.abs((shared.b[i] as number) / a - 1))
  const largest = differences.reduce((best, x, i) => (x > (differences[best] as number) ? i : best), 0)
  const medianDifference = median(differences)
  const correlation = correlationOf(shared, barMs)
  const agree = medianDifference <= mostDifference && (correlation === null || correlation >= leastCorrelation)
  return {
    bars: shared.time.length,
    medianDifference,
    largestDifference: differences[largest] as number,
    largestAt: shared.time[largest] as TimeMs,
    correlation,
    agree,
    shiftedBars: agree ? undefined : shiftOf(first, second, barMs),
  }
}

interface Shared {
  readonly time: readonly TimeMs[]
  readonly a: readonly number[]
  readonly b: readonly number[]
}

/** Closes at the times of `first` that `second` has `shiftMs` later. */
function sharedCloses(first: CandleSeries, second: CandleSeries, shiftMs: number): Shared {
  const time: TimeMs[] = []
  const a: number[] = []
  const b: number[] = []
  for (let i = first.indexAt(second.from - shiftMs), j = 0; i < first.length && j < second.length; ) {
    const apart = (first.time[i] as number) + shiftMs - (second.time[j] as number)
    if (apart === 0) {
      time.push(first.time[i] as number)
      a.push(first.close[i] as number)
      b.push(second.close[j] as number)
    }
    if (apart <= 0) i++
    if (apart >= 0) j++
  }
  return { time, a, b }
}

/** Pearson's correlation of the returns from one shared bar to the next. */
function correlationOf({ time, a, b }: Shared, barMs: number): number | null {
  let [n, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0]
  for (let i = 1; i < time.length; i++) {
    if ((time[i] as number) - (time[i - 1] as number) !== barMs) continue
    const x = (a[i] as number) / (a[i - 1] as number) - 1
    const y = (b[i] as number) / (b[i - 1] as number) - 1
    n++
    sumA += x
    sumB += y
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  const spread = (squaresA - sumA ** 2 / n) * (squaresB - sumB ** 2 / n)
  return n >= leastReturns && spread > 0 ? (products - (sumA * sumB) / n) / Math.sqrt(spread) : null
}

/** The shift in time, in bars, at which returns are those of one market; undefined where there is none. */
function shiftOf(first: CandleSeries, second: CandleSeries, barMs: number): number | undefined {
  for (let bars = 1; bars <= mostShift; bars++) {
    for (const shift of [bars, -bars]) {
      const correlation = correlationOf(sharedCloses(first, second, shift * barMs), barMs)
      if (correlation !== null && correlation >= leastCorrelation) return shift
    }
  }
  return undefined
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
