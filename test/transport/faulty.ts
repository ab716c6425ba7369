/** A memory exchange that drops, duplicates, reorders and delays by seeded chance, and counts what it did. */

import type { Rng } from '../../src/core/index.js'
import { linkChannel, type TransportClock } from '../../src/transport/index.js'
import { type ExchangeMember, MemoryExchange } from './memory.js'

export interface FaultyOptions {
  readonly rng: Rng
  readonly clock: TransportClock
  /** Probabilities, per text and receiver; default 0. */
  readonly drop?: number
  readonly duplicate?: number
  /** A text is held back until the next one to the same receiver on the same channel has passed. */
  readonly reorder?: number
  readonly delay?: number
  /** Delays are uniform in this range, in ms. */
  readonly delayMs?: readonly [number, number]
  /** Heartbeats, questions and answers go unharmed. */
  readonly spareLink?: boolean
}

export interface Injected {
  dropped: number
  duplicated: number
  reordered: number
  delayed: number
  /** Passed on at once because too many were held back. */
  spared: number
}

const heldAtMost = 100_000

interface Held {
  readonly to: ExchangeMember
  readonly channel: string
  readonly text: string
}

export class FaultyExchange extends MemoryExchange {
  readonly injected: Injected = { dropped: 0, duplicated: 0, reordered: 0, delayed: 0, spared: 0 }
  private readonly held = new Map<ExchangeMember, Map<string, Held[]>>()
  private heldCount = 0

  constructor(private readonly options: FaultyOptions) {
    super()
  }

  /** Lets everything go that still waits for a successor. */
  flush(): void {
    for (const [to, channels] of this.held) for (const channel of channels.keys()) this.release(to, channel)
  }

  protected override pass(to: ExchangeMember, channel: string, text: string): void {
    const { rng, drop = 0, duplicate = 0 } = this.options
    if (this.options.spareLink && channel.includes(linkChannel)) return this.deliver(to, channel, text)
    if (rng.chance(drop)) return void this.injected.dropped++
    this.send({ to, channel, text })
    if (!rng.chance(duplicate)) return
    this.injected.duplicated++
    this.send({ to, channel, text })
  }

  private send(text: Held): void {
    const { rng, reorder = 0, delay = 0 } = this.options
    const isHeldBack = rng.chance(reorder)
    const isDelayed = rng.chance(delay)
    if ((isHeldBack || isDelayed) && this.heldCount >= heldAtMost) this.injected.spared++
    else if (isHeldBack) return this.holdBack(text)
    else if (isDelayed) return this.delay(text)
    this.deliver(text.to, text.channel, text.text)
    this.release(text.to, text.channel)
  }

  private holdBack(text: Held): void {
    const channels = this.held.get(text.to) ?? new Map<string, Held[]>()
    this.held.set(text.to, channels)
    const list = channels.get(text.channel) ?? []
    channels.set(text.channel, list)
    list.push(text)
    this.heldCount++
    this.injected.reordered++
  }

  private release(to: ExchangeMember, channel: string): void {
    const channels = this.held.get(to)
    const list = channels?.get(channel)
    if (channels === undefined || list === undefined) return
    channels.delete(channel)
    this.heldCount -= list.length
    for (const { text } of list) this.deliver(to, channel, text)
  }

  private delay({ to, channel, text }: Held): void {
    const [least, most] = this.options.delayMs ?? [1, 5_000]
    this.injected.delayed++
    this.heldCount++
    this.options.clock.setTimer(this.options.rng.between(least, most), () => {
      this.heldCount--
      this.deliver(to, channel, text)
    })
  }
}
