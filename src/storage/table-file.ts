/** Writes a table as Parquet and as CSV, for tables that do not belong to one run. */

import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cell, type ColumnDescription, fault } from '../core/index.js'
import { csvCell } from './export-table.js'
import { replaceFile, writeAll } from './files.js'
import { storageLimits } from './limits.js'
import { writeColumns } from './parquet-file.js'
import type { SpoolBlock } from './spool.js'

/** A row of cells in the order of the columns. */
export type Cells = readonly Cell[]

const endings = ['parquet', 'csv'] as const

/**
 * Writes `<name>.parquet` and `<name>.csv` in a folder, each atomically; the same rows give the same bytes. `rows` is called once a file
 * and is read a block of rows at a time. Returns the paths.
 */
export function writeTableFiles(
  folder: string,
  name: string,
  columns: readonly ColumnDescription[],
  rows: () => Iterable<Cells>,
): string[] {
  const [parquet = '', csv = ''] = endings.map(ending => join(folder, `${name}.${ending}`))
  writeColumns(parquet, columns, blocksOf(columns.length, rows()))
  writeCsv(csv, columns, rows())
  return [parquet, csv]
}

/** Removes what {@link writeTableFiles} wrote, where it is there. */
export function removeTableFiles(folder: string, name: string): void {
  for (const ending of endings) rmSync(join(folder, `${name}.${ending}`), { force: true })
}

function* blocksOf(width: number, rows: Iterable<Cells>): Generator<SpoolBlock> {
  const empty = () => Array.from({ length: width }, (): Cell[] => [])
  let columns = empty()
  let count = 0
  for (const row of rows) {
    for (let i = 0; i < width; i++) columns[i]?.push(row[i] ?? null)
    if (++count < storageLimits.tableBlockRows) continue
    yield { rows: count, columns }
    columns = empty()
    count = 0
  }
  if (count > 0) yield { rows: count, columns }
}

function writeCsv(path: string, columns: readonly ColumnDescription[], rows: Iterable<Cells>): void {
  replaceFile(path, storageLimits.spoolBufferBytes, true, beside => {
    const file = openSync(beside, 'w')
    try {
      const encoder = new TextEncoder()
      let text = `${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`
      for (const row of rows) {
        text += `${row.map(csvCell).join(',')}\r\n`
        if (text.length < storageLimits.spoolBufferBytes) continue
        fault('storage.csv')
        writeAll(file, encoder.encode(text))
        text = ''
      }
      fault('storage.csv')
      writeAll(file, encoder.encode(text))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  })
}
