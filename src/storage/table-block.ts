/** Rows of a table by column, as readers get them. */

import type { Cell } from '../core/index.js'

export type Columns = Readonly<Record<string, readonly Cell[]>>

/** Rows of one group by column; `from` is the place of the first one in the table. */
export interface TableBlock {
  readonly from: number
  readonly rows: number
  readonly columns: Columns
}

/** Half-open; all rows by default. */
export interface RowRange {
  readonly from?: number
  readonly to?: number
}

/** All columns, except those that hold one value for the whole run. */
export type Wanted = readonly string[] | 'all'
