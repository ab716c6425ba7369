/** The messages of one viewer at the rate that is kept: beyond it they wait, then are turned away; a flood is told apart from haste. */

import type { ViewerLimits } from '../limits.js'
import { MessageRate } from './message-rate.js'
import type { Message } from './viewer-message.js'

/** What is done with a message. */
export interface MessageTaker {
  obey(message: Message): void
  /** Too many wait already. */
  turnAway(message: Message): void
}

export class PacedMessages {
  private readonly rate: MessageRate
  private readonly flood: MessageRate
  private readonly waiting: Message[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly limits: ViewerLimits,
    private readonly taker: MessageTaker,
  ) {
    this.rate = new MessageRate(limits.messagesPerMinute, limits.messageBurst)
    this.flood = new MessageRate(limits.floodPerMinute, limits.floodBurst)
  }

  /** Whether one more message, whatever it says, is no flood yet. */
  isBearable(): boolean {
    return this.flood.take()
  }

  /** In the order in which they came, except that the newest questions take the place of those that wait. */
  take(message: Message): void {
    const { waiting } = this
    if (waiting.length === 0 && this.rate.take()) return this.taker.obey(message)
    const older = asks(message) ? waiting.findIndex(asks) : -1
    if (older >= 0) waiting[older] = message
    else if (!asks(message) && waiting.length >= this.limits.messagesWaiting) this.taker.turnAway(message)
    else waiting.push(message)
    this.timer ??= setTimeout(() => this.goOn(), this.rate.waitMs)
  }

  end(): void {
    clearTimeout(this.timer)
    this.waiting.length = 0
  }

  private goOn(): void {
    this.timer = undefined
    while (this.waiting.length > 0 && this.rate.take()) this.taker.obey(this.waiting.shift() as Message)
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.goOn(), this.rate.waitMs)
  }
}

function asks(message: Message): boolean {
  return Object.hasOwn(message, 'ask')
}
