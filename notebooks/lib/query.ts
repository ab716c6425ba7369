/** Tables as rows: SQL over Parquet and CSV files by DuckDB, and over the ledgers of a run by SQLite. */

import { createRequire } from 'node:module'
import { DuckDBInstance } from '@duckdb/node-api'

/** What a cell of a table holds. */
export type Cell = string | number | boolean | Date | null
export type Row = Readonly<Record<string, Cell>>

/** The rows of a DuckDB query, e.g. of `FROM 'run/trades.parquet'`. Integers become numbers; times become dates. */
export async function query(sql: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const answer = await connection.runAndReadAll(sql)
    return answer.getRowObjectsJS().map(row => mapValues(row, cellOf))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The rows of an SQLite query on one file, e.g. `trades.db`, opened for reading alone. */
export function sqlite(file: string, sql: string): Row[] {
  const database = new (loadSqlite().DatabaseSync)(file, { readOnly: true })
  try {
    return database
      .prepare(sql)
      .all()
      .map(row => mapValues(row, cellOf))
  } finally {
    database.close()
  }
}

interface Sqlite {
  DatabaseSync: new (
    file: string,
    options: { readOnly: boolean },
  ) => { prepare(sql: string): { all(): Record<string, unknown>[] }; close(): void }
}

/** Deno has SQLite built in, under the name that Node 22 gave it; the types of Node 20 do not know it. */
function loadSqlite(): Sqlite {
  return createRequire(import.meta.url)('node:sqlite') as Sqlite
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date) return value
  return value instanceof Uint8Array ? `${value.byteLength} bytes` : String(value)
}

function mapValues(row: Readonly<Record<string, unknown>>, change: (value: unknown) => Cell): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]))
}
