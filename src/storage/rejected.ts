/** `rejected.jsonl`: inputs that were refused, with the reason, for whoever wonders; bounded, everything beyond is counted. */

import { appendFileSync } from 'node:fs'
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
  private bytes = 0
  private waiting = ''

  constructor(private readonly path: string) {}

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
