/** A sink that keeps nothing but the hash of every table: what a replay compares with the run's own. */

import type { Table } from '../../core/index.js'
import type { Sink } from '../../model/index.js'
import { newDigest, type ParquetPosition, restoredDigest, type TableDigest } from '../../storage/index.js'

export class HashSink implements Sink {
  private tables = new Map<string, TableDigest>()

  write(table: Table): void {
    let hash = this.tables.get(table.name)
    if (hash === undefined) {
      hash = newDigest(table)
      this.tables.set(table.name, hash)
    }
    hash.add(table)
  }

  position(): unknown {
    return null
  }

  /** Continues from the position of the run's own tables at a checkpoint. */
  truncate(position: unknown): void {
    const { tables } = position as { tables: ParquetPosition }
    this.tables = new Map(Object.entries(tables).map(([name, at]) => [name, restoredDigest(name, at.hash)]))
  }

  close(): void {}

  /** SHA-256 per table, as in the manifest's `outputs`. */
  outputs(): Record<string, string> {
    const names = [...this.tables.keys()].sort()
    return Object.fromEntries(names.map(name => [name, (this.tables.get(name) as TableDigest).hex()]))
  }
}
