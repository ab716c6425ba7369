/** Tables in comma-separated text whose header names the columns, in any order; every error has file, line and column. */

import { OperatorError, unknownName } from '../core/index.js'
import { csvTableLimits } from './limits.js'
import { Cells, shapeError } from './parse-row.js'

/** What a column holds. */
export interface CsvColumn<T> {
  /** The value of a cell; undefined: it is none. */
  read(cell: string): T | undefined
  /** For errors: `a number from 0 to 1`. */
  readonly expected: string
  /** May be left out of the file; then each of its cells is empty. */
  readonly isOptional?: boolean
}

export type CsvColumns = Readonly<Record<string, CsvColumn<unknown>>>
type RowOf<C extends CsvColumns> = { readonly [K in keyof C]: C[K] extends CsvColumn<infer T> ? T : never }

/** A row, and where it stands. */
export interface CsvRow<C extends CsvColumns> {
  readonly row: RowOf<C>
  /** The error for a cell of this row that is wrong beside others. */
  wrong(column: keyof C & string, expected: string): OperatorError
}

const COMMA = 44

/** Reads a table. @throws OperatorError with file:line:column. */
export function readCsv<C extends CsvColumns>(text: string, file: string, columns: C): CsvRow<C>[] {
  if (text.length > csvTableLimits.tableChars)
    throw new OperatorError({ what: file, expected: `at most ${csvTableLimits.tableChars} characters`, got: text.length })
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const cells = new Cells()
  const header = cut(cells, lines[0] ?? '', 1, file)
  const places = placesOf(header, file, columns)
  const rows: CsvRow<C>[] = []
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string
    if (line.trim() === '') continue
    if (rows.length === csvTableLimits.tableRows) throw shapeError(file, i + 1, 1, `at most ${rows.length} rows`, 'one more')
    const found = cut(cells, line, i + 1, file)
    if (found.length !== header.length) throw shapeError(file, i + 1, 1, `${header.length} cells`, String(found.length))
    rows.push(rowOf(found, places, columns, { file, line: i + 1 }))
  }
  return rows
}

interface Cell {
  readonly text: string
  readonly column: number
}

function cut(cells: Cells, line: string, number: number, file: string): Cell[] {
  if ((line.match(/"/g)?.length ?? 0) % 2 === 1)
    throw shapeError(file, number, line.indexOf('"') + 1, 'a closing quote in this line', 'none')
  if (!cells.cut(line, 0, line.length, COMMA)) throw shapeError(file, number, 1, `at most ${cells.from.length} columns`, 'more')
  cells.unquote(line)
  return Array.from({ length: cells.count }, (_, i) => ({
    text: cells.text(line, i).replaceAll('""', '"'),
    column: (cells.from[i] ?? 0) + 1,
  }))
}

/** By column of the table: which cell of the file it is; −1: none. */
function placesOf(header: readonly Cell[], file: string, columns: CsvColumns): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (const [i, { text, column }] of header.entries()) {
    if (!Object.hasOwn(columns, text)) throw unknownName(`column at ${file}:1:${column}`, text, Object.keys(columns))
    if (places.has(text)) throw shapeError(file, 1, column, 'every column once', text)
    places.set(text, i)
  }
  for (const [name, { isOptional = false }] of Object.entries(columns)) {
    if (places.has(name)) continue
    if (!isOptional) throw shapeError(file, 1, 1, `the column ${name}`, header.map(({ text }) => text).join(','))
    places.set(name, -1)
  }
  return places
}

function rowOf<C extends CsvColumns>(
  found: readonly Cell[],
  places: ReadonlyMap<string, number>,
  columns: C,
  { file, line }: { file: string; line: number },
): CsvRow<C> {
  const cellOf = (name: string): Cell => found[places.get(name) ?? -1] ?? { text: '', column: 1 }
  const wrong = (name: string, expected: string) => {
    const { text, column } = cellOf(name)
    return shapeError(file, line, column, expected, text === '' ? 'nothing' : text)
  }
  const values = Object.entries(columns).map(([name, { read, expected }]) => {
    const value = read(cellOf(name).text)
    if (value === undefined) throw wrong(name, expected)
    return [name, value]
  })
  return { row: Object.fromEntries(values) as RowOf<C>, wrong }
}
