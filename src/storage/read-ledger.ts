/** Reads a ledger beside its writer: opened for one reading alone, so that it never stands in the way of the writer's own closing. */

import { fault } from '../core/index.js'
import { withRetry } from './errors.js'
import { type Db, openReadOnly } from './sqlite.js'

export function readLedger<T>(path: string, read: (db: Db) => T): T {
  const db = openReadOnly(path)
  try {
    return withRetry(path, 'reading', 0, () => {
      fault('storage.read')
      return read(db)
    })
  } finally {
    db.close()
  }
}
