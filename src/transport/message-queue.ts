/** Messages waiting for the world: bounded, in order of arrival. */

import type { MessageInput } from './transport.js'

export class MessageQueue {
  private waiting: MessageInput[] = []
  private head = 0

  /** @param limit most messages that wait. @param onWaiting is called when the first message begins to wait. */
  constructor(
    private readonly limit: number,
    private readonly onWaiting?: () => void,
  ) {}

  get length(): number {
    return this.waiting.length - this.head
  }

  get isFull(): boolean {
    return this.length >= this.limit
  }

  push(message: MessageInput): void {
    this.waiting.push(message)
    if (this.length === 1) this.onWaiting?.()
  }

  take(atMost: number): MessageInput[] {
    const taken = this.waiting.slice(this.head, this.head + atMost)
    this.head += taken.length
    if (this.head > this.waiting.length / 2) {
      this.waiting = this.waiting.slice(this.head)
      this.head = 0
    }
    return taken
  }
}
