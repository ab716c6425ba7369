/** Memory: remembers finished trades and tells, before an idea is published, what happened in similar cases. */

import { Agent } from '../../model/index.js'
import { type Idea, IdeaDrafts, Recollections, type Trade, TradeConfirmations } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export const limits = {
  /** Drafts that may wait for memory at once; beyond it an idea goes out as if nothing were remembered, and is counted. */
  waitingDrafts: 1_000,
} as const

/** What the store answers to `similar`. */
export interface SimilarTrades {
  readonly factor: number
  readonly cases: number
}

export class Memory extends Agent<SwarmModel> {
  /** Drafts waiting for their answer, oldest first: answers come in the order of the questions, or name what they answer. */
  waiting = new Map<string, Idea>()
  remembered = 0
  asked = 0
  /** Answers that never helped: nothing similar, or the store did not answer. */
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

  /** One finished trade is one case; the mycelial portfolio takes every mycelial idea, so nothing is counted twice. */
  finished(trade: Trade): void {
    if (trade.portfolio !== 'mycelial') return
    this.remembered++
    this.ask('remember', trade, 'stored')
  }

  stored(): void {}
}
