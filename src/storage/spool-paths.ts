/** Where a run's tables are: in its spool while it runs, and in the files that come of it. */

import { join } from 'node:path'

export function spoolDirectory(run: string): string {
  return join(run, '.spool')
}

/** The spooled rows of a table. */
export function spoolFile(directory: string, table: string): string {
  return join(directory, `${table.replace(':', '.')}.rows`)
}

/** What the columns of a table's spooled rows are, so that they can be read beside the run. */
export function columnsFile(directory: string, table: string): string {
  return join(directory, `${table.replace(':', '.')}.columns.json`)
}

/** Tables `family:type` share the file of their family. */
export function parquetFile(run: string, table: string): string {
  return join(run, `${table.split(':')[0]}.parquet`)
}
