/** The checkpoints that scrubbing starts from: few, in bounded room, and the rarer the older. */

import type { HandedRows } from './collected.js'
import { viewLimits } from './limits.js'

export interface Checkpoint {
  readonly step: number
  readonly bytes: Uint8Array
  /** Collected rows that were in memory for panels. */
  readonly rows: HandedRows
}

/** What a row of a table takes in memory, about. */
const bytesPerRow = 100

export class CheckpointRing {
  private readonly kept: { checkpoint: Checkpoint; size: number }[] = []
  private bytes = 0
  /** Checkpoints given up for lack of room. */
  dropped = 0

  get length(): number {
    return this.kept.length
  }

  /** The earliest step that can be gone back to. */
  get earliest(): number | undefined {
    return this.kept[0]?.checkpoint.step
  }

  has(step: number): boolean {
    return this.before(step)?.step === step
  }

  add(checkpoint: Checkpoint): void {
    const { step } = checkpoint
    const at = this.kept.findLastIndex(({ checkpoint }) => checkpoint.step <= step) + 1
    this.kept.splice(at, 0, { checkpoint, size: 0 })
    this.measure(at)
    // The one after it shares more of its rows than before.
    this.measure(at + 1)
    while (this.kept.length > viewLimits.checkpoints || this.bytes > viewLimits.checkpointBytes) this.drop(this.leastMissed())
  }

  /** The latest that is not after a step. */
  before(step: number): Checkpoint | undefined {
    return this.kept.findLast(({ checkpoint }) => checkpoint.step <= step)?.checkpoint
  }

  /** Forgets those after a step. */
  cut(step: number): void {
    while ((this.kept.at(-1)?.checkpoint.step ?? 0) > step) this.remove(this.kept.length - 1)
  }

  /**
   * The one whose going leaves the smallest gap for its age. The first stays, so that every step can be gone back to, and the last, from
   * which the next step back is short; of two the last goes.
   */
  private leastMissed(): number {
    const steps = this.kept.map(({ checkpoint }) => checkpoint.step)
    const newest = steps.at(-1) ?? 0
    let [best, least] = [steps.length - 1, Number.POSITIVE_INFINITY]
    for (let i = 1; i < steps.length - 1; i++) {
      const [before = 0, step = 0, after = 0] = steps.slice(i - 1, i + 2)
      const gap = (after - before) / Math.sqrt(newest - step)
      if (gap < least) [best, least] = [i, gap]
    }
    return best
  }

  private drop(index: number): void {
    this.remove(index)
    this.measure(index)
    this.dropped++
  }

  /** Counts a checkpoint anew, with the rows that the one before it does not hold. */
  private measure(index: number): void {
    const kept = this.kept[index]
    if (kept === undefined) return
    const since = this.kept[index - 1]?.checkpoint.step ?? -1
    const size = kept.checkpoint.bytes.length + bytesPerRow * rowsAfter(kept.checkpoint.rows, since)
    this.bytes += size - kept.size
    kept.size = size
  }

  private remove(index: number): void {
    for (const { size } of this.kept.splice(index, 1)) this.bytes -= size
  }
}

function rowsAfter(rows: HandedRows, step: number): number {
  let count = 0
  for (const table of rows.values()) for (const row of table) if (Number(row.step) > step) count++
  return count
}
