/** `mycelia data export`: a table of a run as text, for spreadsheets and for programs that read a line at a time. */

import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { type Cell, type ColumnType, OperatorError, unknownName } from '../core/index.js'
import { inputColumns } from '../model/index.js'
import { decisionColumns, tradeColumns } from '../trading/index.js'
import { storageError, withRetry } from './errors.js'
import { writeAll } from './files.js'
import { tableBlocks, tablesIn } from './parquet-table.js'
import { RunDirectory } from './run-directory.js'
import { parquetFile } from './spool-paths.js'

export interface ExportRequest {
  readonly run: string
  /** Any table of the run: `model`, `agents`, `trades` … */
  readonly table: string
  readonly as: 'csv' | 'jsonl'
  /** A file that is not there yet. */
  readonly out: string
}

/** Tables whose times are instants, and are written as such; those of a model have a time of its own. */
const described: Readonly<Record<string, Readonly<Record<string, { readonly type: ColumnType }>>>> = {
  trades: tradeColumns,
  decisions: decisionColumns,
  inputs: Object.fromEntries(inputColumns.map(column => [column.name, column])),
}

/** Writes the file and returns the number of rows. Times of trades, decisions and inputs are ISO 8601, UTC; what is not known is empty, in JSON null. */
export async function exportTable({ run, table, as, out }: ExportRequest): Promise<number> {
  const source = sourceOf(run, table)
  const file = created(out)
  let rows = 0
  try {
    for await (const { columns, rows: within } of tableBlocks(source, 'all')) {
      const names = Object.keys(columns)
      if (rows === 0 && as === 'csv') write(file, out, `${names.join(',')}\r\n`)
      const types = names.map(name => described[table]?.[name]?.type)
      const line = (i: number) =>
        lineOf(
          as,
          names,
          rowOf(
            names.map(name => columns[name]?.[i] ?? null),
            types,
          ),
        )
      write(file, out, Array.from({ length: within }, (_, i) => line(i)).join(''))
      rows += within
    }
    if (rows === 0 && as === 'csv') write(file, out, `${['step', ...Object.keys(described[table] ?? {})].join(',')}\r\n`)
  } catch (error) {
    rmSync(out, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return rows
}

function rowOf(cells: readonly Cell[], types: readonly (ColumnType | undefined)[]): Cell[] {
  return cells.map((cell, i) => (types[i] === 'time' && typeof cell === 'number' ? new Date(cell).toISOString() : cell))
}

function lineOf(as: ExportRequest['as'], names: readonly string[], cells: readonly Cell[]): string {
  if (as === 'csv') return `${cells.map(csvCell).join(',')}\r\n`
  return `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])))}\n`
}

/** A spreadsheet runs a text that begins so; a quote before it makes it a text again (OWASP, "CSV Injection"). */
const isRun = /^[=+\-@\t\r\n]/

/** A cell by RFC 4180; numbers stay numbers. */
export function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = isRun.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function sourceOf(run: string, table: string): string {
  const { path, manifest } = RunDirectory.read(run)
  const source = parquetFile(path, table)
  if (tablesIn(path).includes(table) && existsSync(source)) return source
  const names = new Set(Object.keys(manifest.outputs).map(name => name.split(':')[0] as string))
  if (manifest.status !== 'running' && names.size > 0) throw unknownName(`table of ${run}`, table, names)
  throw new OperatorError({
    what: `exporting ${table} of ${run}`,
    expected: `${table}.parquet`,
    got: `none: the run is ${manifest.status}`,
    next: 'A run writes its tables when it ends. Wait for its end, or read its trades.db.',
  })
}

function created(out: string): number {
  try {
    return openSync(out, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storageError(error, out, 'creating', 0)
    const next = 'Name another one with `out`, or remove that one.'
    throw new OperatorError({ what: `exporting to ${out}`, expected: 'a file that is not there yet', got: 'one that is', next })
  }
}

function write(file: number, out: string, text: string): void {
  const bytes = new TextEncoder().encode(text)
  withRetry(out, 'writing', bytes.length, () => writeAll(file, bytes))
}
