/** The table `model` as lines: equity, drawdown, halts and contagion of a trading run, every numeric column of any other. */

import type { Cell } from '../core/index.js'
import { type Columns, numbersOf } from '../storage/index.js'
import { portfolioNames } from '../trading/index.js'
import type { Halted, Lines, Numbers } from './data.js'
import { type Buckets, bucketsOf, sample } from './down-sample.js'
import { reportLimits } from './limits.js'

/** Columns of the portfolios; the others of a trading run are charted beside them. */
export const equityNames = [...portfolioNames, 'buy_and_hold']

/** The model's clock: one row a step. */
export interface Clock {
  /** Seconds since 1970, or steps. */
  readonly x: Float64Array
  readonly steps: Float64Array
  /** Whether `x` is time. */
  readonly timed: boolean
  readonly buckets: Buckets
}

export function clockOf(model: Columns): Clock {
  const steps = numbersOf(model.step)
  const time = numbersOf(model.time)
  const timed = time.length > 0 && time.every(Number.isFinite)
  return {
    x: timed ? time.map(ms => ms / 1_000) : steps,
    steps,
    timed,
    buckets: bucketsOf(steps.length, reportLimits.points),
  }
}

export function axisOf({ x, buckets }: Clock): number[] {
  return buckets.places.map(at => x[at] as number)
}

export function equityLines(model: Columns, clock: Clock): { equity: Lines; drawdown: Record<string, Numbers> } {
  const lines: Record<string, Numbers> = {}
  const drawdown: Record<string, Numbers> = {}
  for (const name of equityNames) {
    const values = numbersOf(model[name])
    if (!values.some(Number.isFinite)) continue
    lines[name] = sample(values, clock.buckets, 8)
    drawdown[name] = sample(drawdownOf(values), clock.buckets, 4)
  }
  return { equity: { x: axisOf(clock), lines }, drawdown }
}

/** How far each value lies under the highest so far, as a fraction ≤ 0. */
export function drawdownOf(equity: Float64Array): Float64Array {
  let peak = Number.NEGATIVE_INFINITY
  return equity.map(value => {
    if (!Number.isFinite(value)) return Number.NaN
    peak = Math.max(peak, value)
    return value / peak - 1
  })
}

/** Stretches in which a portfolio's `…_halted` column is true. */
export function haltedOf(model: Columns, { x }: Clock): Halted[] {
  return portfolioNames.flatMap(portfolio =>
    stretches(model[`${portfolio}_halted`] ?? []).map(([from, to]) => ({
      portfolio,
      from: x[from] as number,
      to: x[to] as number,
    })),
  )
}

function stretches(flags: readonly Cell[]): [number, number][] {
  const found: [number, number][] = []
  let from = -1
  for (let i = 0; i <= flags.length; i++) {
    if (flags[i] === true && from < 0) from = i
    if (flags[i] === true || from < 0) continue
    found.push([from, Math.min(i, flags.length - 1)])
    from = -1
  }
  return found
}

/** Every numeric column but the clock's own and `without`, in the table's order. */
export function modelLines(model: Columns, clock: Clock, without: readonly string[]): Lines {
  const lines: Record<string, Numbers> = {}
  for (const [name, cells] of Object.entries(model)) {
    if (name === 'step' || name === 'time' || without.includes(name)) continue
    const values = numbersOf(cells)
    if (values.some(Number.isFinite)) lines[name] = sample(values, clock.buckets)
  }
  return { x: axisOf(clock), lines }
}

export const tradingColumns: readonly string[] = [...equityNames, 'contagion', 'candidates', 'confirmed', 'approved']
