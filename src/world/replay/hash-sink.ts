/** A sink that keeps of every table what its position says: columns, number of rows and hash. A replay compares them with the run's own. */

import type { ColumnDescription, Table } from '../../core/index.js'
import type { Sink } from '../../model/index.js'
import { newDigest, type ParquetPosition, restoredDigest, type TableDigest } from '../../storage/index.js'

interface Hashed {
  readonly columns: readonly ColumnDescription[]
  readonly hash: TableDigest
  rows: number
}

/** The position of a live run's outputs. */
interface Position {
  readonly tables: ParquetPosition
  readonly patterns: number
}

export class HashSink implements Sink {
  /** Rows of the patterns' database at the checkpoint that this continues from. */
  patternsBefore = 0
  private tables = new Map<string, Hashed>()

  /** @param patterns how many rows the patterns' database has. */
  constructor(private readonly patterns: () => number = () => 0) {}

  write(table: Table): void {
    let hashed = this.tables.get(table.name)
    if (hashed === undefined) {
      hashed = { columns: [...table.columns.values()].map(({ description }) => description), hash: newDigest(table), rows: 0 }
      this.tables.set(table.name, hashed)
    }
    if (table.length === 0) return
    hashed.hash.add(table)
    hashed.rows += table.length
  }

  /** As the run's own outputs say it. */
  position(): Position {
    const tables = [...this.tables].map(([name, { rows, columns, hash }]) => {
      return [name, { rows, columns: columns.map(column => ({ ...column })), hash: hash.save() }]
    })
    return { tables: Object.fromEntries(tables) as ParquetPosition, patterns: this.patterns() }
  }

  /** Continues from the position of the run's own tables at a checkpoint. */
  truncate(position: unknown): void {
    const { tables, patterns } = position as Position
    this.patternsBefore = patterns
    this.tables = new Map(
      Object.entries(tables).map(([name, { rows, columns, hash }]) => [
        name,
        { rows, columns, hash: restoredDigest(name, hash) },
      ]),
    )
  }

  close(): void {}

  /** SHA-256 per table, as in the manifest's `outputs`. */
  outputs(): Record<string, string> {
    const names = [...this.tables.keys()].sort()
    return Object.fromEntries(names.map(name => [name, (this.tables.get(name) as Hashed).hash.hex()]))
  }
}
