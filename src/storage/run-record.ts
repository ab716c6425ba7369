/** What a story is read from: the tables of a run. */

import type { Cell } from '../core/index.js'

/** A row of a table by column, as docs/outputs.md describes it; times in ms. */
export type RecordRow = Readonly<Record<string, Cell>>

export type RecordTable = 'decisions' | 'ideas' | 'idea_patterns' | 'recollections' | 'trades' | 'fills' | 'orders' | 'locks'

/** The tables of one run. A table that the run does not have has no rows. */
export interface RunRecord {
  has(table: RecordTable): boolean
  /** Calls `visit` with each row of a table, oldest first, and of it these columns at least. */
  scan(table: RecordTable, columns: readonly string[], visit: (row: RecordRow) => void): Promise<void>
  /** The whole rows that match, oldest first; `columns`: what `matches` reads. */
  rows(table: RecordTable, columns: readonly string[], matches: (row: RecordRow) => boolean): Promise<RecordRow[]>
  close(): void
}
