/** A table of a database as one description: its schema, its INSERT and the values of a row derive from it. */

import type { ColumnType, ReadColumn } from '../core/index.js'

/** What a statement binds; SQLite knows no booleans. */
type SqlValue = number | string | Uint8Array | null

/** Bytes, which only a database holds. */
interface BytesColumn<R> {
  readonly type: 'bytes'
  readonly nullable?: boolean
  readonly meaning: string
  readonly read: (row: R) => Uint8Array | null
}

/** A column SQLite fills by itself. */
interface OwnColumn {
  readonly type: ColumnType
  readonly meaning: string
  readonly sql: string
}

/** `sql`: its declaration, where it is not what type and null rule say. */
export type SqlColumn<R> = (ReadColumn<R> & { readonly meaning: string; readonly sql?: string }) | BytesColumn<R> | OwnColumn

export type SqlColumns<R> = Readonly<Record<string, SqlColumn<R>>>

export interface SqlTable<R> {
  readonly name: string
  readonly meaning: string
  readonly columns: SqlColumns<R>
  /** Columns of later versions: a new file gets them as an upgraded one does. */
  readonly added?: SqlColumns<R>
  /** Keys over several columns. */
  readonly constraints?: readonly string[]
  /** Rows may be neither changed nor deleted: the database itself refuses. */
  readonly isAppendOnly?: boolean
  /** What an INSERT does where the row is there already. */
  readonly onConflict?: string
}

const declarations: Readonly<Record<ColumnType | 'bytes', string>> = {
  real: 'REAL',
  integer: 'INTEGER',
  text: 'TEXT',
  boolean: 'INTEGER',
  time: 'INTEGER',
  bytes: 'BLOB',
}

/** A column as a schema declares it, without its name. */
export function declarationOf<R>(column: SqlColumn<R>): string {
  if ('sql' in column && column.sql !== undefined) return column.sql
  const nullable = 'nullable' in column && column.nullable === true
  return `${declarations[column.type]}${nullable ? '' : ' NOT NULL'}`
}

/** The table without the columns of later versions. */
export function createTable<R>({ name, columns, constraints = [], isAppendOnly }: SqlTable<R>): string {
  // sql-ok: names and declarations of our own descriptions, which cannot be bound
  const table = `CREATE TABLE ${name} (\n  ${[...declared(columns), ...constraints].join(',\n  ')}\n);`
  return isAppendOnly ? [table, refusing(name, 'UPDATE'), refusing(name, 'DELETE')].join('\n') : table
}

function refusing(table: string, change: 'UPDATE' | 'DELETE'): string {
  const name = `${table}_without_${change.toLowerCase()}`
  // sql-ok: names of our own descriptions, which cannot be bound
  return `CREATE TRIGGER ${name} BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, '${table} takes new rows alone'); END;`
}

/** Adds the columns of later versions that a file does not have yet. */
export function addColumns<R>({ name, added = {} }: SqlTable<R>, present: ReadonlySet<string> = new Set()): string {
  const missing = Object.fromEntries(Object.entries(added).filter(([column]) => !present.has(column)))
  return (
    declared(missing)
      // sql-ok: names and declarations of our own descriptions, which cannot be bound
      .map(column => `ALTER TABLE ${name} ADD COLUMN ${column};`)
      .join('\n')
  )
}

/** Binds the values of {@link rowValues} by name. */
export function insertInto<R>(table: SqlTable<R>): string {
  const names = written(table).map(([name]) => name)
  const values = names.map(name => `@${name}`)
  // sql-ok: names of our own descriptions, which cannot be bound; the values are
  const insert = `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${values.join(', ')})`
  return table.onConflict === undefined ? insert : `${insert} ON CONFLICT ${table.onConflict}`
}

/** Overwrites everything but the key, which is one column or more. */
export function overwrite<R>(columns: SqlColumns<R>, key: readonly string[]): string {
  const others = Object.keys(columns).filter(name => !key.includes(name))
  return `(${key.join(', ')}) DO UPDATE SET ${others.map(name => `${name} = excluded.${name}`).join(', ')}`
}

/** The cells of a row by column. */
export function rowValues<R>(table: SqlTable<R>, row: R): Record<string, SqlValue> {
  const values: Record<string, SqlValue> = {}
  for (const [name, read] of written(table)) {
    const value = read(row)
    values[name] = typeof value === 'boolean' ? Number(value) : (value ?? null)
  }
  return values
}

/** Columns of a part of a row, by name. */
export function columnsWithin<R, S>(
  columns: Readonly<Record<string, ReadColumn<S>>>,
  names: readonly string[],
  part: (row: R) => S,
): SqlColumns<R> {
  return Object.fromEntries(
    names.map(name => {
      const column = columns[name] as ReadColumn<S>
      return [name, { ...column, read: (row: R) => column.read(part(row)) } as SqlColumn<R>]
    }),
  )
}

type Reader<R> = (row: R) => SqlValue | boolean | undefined

function written<R>({ columns, added = {} }: SqlTable<R>): [string, Reader<R>][] {
  return Object.entries({ ...columns, ...added }).flatMap(([name, column]) =>
    'read' in column ? [[name, column.read as Reader<R>]] : [],
  )
}

function declared<R>(columns: SqlColumns<R>): string[] {
  return Object.entries(columns).map(([name, column]) => `${name} ${declarationOf(column)}`)
}
