/** Memory: stores finished trades and reports, before an idea is published, how similar ones ended. */

import { Agent } from '../../model/index.js'
import { type Idea, IdeaDrafts, Recollections, type Trade, TradeConfirmations } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export const limits = {
  /** Drafts that may wait at once. Beyond it an idea is published as if nothing were remembered, and counted. */
  waitingDrafts: 1_000,
} as const

/** What the store answers to `similar`. */
export interface SimilarTrades {
  readonly factor: number
  readonly cases: number
}

export class Memory extends Agent<SwarmModel> {
  /** Drafts that wait for their answer, by idea, oldest first. */
  waiting = new Map<string, Idea>()
  remembered = 0
  asked = 0
  /** Answers without similar trades, whether the store has none or did not answer. */
  empty = 0
  overflow = 0

  wire(): void {
    this.on(IdeaDrafts, this.drafted)
    this.on(TradeConfirmations, this.finished)
  }

  drafted(idea: Idea): void {
    if (this.waiting.size >= limits.waitingDrafts) {
      this.overflow++
      this.publish(Recollections, { idea, factor: 1, cases: 0 })
      return
    }
    this.waiting.set(idea.id, idea)
    this.asked++
    this.ask('similar', idea, 'answered')
  }

  answered(answer: { id: string } & SimilarTrades): void {
    const idea = this.waiting.get(answer.id)
    if (idea === undefined) return
    this.waiting.delete(answer.id)
    if (answer.cases === 0) this.empty++
    this.publish(Recollections, { idea, factor: answer.factor, cases: answer.cases })
  }

  /** Stores trades of the mycelial portfolio only. It takes every mycelial idea, so nothing is counted twice. */
  finished(trade: Trade): void {
    if (trade.portfolio !== 'mycelial') return
    this.remembered++
    this.ask('remember', trade, 'stored')
  }

  stored(): void {}
}
