/** SQLite's quick check of a file that another process may be writing. */

import { existsSync } from 'node:fs'
import { FileInUse, StorageError } from './errors.js'
import { openReadOnly } from './sqlite.js'

/** `unreadable`: the device or the rights, not the content. */
export type FileSoundness = 'sound' | 'absent' | 'locked' | 'damaged' | 'unreadable'

export function quickCheck(path: string): FileSoundness {
  if (!existsSync(path)) return 'absent'
  try {
    const db = openReadOnly(path)
    try {
      return db.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'sound' : 'damaged'
    } finally {
      db.close()
    }
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '')
    if (error instanceof FileInUse || /BUSY|LOCKED/.test(code)) return 'locked'
    return /CORRUPT|NOTADB/.test(code) || (error instanceof StorageError && error.name === 'CorruptFile') ? 'damaged' : 'unreadable'
  }
}
