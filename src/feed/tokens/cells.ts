/** What stands in the cells of token tables. */

import { isMint, type TimeMs } from '../../core/index.js'
import { type CsvColumn, parseDecimal, parseTime } from '../../market/index.js'

export const text: CsvColumn<string> = {
  expected: 'a text of 1 to 200 characters',
  read: cell => (cell.length > 0 && cell.length <= 200 ? unescaped(cell) : undefined),
}
export const mint: CsvColumn<string> = { expected: 'a mint: 32 bytes in base58', read: cell => (isMint(cell) ? cell : undefined) }
export const time: CsvColumn<TimeMs> = {
  expected: 'a time such as 2024-01-01T00:00:00Z',
  read: cell => (parseTime(cell) >= 0 ? parseTime(cell) : undefined),
}
/** A whole number of the chain, below 2⁶⁴, as text. */
export const amount: CsvColumn<string> = {
  expected: 'a whole number from 0 to 2^64 − 1',
  read: cell => (/^\d{1,20}$/.test(cell) && BigInt(cell) < 2n ** 64n ? BigInt(cell).toString() : undefined),
}

export function number(least: number, most: number): CsvColumn<number> {
  const range = Number.isFinite(most) ? `a number from ${least} to ${most}` : `a number from ${least} on`
  return {
    expected: Number.isFinite(least) ? range : 'a number',
    read: cell => {
      const value = parseDecimal(cell, 0, cell.length)
      return value >= least && value <= most ? value : undefined
    },
  }
}

export const positive: CsvColumn<number> = { ...number(Number.MIN_VALUE, 1e9), expected: 'a number above 0' }

export function word<const W extends string>(...words: readonly W[]): CsvColumn<W> {
  return { expected: `one of ${words.join(', ')}`, read: cell => words.find(each => each === cell) }
}

/** An empty cell, or a column that is not there, is `empty`. */
export function optional<T, E>({ read, expected }: CsvColumn<T>, empty: E): CsvColumn<T | E> {
  return { isOptional: true, expected: `${expected}, or nothing`, read: cell => (cell === '' ? empty : read(cell)) }
}

/** The quote that an export puts before a text which a spreadsheet would run is not part of the text. */
function unescaped(cell: string): string {
  return /^'[=+\-@\t\r\n]/.test(cell) ? cell.slice(1) : cell
}
