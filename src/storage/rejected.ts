/** `rejected.jsonl`: refused inputs with the reason. The file is bounded; rejections beyond the bound are only counted. */

import { appendFileSync, existsSync, statSync } from 'node:fs'
import { fault } from '../core/index.js'
import { withRetry } from './errors.js'
import { storageLimits } from './limits.js'

export interface Rejected {
  readonly reason: string
  /** Where it came from: a file and line, a channel. */
  readonly source: string
  readonly raw: string
}

export class RejectedLog {
  /** Rejections seen; the first ones are in the file. */
  count = 0
  private bytes: number
  private waiting = ''

  /** Continues an existing file within the same bound. */
  constructor(private readonly path: string) {
    this.bytes = existsSync(path) ? statSync(path).size : 0
  }

  add({ reason, source, raw }: Rejected): void {
    this.count++
    if (this.count > storageLimits.rejectedLines || this.bytes > storageLimits.rejectedBytes) return
    const line = `${JSON.stringify({ reason, source, raw: raw.slice(0, storageLimits.rejectedText) })}\n`
    this.bytes += line.length
    this.waiting += line
    if (this.waiting.length >= 65_536) this.flush()
  }

  flush(): void {
    if (this.waiting === '') return
    withRetry(this.path, 'writing', this.waiting.length, () => {
      fault('storage.file')
      appendFileSync(this.path, this.waiting)
    })
    this.waiting = ''
  }
}
