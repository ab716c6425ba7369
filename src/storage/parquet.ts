/** The sink of a run: tables are spooled while it goes on and become `<table>.parquet` when it is finished (`agents:Person` goes to `agents.parquet`). */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { assert, BrokenInvariant, OperatorError, type Table } from '../core/index.js'
import type { Sink } from '../model/index.js'
import { type ColumnFacts, noFacts, observeColumn } from './column-facts.js'
import { makeDirectory } from './files.js'
import { type ParquetPart, writeParquet } from './parquet-file.js'
import { Spool, type SpoolBlock } from './spool.js'
import { TableHash, type TableHashState } from './table-hash.js'

/** Where one table stood at a checkpoint. */
export interface TablePosition {
  readonly bytes: number
  readonly rows: number
  readonly facts: Readonly<Record<string, ColumnFacts>>
  readonly hash: TableHashState
}

export type ParquetPosition = Readonly<Record<string, TablePosition>>

/** One table on its way: its spool, what its columns have held, and its hash. */
interface Spooled {
  readonly spool: Spool
  facts: Map<string, ColumnFacts>
  hash: TableHash
  rows: number
}

export class ParquetSink implements Sink {
  private readonly tables = new Map<string, Spooled>()
  private readonly spoolDirectory: string
  private finished: string[] | undefined

  /** Files go to `directory`, spooled rows to `directory/.spool` until {@link finish}. */
  constructor(private readonly directory: string) {
    this.spoolDirectory = join(directory, '.spool')
    makeDirectory(this.spoolDirectory)
  }

  write(table: Table): void {
    assert(this.finished === undefined, `rows of ${table.name} came after the files were finished`)
    if (table.length === 0 && this.tables.has(table.name)) return
    const spooled = this.of(table.name)
    if (spooled.facts.size === 0) for (const name of table.columns.keys()) spooled.facts.set(name, noFacts())
    spooled.hash.add(table)
    for (const [name, column] of table.columns) observeColumn(factsOf(spooled, name), column)
    spooled.rows += table.length
    spooled.spool.append(table)
  }

  /** Syncs what was written and tells where every table stands. */
  position(): ParquetPosition {
    return Object.fromEntries([...this.tables].map(([name, spooled]) => [name, positionOf(spooled)]))
  }

  /** Cuts every table back to a checkpoint; tables that were not there then are emptied. */
  truncate(position: unknown): void {
    const tables = position as ParquetPosition
    for (const name of this.tables.keys()) if (tables[name] === undefined) this.drop(name)
    for (const [name, at] of Object.entries(tables)) {
      const spooled = this.of(name)
      spooled.spool.truncate(at.bytes)
      spooled.rows = at.rows
      spooled.facts = new Map(Object.entries(at.facts).map(([column, facts]) => [column, { ...facts }]))
      spooled.hash = TableHash.restored(name, at.hash)
    }
  }

  /** SHA-256 per table over canonical values: the manifest's `outputs`. */
  outputs(): Record<string, string> {
    const names = [...this.tables.keys()].sort()
    return Object.fromEntries(names.map(name => [name, this.of(name).hash.hex()]))
  }

  /** The rows of a table so far, block by block, each column under its name; nothing where there is no such table. */
  *blocks(name: string): Generator<Record<string, SpoolBlock['columns'][number]>> {
    const spooled = this.tables.get(name)
    if (spooled === undefined) return
    const names = [...spooled.facts.keys()]
    for (const { columns } of spooled.spool.blocks()) {
      yield Object.fromEntries(names.map((column, i) => [column, columns[i] ?? []]))
    }
  }

  /**
   * Writes the Parquet files and removes the spool, unless the run may be resumed beyond this end; returns the paths. May
   * be called again where it failed.
   */
  finish({ keepSpool = false } = {}): string[] {
    if (this.finished !== undefined) return this.finished
    const paths = [...this.files()].map(([file, parts]) => {
      const path = join(this.directory, `${file}.parquet`)
      writeParquet(path, parts)
      return path
    })
    this.finished = paths
    for (const { spool } of this.tables.values()) spool.close()
    if (!keepSpool) this.discardSpool()
    return paths
  }

  /** Gives the spool's room back: the run cannot be resumed beyond its end any more. */
  discardSpool(): void {
    rmSync(this.spoolDirectory, { recursive: true, force: true })
  }

  /** Lets the files go and keeps the spool: a run that was interrupted is resumed from it. */
  close(): void {
    if (this.finished !== undefined) return
    for (const { spool } of this.tables.values()) {
      spool.flush()
      spool.close()
    }
  }

  private of(name: string): Spooled {
    let spooled = this.tables.get(name)
    if (spooled === undefined) {
      checkName(name)
      spooled = {
        spool: new Spool(join(this.spoolDirectory, `${name.replace(':', '.')}.rows`)),
        facts: new Map(),
        hash: new TableHash(name),
        rows: 0,
      }
      this.tables.set(name, spooled)
    }
    return spooled
  }

  /** Tables `family:type` share the file `family`, which says in a column `type` where a row comes from. */
  private files(): Map<string, ParquetPart[]> {
    const files = new Map<string, ParquetPart[]>()
    for (const [name, { facts, spool }] of this.tables) {
      const [file = name, type] = name.split(':')
      files.set(file, [...(files.get(file) ?? []), { type, facts, blocks: () => spool.blocks() }])
    }
    return files
  }

  private drop(name: string): void {
    this.tables.get(name)?.spool.remove()
    this.tables.delete(name)
  }
}

function positionOf({ spool, rows, facts, hash }: Spooled): TablePosition {
  const copies = [...facts].map(([name, f]) => [name, { ...f }] as const)
  return { bytes: spool.sync(), rows, facts: Object.fromEntries(copies), hash: hash.save() }
}

function factsOf({ facts }: Spooled, column: string): ColumnFacts {
  const known = facts.get(column)
  if (known === undefined) throw new BrokenInvariant(`column ${column} was not there in the first rows`)
  return known
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
