/** Compares this machine's clock with Kraken's where a process hears nothing else of the exchange. */

import { OperatorError } from '../../core/index.js'
import type { WallClock } from '../clock.js'
import { Counters } from '../counters.js'
import { repeatedly } from './attempts.js'
import { KrakenClient, type KrakenEndpoints } from './client.js'
import { ExchangeClock } from './exchange-clock.js'
import { endReason } from './reasons.js'

const timeoutMs = 10_000

export interface KrakenTimeOptions {
  readonly endpoints: KrakenEndpoints
  readonly clock: WallClock
  /** One sentence at a time: a clock that is wrong, and an exchange that cannot be asked. */
  readonly onNote: (sentence: string) => void
}

export class KrakenTime {
  private readonly exchangeClock: ExchangeClock
  private readonly counted = new Counters()
  private readonly stopped = new AbortController()
  private isAnswered = true

  constructor(private readonly options: KrakenTimeOptions) {
    this.exchangeClock = new ExchangeClock(options.clock, options.onNote)
  }

  /** How far this machine is ahead of the exchange, ms; null before the first answer. */
  get offsetMs(): number | null {
    return this.exchangeClock.offsetMs
  }

  /** Asks at once, and from now on as often as a market feed does. Where ccxt is not installed it says so, and asks nothing. */
  async start(): Promise<void> {
    const client = await this.client()
    if (client === undefined) return
    const onFailed = () => this.counted.add('restErrors')
    void repeatedly({ clock: this.options.clock, until: this.stopped.signal, onFailed }, () => this.ask(client))
  }

  counters(): Readonly<Record<string, number>> {
    return this.counted.all()
  }

  stop(): void {
    this.stopped.abort()
  }

  private async client(): Promise<KrakenClient | undefined> {
    try {
      return await KrakenClient.open(this.options.endpoints, timeoutMs)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      this.options.onNote(`This machine's clock is compared with nobody's: ${error.message}`)
      return undefined
    }
  }

  private async ask(client: KrakenClient): Promise<number> {
    this.counted.add('restRequests')
    try {
      const againMs = await this.exchangeClock.compare(client)
      if (!this.isAnswered) this.options.onNote(`Kraken's clock at ${client.restAddress}: it answers.`)
      this.isAnswered = true
      return againMs
    } catch (error) {
      this.sayOnce(`${client.restAddress}: no answer (${endReason(error)})`)
      throw error
    }
  }

  private sayOnce(what: string): void {
    if (!this.isAnswered || this.stopped.signal.aborted) return
    this.isAnswered = false
    this.options.onNote(`Kraken's clock at ${what}. This machine's is compared with it once it can be asked.`)
  }
}
