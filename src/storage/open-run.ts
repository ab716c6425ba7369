/** A run on disk, opened to be read from code: its manifest, and its tables, also while it goes on. */

import { type Cell, unknownName } from '../core/index.js'
import type { Manifest } from './manifest.js'
import { numbersOf, readTable, tableBlocks, tablesIn } from './parquet-table.js'
import { RunDirectory } from './run-directory.js'
import type { RecordRow } from './run-record.js'
import { parquetFile } from './spool-paths.js'

/** One table of a run, by column; times are ms since 1970, UTC, in runs that trade, and the model's own elsewhere. */
export class RunTable {
  constructor(
    readonly name: string,
    readonly columns: Readonly<Record<string, readonly Cell[]>>,
  ) {}

  get length(): number {
    return Object.values(this.columns)[0]?.length ?? 0
  }

  /** Throws `OperatorError` for a column that the table has not. */
  column(name: string): readonly Cell[] {
    const found = this.columns[name]
    if (found === undefined) throw unknownName(`column of table "${this.name}"`, name, Object.keys(this.columns))
    return found
  }

  /** The numbers of a column; NaN where a cell holds none. */
  numbers(name: string): Float64Array {
    return numbersOf(this.column(name))
  }

  toRows(): RecordRow[] {
    return Array.from({ length: this.length }, (_, i) => this.row(i))
  }

  private row(i: number): RecordRow {
    return Object.fromEntries(Object.entries(this.columns).map(([name, cells]) => [name, cells[i] ?? null]))
  }
}

/** A run on disk, open to be read. */
export interface OpenedRun {
  readonly path: string
  readonly manifest: Manifest
  /** Names of its tables, in order. */
  readonly tables: readonly string[]
  /** A whole table, or these columns of it. Throws `OperatorError` for a name that is no table. */
  table(name: string, columns?: readonly string[]): Promise<RunTable>
  /** The rows of a table one by one, a block of them in memory at a time. */
  rows(name: string): AsyncGenerator<RecordRow>
}

/** Opens the directory of a run. Throws `OperatorError` where there is none. */
export function openRun(path: string): OpenedRun {
  const { path: directory, manifest } = RunDirectory.read(path)
  const fileOf = (name: string) => {
    const tables = tablesIn(directory)
    if (!tables.includes(name)) throw unknownName(`table of ${path}`, name, tables)
    return parquetFile(directory, name)
  }
  return {
    path: directory,
    manifest,
    tables: tablesIn(directory),
    async table(name, columns) {
      const file = fileOf(name)
      const read = new RunTable(name, (await readTable(file, columns ?? 'all')) ?? {})
      const missing = columns?.find(column => read.columns[column] === undefined)
      // Only the error needs the names of all columns.
      if (missing !== undefined) new RunTable(name, (await readTable(file, 'all', { from: 0, to: 1 })) ?? {}).column(missing)
      return read
    },
    async *rows(name) {
      for await (const { columns, rows } of tableBlocks(fileOf(name), 'all')) {
        const table = new RunTable(name, columns)
        if (rows > 0) yield* table.toRows()
      }
    },
  }
}
