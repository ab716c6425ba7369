/** Cells of collected rows, and figures for cells of panels. */

import type { Cell, Row } from '../../../core/index.js'

/** A number column of rows; NaN where a cell holds none. */
export function numbersOf(rows: readonly Row[], column: string): Float64Array {
  return Float64Array.from(rows, row => numberIn(row[column]))
}

/** The number in a cell; NaN where it holds none. */
export function numberIn(cell: Cell | undefined): number {
  return typeof cell === 'number' ? cell : Number.NaN
}

/** To so many decimals, as people read it; null where it is not known. */
export function rounded(value: number | null, digits = 2): number | null {
  if (value === null || !Number.isFinite(value)) return null
  return Number(value.toFixed(digits))
}

/** A share as percent; null where it is not known. */
export function percent(share: number | null): number | null {
  return share === null ? null : rounded(100 * share)
}

/** `1 bar`, `2 bars`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
