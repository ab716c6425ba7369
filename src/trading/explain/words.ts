/** Cells of a record in words. */

import { type Cell, fromUsdE6, grouped } from '../../core/index.js'
import { formatTime } from '../../market/index.js'
import { figureText } from '../figure-words.js'

/** The number in a cell; NaN where it holds none. */
export function num(cell: Cell | undefined): number {
  return typeof cell === 'number' ? cell : Number.NaN
}

/** False for what is not known, which a file and a table in memory say as null or NaN. */
export function isNumber(cell: Cell | undefined): cell is number {
  return typeof cell === 'number' && !Number.isNaN(cell)
}

export function isText(cell: Cell | undefined): cell is string {
  return typeof cell === 'string'
}

export function numberText(n: number): string {
  return Number.isNaN(n) ? 'an unknown number of' : grouped(n)
}

/** `2024-05-01 10:00 UTC`; seconds only where there are some. It can be pasted after `PAIR@`. */
export function instantText(cell: Cell | undefined): string {
  if (typeof cell !== 'number') return 'an unknown time'
  return formatTime(cell)
    .replace('T', ' ')
    .replace(/(:00)?Z$/, ' UTC')
}

export function rises(direction: Cell | undefined): string {
  return direction === 1 ? 'rises' : 'falls'
}

/** An amount in 1e-6 USD. */
export function moneyText(cell: Cell | undefined): string {
  return figureText(fromUsdE6(num(cell)), 'usd')
}

export function barsText(cell: Cell | undefined): string {
  return num(cell) === 1 ? '1 bar' : `${numberText(num(cell))} bars`
}
