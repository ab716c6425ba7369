/** The bars from before each pair's first live bar: those of the start, and those that could only be had later. */

import type { Bar } from '../../market/index.js'
import { feedLimits } from '../limits.js'
import type { LateHistory } from '../live.js'

export class Histories {
  /** Pairs whose history is not there yet, and what a back-fill under way has found of it. */
  private readonly wanted = new Map<string, Bar[]>()
  private readonly late: LateHistory[] = []
  private ofStart: Bar[] | undefined = []

  /** The pair's bars begin with its history. */
  want(pair: string): void {
    this.wanted.set(pair, [])
  }

  wants(pair: string): boolean {
    return this.wanted.has(pair)
  }

  /** A bar of a pair whose history is wanted. */
  add(bar: Bar): void {
    const found = this.wanted.get(bar.pair)
    found?.push(bar)
    if ((found?.length ?? 0) > feedLimits.backfillBars) found?.shift()
  }

  /** Nothing was decided on a bar of the past yet, so that its correction takes its place. */
  correct(bar: Bar): void {
    const found = this.wanted.get(bar.pair) ?? []
    const at = found.findLastIndex(({ time }) => time === bar.time)
    if (at >= 0) found[at] = bar
  }

  /** The back-fill of the pair succeeded: its history is complete. */
  complete(pair: string, bars: readonly Bar[] = this.wanted.get(pair) ?? []): void {
    if (!this.wanted.delete(pair)) return
    if (this.ofStart !== undefined) this.ofStart.push(...bars)
    else if (bars.length > 0) this.late.push({ pair, bars })
  }

  /** The back-fill failed: what it found is no history. */
  discard(pair: string): void {
    if (this.wanted.has(pair)) this.wanted.set(pair, [])
  }

  /** Ends the start: the histories that are complete. */
  started(): Bar[] {
    const bars = this.ofStart ?? []
    this.ofStart = undefined
    return bars
  }

  take(): LateHistory | undefined {
    return this.late.shift()
  }

  /** Histories waiting. */
  get waiting(): number {
    return this.late.length
  }
}
