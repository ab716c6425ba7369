/** The record of a run from its Parquet files, or its spool: only the columns that decide are read of all rows, the others of those that match. */

import { tableBlocks, tableExists } from './parquet-table.js'
import type { RecordRow, RecordTable, RunRecord } from './run-record.js'
import type { Columns } from './table-block.js'

export function parquetRecord(fileOf: (table: RecordTable) => string): RunRecord {
  return {
    has: table => tableExists(fileOf(table)),
    async scan(table, columns, visit) {
      for await (const block of tableBlocks(fileOf(table), columns))
        for (let i = 0; i < block.rows; i++) visit(rowOf(block.columns, i))
    },
    async rows(table, columns, matches) {
      const found: RecordRow[] = []
      for await (const block of tableBlocks(fileOf(table), columns)) {
        const places: number[] = []
        for (let i = 0; i < block.rows; i++) if (matches(rowOf(block.columns, i))) places.push(block.from + i)
        found.push(...(await wholeRows(fileOf(table), places)))
      }
      return found
    },
    close: () => undefined,
  }
}

/** Rows at these places of one group, in their order. */
async function wholeRows(path: string, places: readonly number[]): Promise<RecordRow[]> {
  const [first, last] = [places[0], places.at(-1)]
  if (first === undefined || last === undefined) return []
  const rows: RecordRow[] = []
  for await (const { from, columns } of tableBlocks(path, 'all', { from: first, to: last + 1 }))
    for (const place of places) rows.push(rowOf(columns, place - from))
  return rows
}

function rowOf(columns: Columns, i: number): RecordRow {
  const row: Record<string, RecordRow[string]> = {}
  for (const name in columns) row[name] = columns[name]?.[i] ?? null
  return row
}
