/** A wire within one process: what several transports of a test share instead of Redis. */

import type { Wire, WireListener, WireText } from '../../src/transport/index.js'

interface Member {
  readonly channels: ReadonlySet<string>
  readonly listener: WireListener
}

/** One exchange; every transport on it has a wire of its own. */
export class MemoryExchange {
  private readonly members = new Set<Member>()
  private readonly waiting: { to: Member; channel: string; text: string }[] = []
  private isDelivering = false

  wire(): Wire {
    return new MemoryWire(this)
  }

  join(channels: readonly string[], listener: WireListener): Member {
    const member = { channels: new Set(channels), listener }
    this.members.add(member)
    return member
  }

  leave(member: Member): void {
    this.members.delete(member)
  }

  /** Everybody who listens gets it, the sender too, as on Redis. */
  publish(channel: string, text: string): void {
    for (const member of this.members) if (member.channels.has(channel)) this.pass(member, channel, text)
  }

  /** The place where a faulty exchange interferes. */
  protected pass(to: Member, channel: string, text: string): void {
    this.deliver(to, channel, text)
  }

  /** In order, and never within another delivery: an answer waits until the question has been read. */
  protected deliver(to: Member, channel: string, text: string): void {
    this.waiting.push({ to, channel, text })
    if (this.isDelivering) return
    this.isDelivering = true
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
        this.hand(next.to, next.channel, next.text)
    } finally {
      this.isDelivering = false
    }
  }

  private hand(to: Member, channel: string, text: string): void {
    if (this.members.has(to)) to.listener.received(channel, text)
  }
}

export type ExchangeMember = Member

class MemoryWire implements Wire {
  readonly address = 'memory'
  private member: Member | undefined

  constructor(private readonly exchange: MemoryExchange) {}

  get isUp(): boolean {
    return this.member !== undefined
  }

  open(channels: readonly string[], listener: WireListener): Promise<void> {
    this.member = this.exchange.join(channels, listener)
    listener.up()
    return Promise.resolve()
  }

  send(texts: readonly WireText[]): number {
    if (this.member === undefined) return 0
    for (const { channel, text } of texts) this.exchange.publish(channel, text)
    return texts.length
  }

  counters(): Readonly<Record<string, number>> {
    return {}
  }

  close(): Promise<void> {
    if (this.member !== undefined) this.exchange.leave(this.member)
    this.member = undefined
    return Promise.resolve()
  }
}
