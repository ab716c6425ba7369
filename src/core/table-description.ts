/** What a table is: its columns with name, type, unit, null rule and meaning. Schemas, files, checks and docs derive from it. */

import { closest, OperatorError } from './errors.js'

/** What the cells of a column are, by type; `time` is milliseconds since 1970, UTC. */
export interface CellTypes {
  real: number
  integer: number
  text: string
  boolean: boolean
  time: number
}

/** `real`, `integer`, `text`, `boolean` or `time`. */
export type ColumnType = keyof CellTypes

/** What one cell of a table may hold. */
export type Cell = CellTypes[ColumnType] | null

/** A row of a table: its cells by the names of their columns. */
export type Row = Record<string, Cell>

/** One column as plain data. */
export interface ColumnDescription {
  readonly name: string
  readonly type: ColumnType
  /** The unit of its numbers; null where they have none. */
  readonly unit: string | null
  readonly nullable: boolean
  /** One sentence. */
  readonly meaning: string
}

/** A function of a subject; declared as a method, so that a function of a narrower subject is accepted. */
export type OfSubject<S, R> = { of(subject: S): R }['of']

/** A column of a row type: what it is, and how its cell is read from a row. */
export type ReadColumn<S> = {
  [T in ColumnType]: {
    readonly type: T
    readonly unit?: string
    /** Whether a cell may be null; undefined is written as null. */
    readonly nullable?: boolean
    readonly meaning?: string
    readonly read: OfSubject<S, CellTypes[T] | null | undefined>
  }
}[ColumnType]

/** The columns of a row type, in their order. */
export type ReadColumns<S> = Readonly<Record<string, ReadColumn<S>>>

/** A column's description without the way its cells are read. */
export function describeColumn(
  name: string,
  { type, unit, nullable, meaning }: Pick<ReadColumn<never>, 'type' | 'unit' | 'nullable' | 'meaning'>,
): ColumnDescription {
  if (!Object.hasOwn(expectations, type)) throw noType(name, type)
  return { name, type, unit: unit ?? null, nullable: nullable ?? false, meaning: meaning ?? '' }
}

/** The same columns, which refuse null where they do not say that they allow it. */
export function strictly<C extends ReadColumns<never>>(columns: C): C {
  return Object.fromEntries(Object.entries(columns).map(([name, c]) => [name, { ...c, nullable: c.nullable ?? false }])) as C
}

export function describeColumns(columns: ReadColumns<never>): ColumnDescription[] {
  return Object.entries(columns).map(([name, column]) => describeColumn(name, column))
}

/** Whether a column may hold a cell: its type, and null where it is nullable. NaN is a real's way to say null. */
export function fits({ type, nullable }: Pick<ColumnDescription, 'type' | 'nullable'>, cell: Cell): boolean {
  if (cell === null) return nullable
  if (type === 'text') return typeof cell === 'string'
  if (type === 'boolean') return typeof cell === 'boolean'
  if (type === 'real') return typeof cell === 'number' && (nullable || !Number.isNaN(cell))
  return Number.isSafeInteger(cell)
}

const expectations: Readonly<Record<ColumnType, string>> = {
  real: 'a number',
  integer: 'a whole number',
  text: 'a text',
  boolean: 'true or false',
  time: 'a time in whole milliseconds',
}

const usual: Readonly<Record<string, ColumnType>> = {
  number: 'real',
  float: 'real',
  double: 'real',
  int: 'integer',
  string: 'text',
  bool: 'boolean',
  date: 'time',
}

function noType(column: string, got: unknown): OperatorError {
  const names = Object.keys(expectations)
  const meant = usual[String(got)] ?? closest(String(got), names)
  return new OperatorError({
    what: `the type of column "${column}"`,
    expected: `one of ${names.join(', ')}`,
    got: got ?? String(got),
    next: meant === undefined ? "Write { type: 'text', read: … }." : `Did you mean "${meant}"?`,
  })
}

/** For an error: the cells a column takes, in words. */
export function expectedCell({ type, nullable }: Pick<ColumnDescription, 'type' | 'nullable'>): string {
  return nullable ? `${expectations[type]} or null` : expectations[type]
}
