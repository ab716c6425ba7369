/** The sink of a run: tables are spooled while it runs, and become `<table>.parquet` when it ends. */

import { rmSync } from 'node:fs'
import { assert, type ColumnDescription, OperatorError, type Table } from '../core/index.js'
import type { Sink } from '../model/index.js'
import { writeChain } from './chain-file.js'
import { makeDirectory, writeAtomic } from './files.js'
import { type ParquetPart, type RunConstants, writeParquet } from './parquet-file.js'
import { type ChainHead, RowChain } from './row-chain.js'
import { Spool, type SpoolBlock } from './spool.js'
import { removeSpool, type SpooledTable } from './spool-files.js'
import { columnsFile, parquetFile, spoolDirectory, spoolFile } from './spool-paths.js'
import { newDigest, restoredDigest, type TableDigest, type TableDigestState } from './table-digest.js'

/** Position of one table at a checkpoint. */
export interface TablePosition extends SpooledTable {
  readonly hash: TableDigestState
}

export type ParquetPosition = Readonly<Record<string, TablePosition>>

/** One table being written: its columns, its spool and its hash. */
interface Spooled {
  readonly columns: readonly ColumnDescription[]
  readonly spool: Spool
  hash: TableDigest
  rows: number
}

export class ParquetSink implements Sink {
  private readonly tables = new Map<string, Spooled>()
  private readonly spoolDirectory: string
  private finished: string[] | undefined

  /** Files go to the run's directory, spooled rows to `.spool` in it until {@link finish}. */
  constructor(private readonly run: RunConstants & { readonly path: string }) {
    this.spoolDirectory = spoolDirectory(run.path)
    makeDirectory(this.spoolDirectory)
  }

  write(table: Table): void {
    assert(this.finished === undefined, `rows of ${table.name} came after the files were finished`)
    const spooled = this.tables.get(table.name) ?? this.add(table.name, descriptionsOf(table), newDigest(table))
    if (table.length === 0) return
    spooled.hash.add(table)
    spooled.rows += table.length
    spooled.spool.append(table)
  }

  /** Syncs what was written and returns the position of every table. */
  position(): ParquetPosition {
    return Object.fromEntries([...this.tables].map(([name, spooled]) => [name, positionOf(spooled)]))
  }

  /** Cuts every table back to a checkpoint; tables that were not there then are emptied. */
  truncate(position: unknown): void {
    const tables = position as ParquetPosition
    for (const name of this.tables.keys()) if (tables[name] === undefined) this.drop(name)
    for (const [name, at] of Object.entries(tables)) {
      const hash = restoredDigest(name, at.hash)
      const spooled = this.tables.get(name) ?? this.add(name, at.columns, hash)
      spooled.spool.truncate(at.rows)
      spooled.rows = at.rows
      spooled.hash = hash
    }
  }

  /** SHA-256 per table over canonical values: the manifest's `outputs`. */
  outputs(): Record<string, string> {
    const sorted = [...this.tables].sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([name, { hash }]) => [name, hash.hex()]))
  }

  /** The heads of the tables whose rows are chained: the manifest's `records`. */
  records(): Record<string, ChainHead> {
    return Object.fromEntries([...this.chains()].map(([name, chain]) => [name, chain.head()]))
  }

  /** The rows of a table so far, block by block, each column under its name; nothing where there is no such table. */
  *blocks(name: string): Generator<Record<string, SpoolBlock['columns'][number]>> {
    const spooled = this.tables.get(name)
    if (spooled === undefined) return
    for (const { columns } of spooled.spool.blocks()) {
      yield Object.fromEntries(spooled.columns.map(({ name: column }, i) => [column, columns[i] ?? []]))
    }
  }

  /** Writes the Parquet files and removes the spool; returns the paths. After a failure it may be called again. */
  finish(): string[] {
    if (this.finished !== undefined) return this.finished
    const paths = [...this.files()].map(([path, parts]) => {
      writeParquet(path, parts, this.run)
      return path
    })
    for (const [name, chain] of this.chains()) paths.push(writeChain(this.run.path, name, chain))
    this.finished = paths
    for (const { spool } of this.tables.values()) spool.close()
    removeSpool(this.run.path)
    return paths
  }

  /** Whether {@link finish} has written the files. */
  get isFinished(): boolean {
    return this.finished !== undefined
  }

  /** Closes the files and keeps the spool: an interrupted run is resumed from it. */
  close(): void {
    if (this.finished !== undefined) return
    for (const { spool } of this.tables.values()) {
      spool.flush()
      spool.close()
    }
  }

  private add(name: string, columns: readonly ColumnDescription[], hash: TableDigest): Spooled {
    checkName(name)
    const spool = new Spool(spoolFile(this.spoolDirectory, name))
    writeAtomic(columnsFile(this.spoolDirectory, name), JSON.stringify(columns), false)
    const spooled = { columns, spool, hash, rows: 0 }
    this.tables.set(name, spooled)
    return spooled
  }

  /** Tables `family:type` share the file `family`, which says in a column `type` where a row comes from. */
  private files(): Map<string, ParquetPart[]> {
    const files = new Map<string, ParquetPart[]>()
    for (const [name, { columns, spool }] of this.tables) {
      const path = parquetFile(this.run.path, name)
      files.set(path, [...(files.get(path) ?? []), { type: name.split(':')[1], columns, blocks: () => spool.blocks() }])
    }
    return files
  }

  private *chains(): Generator<[name: string, chain: RowChain]> {
    for (const [name, { hash }] of this.tables) if (hash instanceof RowChain) yield [name, hash]
  }

  private drop(name: string): void {
    this.tables.get(name)?.spool.remove()
    rmSync(columnsFile(this.spoolDirectory, name), { force: true })
    this.tables.delete(name)
  }
}

function positionOf({ spool, rows, columns, hash }: Spooled): TablePosition {
  spool.sync()
  return { rows, columns: columns.map(column => ({ ...column })), hash: hash.save() }
}

function descriptionsOf(table: Table): ColumnDescription[] {
  return [...table.columns.values()].map(column => column.description)
}

/** Table names become file names. */
function checkName(name: string): void {
  if (/^[\w-]+(:[\w$-]+)?$/.test(name)) return
  throw new OperatorError({
    what: `table name ${JSON.stringify(name)}`,
    expected: 'letters, digits, "_" or "-", and at most one ":" before a type',
    next: 'Rename it.',
  })
}
