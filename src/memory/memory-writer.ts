/**
 * The queue in front of a memory that may be slow, down or full. Adding to it never waits and never fails. What could not be stored is
 * counted, and comes later from the ledger, which has every finished trade.
 */

import { setImmediate } from 'node:timers/promises'
import { vectorMemoryLimits } from './limits.js'
import type { PastCase } from './past-case.js'
import type { TradeMemory } from './trade-memory.js'

/** Pages of all finished trades, oldest first. */
export type LedgerPages = () => Iterable<readonly PastCase[]> | AsyncIterable<readonly PastCase[]>

export interface MemoryWriterOptions {
  readonly memory: Pick<TradeMemory, 'remember' | 'lookAgain'>
  readonly ledger: LedgerPages
  /** Trades that may wait; one more is dropped. */
  readonly waiting?: number
  /** Milliseconds before the first repetition after a failure; they double up to `longestDelayMs`. */
  readonly firstDelayMs?: number
  readonly longestDelayMs?: number
}

export interface MemoryWriterCounters {
  /** Handed to the store, those found there already included. */
  readonly stored: number
  readonly waiting: number
  /** Failed attempts. */
  readonly failed: number
  /** Trades for which there was no room to wait. */
  readonly dropped: number
  /** Times the ledger was compared with the store to its end. */
  readonly caughtUp: number
  /** Whether trades of the ledger may be missing in the store. */
  readonly behind: boolean
  /** What the last attempt failed of; undefined after one that did not. */
  readonly trouble: string | undefined
}

export class MemoryWriter {
  private readonly limit: number
  private readonly queue: PastCase[] = []
  private stored = 0
  private failed = 0
  private dropped = 0
  private caughtUp = 0
  /** True at first: the process may have ended before all was stored. */
  private behind = true
  private trouble: string | undefined
  private delayMs: number
  private closed = false
  private working: Promise<void> | undefined
  private wake: () => void = () => undefined

  /** Begins at once to catch up. */
  constructor(private readonly options: MemoryWriterOptions) {
    this.limit = options.waiting ?? vectorMemoryLimits.waitingTrades
    this.delayMs = this.firstDelayMs
    this.work()
  }

  add(past: PastCase): void {
    if (this.closed) return
    if (this.queue.length >= this.limit) {
      this.dropped++
      this.behind = true
    } else this.queue.push(past)
    this.work()
  }

  counters(): MemoryWriterCounters {
    const { stored, failed, dropped, caughtUp, behind, trouble } = this
    return { stored, waiting: this.queue.length, failed, dropped, caughtUp, behind, trouble }
  }

  /** Resolves when nothing waits and nothing is missing, or after `ms` where given; says which. */
  async settled(ms?: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = ms === undefined ? [] : [new Promise<void>(resolve => (timer = setTimeout(resolve, ms)))]
    await Promise.race([this.working, ...late])
    clearTimeout(timer)
    return this.queue.length === 0 && !this.behind
  }

  /** Ends after the attempt under way; what still waits is in the ledger. */
  async close(): Promise<void> {
    this.closed = true
    this.wake()
    await this.working
  }

  private get firstDelayMs(): number {
    return this.options.firstDelayMs ?? 1_000
  }

  private work(): void {
    this.working ??= this.run().finally(() => {
      this.working = undefined
    })
  }

  private async run(): Promise<void> {
    // Lets the caller go on first.
    await Promise.resolve()
    while (!this.closed && (this.queue.length > 0 || this.behind)) await this.attempt()
  }

  private async attempt(): Promise<void> {
    try {
      if (this.queue.length > 0) await this.storeWaiting()
      else await this.catchUp()
      this.delayMs = this.firstDelayMs
      this.trouble = undefined
    } catch (error) {
      this.failed++
      // The store may have lost more than this attempt: a server that was started anew can be empty.
      this.behind = true
      this.trouble = error instanceof Error ? error.message : String(error)
      await this.pause()
    }
  }

  private async storeWaiting(): Promise<void> {
    const batch = this.queue.slice(0, vectorMemoryLimits.batch)
    await this.options.memory.remember(batch)
    this.queue.splice(0, batch.length)
    this.stored += batch.length
  }

  private async catchUp(): Promise<void> {
    this.behind = false
    this.options.memory.lookAgain()
    try {
      for await (const page of this.options.ledger()) {
        if (this.closed) break
        await this.options.memory.remember(page)
        this.stored += page.length
        // A ledger whose trades are all known is read without a wait: others must have their turn.
        await setImmediate()
        // What closes meanwhile need not wait for the end.
        if (this.queue.length > 0) await this.storeWaiting()
      }
    } catch (error) {
      this.behind = true
      throw error
    }
    if (this.closed) this.behind = true
    else this.caughtUp++
  }

  private async pause(): Promise<void> {
    const ms = this.delayMs
    this.delayMs = Math.min(this.delayMs * 2, this.options.longestDelayMs ?? 60_000)
    if (this.closed) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
