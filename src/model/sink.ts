/** Where collected rows go when they should not stay in memory: storage implements it, the model only writes to it. */

import type { Table } from '../core/index.js'

/** Where collected rows go instead of memory, such as a Parquet file. */
export interface Sink {
  /** Takes a batch of rows; the table is cleared by the caller afterwards. */
  write(table: Table): void
  /** Plain position after what was written, for a checkpoint. */
  position(): unknown
  /** Removes everything written after that position. */
  truncate(position: unknown): void
  close(): void
}
