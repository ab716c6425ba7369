/** SQLite's quick check of a file that another process may be writing. */

import { existsSync } from 'node:fs'
import { connection } from './better-sqlite3.js'

/** `unreadable`: the device or the rights, not the content. */
export type FileSoundness = 'sound' | 'absent' | 'locked' | 'damaged' | 'unreadable'

/** How long the lock of another process is waited for, ms: its next transaction is shorter. */
const lockedMs = 1_000

export function quickCheck(path: string): FileSoundness {
  if (!existsSync(path)) return 'absent'
  try {
    const db = connection(path, { readonly: true, fileMustExist: true, timeout: lockedMs })
    try {
      return db.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'sound' : 'damaged'
    } finally {
      db.close()
    }
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '')
    if (/BUSY|LOCKED/.test(code)) return 'locked'
    return /CORRUPT|NOTADB/.test(code) ? 'damaged' : 'unreadable'
  }
}
