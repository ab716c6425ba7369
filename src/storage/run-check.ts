/** `mycelia data check <run>`: whether the tables of a run that has ended are as its manifest says. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { readChain } from './chain-file.js'
import { departureText, MarkComparison, type Marks } from './chain-marks.js'
import { CorruptFile } from './errors.js'
import type { Manifest } from './manifest.js'
import { rowsIn, tableBlocks } from './parquet-table.js'
import { type ChainHead, RowChain } from './row-chain.js'
import { RunDirectory } from './run-directory.js'
import { checkJournal, type JournalCheck } from './run-journal-check.js'
import { parquetFile } from './spool-files.js'

export interface RunCheck {
  readonly path: string
  /** Rows of each Parquet file, by its name without the ending. */
  readonly rows: Readonly<Record<string, number>>
  /** The records that are as they were written, with their heads. */
  readonly records: Readonly<Record<string, ChainHead>>
  /** Of a live run: the ticks that its journal holds. */
  readonly journal?: JournalCheck
  /** One sentence each; empty where all is well. */
  readonly problems: readonly string[]
}

/** Checks a run's Parquet files, and the journal and ledger of a live run, against its manifest, and names the first step at which a record departs from what was written. */
export async function checkRun(path: string): Promise<RunCheck> {
  const run = RunDirectory.read(path)
  const { manifest } = run
  requireEnded(path, manifest)
  const rows: Record<string, number> = {}
  const problems: string[] = []
  const tables = new Set(Object.keys(manifest.outputs).map(name => name.split(':')[0] as string))
  for (const table of tables) {
    try {
      const file = parquetFile(run.path, table)
      if (existsSync(file)) rows[table] = await rowsIn(file)
      else problems.push(`${table}.parquet is missing.`)
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error
      problems.push(error.message)
    }
  }
  const records: Record<string, ChainHead> = {}
  for (const [table, written] of Object.entries(manifest.records ?? {})) {
    if (rows[table] === undefined) continue
    const problem = await recordProblem(run.path, table, written)
    if (problem === undefined) records[table] = written
    else problems.push(problem)
  }
  const journal = checkJournal(run.path, manifest)
  return {
    path,
    rows,
    records,
    ...(journal === undefined ? {} : { journal }),
    problems: [...problems, ...(journal?.problems ?? [])],
  }
}

async function recordProblem(run: string, table: string, written: ChainHead): Promise<string | undefined> {
  const marks = readChain(run, table)
  const comparison = new MarkComparison(marks ?? noMarks)
  const chain = await chainOf(run, table, comparison)
  comparison.end()
  const file = `${table}.parquet`
  if (chain.rows !== written.rows || (chain.rows > 0 && chain.hex() !== written.head)) {
    const without = marks === undefined ? ` ${table}.chain.json, which would name the step, is missing.` : ''
    return `${file}: ${departureText(comparison, chain.rows, written.rows)}${without}`
  }
  return comparison.departure && `${table}.chain.json is not of this record; ${file} is as the manifest says.`
}

/** Without marks any step may differ. */
const noMarks: Marks = { every: 1, steps: [], rows: [], links: [] }

async function chainOf(run: string, table: string, comparison: MarkComparison): Promise<RowChain> {
  let chain: RowChain | undefined
  for await (const { columns, rows } of tableBlocks(parquetFile(run, table), 'all')) {
    const names = Object.keys(columns)
    chain ??= new RowChain(table, names, (...step) => comparison.step(...step))
    chain.addColumns(
      names.map(name => columns[name] ?? []),
      columns.step ?? [],
      rows,
    )
  }
  chain ??= new RowChain(table, [])
  chain.end()
  return chain
}

function requireEnded(path: string, { status }: Manifest): void {
  if (status !== 'running') return
  throw new OperatorError({
    what: `checking ${path}`,
    expected: 'a run that has ended',
    got: 'one that is running or was killed',
    next: `Wait for its end, or check ${join(path, 'trades.db')}.`,
  })
}
