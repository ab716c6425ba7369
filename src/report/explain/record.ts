/** What a story is read from: the tables of a run, from its Parquet files or from the ledger of a live run. */

import { existsSync } from 'node:fs'
import { type Cell, OperatorError } from '../../core/index.js'
import { RunDirectory } from '../../storage/index.js'
import { ledgerRecord } from './ledger-record.js'
import { parquetRecord } from './parquet-record.js'

/** A row of a table by column, as docs/outputs.md describes it; times in ms. */
export type RecordRow = Readonly<Record<string, Cell>>

export type RecordTable = 'decisions' | 'ideas' | 'idea_patterns' | 'trades' | 'fills' | 'orders' | 'locks'

/** The tables of one run. A table that the run does not have has no rows. */
export interface RunRecord {
  has(table: RecordTable): boolean
  /** Calls `visit` with each row of a table, oldest first, and of it these columns at least. */
  scan(table: RecordTable, columns: readonly string[], visit: (row: RecordRow) => void): Promise<void>
  /** The whole rows that match, oldest first; `columns`: what `matches` reads. */
  rows(table: RecordTable, columns: readonly string[], matches: (row: RecordRow) => boolean): Promise<RecordRow[]>
  close(): void
}

/** The record of a run: its Parquet files where they are written, else its ledger. */
export function openRecord(path: string): RunRecord {
  const run = RunDirectory.read(path)
  if (existsSync(run.file('decisions.parquet'))) return parquetRecord(table => run.file(`${table}.parquet`))
  const { status, verb } = run.manifest
  // A simulated run keeps its decisions in the files alone.
  const ledger = verb === 'live' && existsSync(run.file('trades.db')) ? ledgerRecord(run.file('trades.db')) : undefined
  if (ledger?.has('decisions')) return ledger
  ledger?.close()
  throw new OperatorError({
    what: `the decisions of ${path}`,
    expected: 'decisions.parquet, or the table decisions in trades.db',
    got: `neither (${verb}, ${status})`,
    next:
      status === 'finished'
        ? 'Run it again: only runs of this version that trade keep their decisions.'
        : `Finish the run first: mycelia run --resume ${path}`,
  })
}
