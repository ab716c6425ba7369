/**
 * Who has claimed which agents, as Redis last said. It is read every few seconds, and soon after a message of somebody unknown has come.
 * A claim that is gone stays in the register until another takes its place, because Redis forgets all claims when it is started again.
 */

import type { WallClock } from '../../../feed/index.js'
import type { Claimant } from '../../../transport/index.js'

const readEveryMs = 2_500
/** Soon after a question, and not more often than this. */
const readSoonMs = 10
const readLeastMs = 200

export interface ClaimRegisterOptions {
  readonly names: readonly string[]
  readonly read: (names: readonly string[]) => Promise<readonly (Claimant | undefined)[]>
  readonly clock: WallClock
  /** Called after each reading, even one that failed. True: read again soon. */
  readonly onRead: () => boolean
}

export class ClaimRegister {
  readonly counters = { claimsRead: 0, claimsUnread: 0 }
  private readonly holders = new Map<string, Claimant>()
  private starts = new Set<string>()
  private cancel: (() => void) | undefined
  private dueAt = Number.POSITIVE_INFINITY
  private readAt = Number.NEGATIVE_INFINITY
  private isReading = false
  private isClosed = false

  constructor(private readonly options: ClaimRegisterOptions) {}

  /** Reads now, and from now on. */
  start(): void {
    this.readIn(0)
  }

  close(): void {
    this.isClosed = true
    this.cancel?.()
  }

  /** The name of the publisher that holds the claim. */
  holderOf(name: string): string | undefined {
    return this.holders.get(name)?.from
  }

  /** Whether anything is claimed under this name and start. */
  isClaimant({ from, epoch }: Claimant): boolean {
    return this.starts.has(startKey({ from, epoch }))
  }

  /** Somebody waits for a claim to be read. */
  wanted(): void {
    const { clock } = this.options
    this.readIn(Math.max(readSoonMs, this.readAt + readLeastMs - clock.monotonic()))
  }

  private readIn(ms: number): void {
    const { clock } = this.options
    const due = clock.monotonic() + ms
    if (this.isClosed || this.isReading || due >= this.dueAt) return
    this.cancel?.()
    this.dueAt = due
    this.cancel = clock.setTimer(ms, () => void this.read())
  }

  private async read(): Promise<void> {
    const { names, read, clock, onRead } = this.options
    this.dueAt = Number.POSITIVE_INFINITY
    this.isReading = true
    this.readAt = clock.monotonic()
    try {
      this.note(await read(names))
      this.counters.claimsRead++
    } catch {
      // Redis is away: what was claimed before still is, and the next reading comes by itself.
      this.counters.claimsUnread++
    }
    this.isReading = false
    if (this.isClosed) return
    if (onRead()) this.wanted()
    else this.readIn(readEveryMs)
  }

  private note(claimants: readonly (Claimant | undefined)[]): void {
    for (const [i, claimant] of claimants.entries()) {
      if (claimant !== undefined) this.holders.set(this.options.names[i] as string, claimant)
    }
    this.starts = new Set([...this.holders.values()].map(startKey))
  }
}

function startKey({ from, epoch }: Claimant): string {
  return `${from}\n${epoch}`
}
