/** `status.json`: the last status of a shard, for whoever looks from outside. A reader finds a whole one or the one before. */

import { renameSync, writeFileSync } from 'node:fs'
import type { LiveStatus } from './status.js'

export class StatusFile {
  /** Statuses that could not be written. They must not stop the run; the ledger fails by itself when the disk is full. */
  unwritten = 0

  /** @param rejected is written with each status. */
  constructor(
    private readonly path: string,
    private readonly rejected: { flush(): void },
  ) {}

  write(status: LiveStatus): void {
    try {
      writeFileSync(`${this.path}.tmp`, JSON.stringify(status))
      renameSync(`${this.path}.tmp`, this.path)
      this.rejected.flush()
    } catch {
      this.unwritten++
    }
  }
}
