/** Compares this machine's clock with the exchange's. */

import { HOUR_MS, MINUTE_MS } from '../../core/index.js'
import type { WallClock } from '../clock.js'
import type { KrakenClient } from './client.js'

/** A difference above this is said. */
const tolerableMs = 1_000

export class ExchangeClock {
  /** How far this machine is ahead of the exchange, ms, to about half a second; null before the first answer. */
  offsetMs: number | null = null
  private isOff = false

  constructor(
    private readonly clock: WallClock,
    private readonly say: (sentence: string) => void,
  ) {}

  /** Asks once. Returns when to ask again: in an hour, in a minute while the clock is wrong. */
  async compare(client: Pick<KrakenClient, 'time'>): Promise<number> {
    const requestedAt = this.clock.monotonic()
    const theirs = await client.time()
    const tookMs = this.clock.monotonic() - requestedAt
    // The exchange gives whole seconds: on average it is half a second later. Its answer was made half-way.
    const offsetMs = Math.round(this.clock.now() - tookMs / 2 - (theirs + 500))
    // Of a slow answer it is not known when it was made.
    this.offsetMs = Math.abs(offsetMs) <= tookMs / 2 ? 0 : offsetMs
    return this.judge(this.offsetMs)
  }

  private judge(offsetMs: number): number {
    const isOff = Math.abs(offsetMs) > tolerableMs
    const wasOff = this.isOff
    this.isOff = isOff
    if (isOff && !wasOff) {
      const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1)
      const side = offsetMs > 0 ? 'ahead of' : 'behind'
      this.say(`This machine's clock is ${seconds} s ${side} Kraken's. Set it right (NTP): bars and ages are measured by it.`)
    }
    if (wasOff && !isOff) this.say("This machine's clock agrees with Kraken's again.")
    return isOff ? MINUTE_MS : HOUR_MS
  }
}
