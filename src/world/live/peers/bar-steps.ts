/**
 * The numbers that other shards give to bars. Shards of a run number their bars alike, and the highest number that any of them has given
 * counts; so a number is believed only of a bar that ends about now, and one far from what is known only after its sender's next bar agrees.
 */

import { liveLimits } from '../limits.js'

/** What shards report to each other at every step: the number of a bar, and the agents they have quarantined. */
export interface BarStep {
  readonly barEnd: number
  readonly step: number
  readonly lost: readonly string[]
}

/** A shard's number of a bar, less the bar's own number since 1970: the same for all bars until the shard skips some. */
interface Report {
  readonly offset: number
  readonly barEnd: number
}

export class BarSteps {
  /** Numbers that are not believed yet. */
  unlikely = 0
  /** The last believed report of each shard, and the last one that was not. */
  private readonly believed = new Map<string, Report>()
  private readonly doubted = new Map<string, Report>()

  constructor(
    private readonly barMs: number,
    /** The number and end of this shard's own last bar; before the first, of the one in which it began. */
    private readonly own: () => { readonly step: number; readonly barEnd: number },
  ) {}

  note(from: string, { barEnd, step }: Pick<BarStep, 'barEnd' | 'step'>): void {
    const report = { offset: step - this.barOf(barEnd), barEnd }
    if (!this.isLikely(from, report)) {
      this.unlikely++
      this.doubted.set(from, report)
      return
    }
    this.doubted.delete(from)
    this.believed.set(from, report)
  }

  /** The step that other shards give to the bar that ends there; undefined: none has reported one. */
  stepOf(barEnd: number): number | undefined {
    const highest = this.highest()
    return highest === undefined ? undefined : this.barOf(barEnd) + highest
  }

  private highest(): number | undefined {
    const offsets = [...this.believed.values()].map(report => report.offset)
    return offsets.length === 0 ? undefined : Math.max(...offsets)
  }

  private isLikely(from: string, { offset, barEnd }: Report): boolean {
    const own = this.own()
    const known = [this.highest() ?? Number.NEGATIVE_INFINITY, own.step - this.barOf(own.barEnd)]
    if (known.some(n => Math.abs(offset - n) <= liveLimits.stepsApart)) return true
    const before = this.doubted.get(from)
    return before !== undefined && before.offset === offset && before.barEnd < barEnd
  }

  private barOf(barEnd: number): number {
    return Math.round(barEnd / this.barMs)
  }
}

/** What is wrong with a report; undefined where nothing is. A bar's end is known to the second or so on every machine. */
export function barStepProblem(data: unknown, { now, barMs, isAgent }: BarStepContext): string | undefined {
  const { barEnd, step, lost } = (data ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(barEnd) || (barEnd as number) % barMs !== 0) return 'barEnd'
  const age = now - (barEnd as number)
  if (age < -liveLimits.aheadMs || age > liveLimits.behindMs + 3 * barMs) return 'barEnd'
  if (!Number.isSafeInteger(step) || (step as number) < 0 || (step as number) > liveLimits.steps) return 'step'
  return Array.isArray(lost) && lost.length <= liveLimits.lostAgents && lost.every(isAgent) ? undefined : 'lost'
}

export interface BarStepContext {
  readonly now: number
  readonly barMs: number
  readonly isAgent: (key: unknown) => boolean
}
