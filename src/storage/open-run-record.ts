/** Opens the record of a run: from its Parquet files, or from the ledger and the spool of a live run that has none yet. */

import { existsSync } from 'node:fs'
import { OperatorError } from '../core/index.js'
import { RunDirectory } from './run-directory.js'
import type { RecordTable, RunRecord } from './run-record.js'
import { ledgerRecord } from './run-record-ledger.js'
import { parquetRecord } from './run-record-parquet.js'

/** The record of a run: its Parquet files where they are written, else its ledger, with its spool for the tables that no ledger has. */
export function openRunRecord(path: string): RunRecord {
  const run = RunDirectory.read(path)
  const files = parquetRecord(table => run.file(`${table}.parquet`))
  if (existsSync(run.file('decisions.parquet'))) return files
  const { status, verb } = run.manifest
  // A simulated run keeps its decisions in the files alone.
  const ledger = verb === 'live' && existsSync(run.file('trades.db')) ? ledgerRecord(run.file('trades.db')) : undefined
  if (ledger?.has('decisions')) return joined(ledger, files)
  ledger?.close()
  throw new OperatorError({
    what: `the decisions of ${path}`,
    expected: 'decisions.parquet, or the table decisions in trades.db',
    got: `neither (${verb}, ${status})`,
    next:
      status === 'finished'
        ? 'Run it again: only runs of this version that trade keep their decisions.'
        : 'Finish the run first, with `resume`.',
  })
}

/** The tables of the ledger, and those of the files that it has not. */
function joined(ledger: RunRecord, files: RunRecord): RunRecord {
  const of = (table: RecordTable) => (ledger.has(table) ? ledger : files)
  return {
    has: table => of(table).has(table),
    scan: (table, ...rest) => of(table).scan(table, ...rest),
    rows: (table, ...rest) => of(table).rows(table, ...rest),
    close: () => ledger.close(),
  }
}
