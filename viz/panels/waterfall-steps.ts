/** Amounts that add up, as bars: each from where the last one ended. */

/** One bar: from where to where it goes, and what it is. */
export interface WaterfallStep {
  readonly name: string
  readonly value: number
  readonly from: number
  readonly to: number
  readonly isTotal: boolean
}

/** A total stands on zero, whatever came before it; every other amount goes on from there. */
export function waterfallSteps(names: readonly string[], values: ArrayLike<number>, totals: readonly string[]): WaterfallStep[] {
  let at = 0
  return names.map((name, i) => {
    const value = values[i] ?? Number.NaN
    const isTotal = totals.includes(name)
    const from = isTotal ? 0 : at
    at = from + value
    return { name, value, from, to: at, isTotal }
  })
}
