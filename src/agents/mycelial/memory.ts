/** Memory: stores finished trades and reports, before an idea is published, how similar ones ended. */

import { Agent } from '../../model/index.js'
import {
  addMoment,
  type Idea,
  IdeaDrafts,
  newMoments,
  nothingRecalled,
  type Recall,
  Recollections,
  type RunningMoments,
  recalledConfidence,
  sizeFactor,
  type Trade,
  TradeConfirmations,
} from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export const limits = {
  /** Drafts that may wait at once. Beyond it an idea is published as if nothing were remembered, and counted. */
  waitingDrafts: 1_000,
} as const

/** The answer to `similar`: what is remembered of the idea with this id. */
export type RecallAnswer = { readonly id: string } & Recall

/** What memory did to the ideas it was asked about. */
export interface MemoryEffect {
  /** The factors of the confidences it changed. */
  readonly factors: RunningMoments
  least: number
  greatest: number
  /** Ideas that no portfolio may enter because of it, and those it lets in. */
  refused: number
  admitted: number
  /** Ideas whose position is larger or smaller because of it. */
  sizedUp: number
  sizedDown: number
}

export class Memory extends Agent<SwarmModel> {
  /** Drafts that wait for their answer, by idea, oldest first. */
  waiting = new Map<string, Idea>()
  remembered = 0
  requests = 0
  /** Answers without similar trades, whether the store has none or did not answer. */
  empty = 0
  overflow = 0
  effect: MemoryEffect = { factors: newMoments(), least: 1, greatest: 1, refused: 0, admitted: 0, sizedUp: 0, sizedDown: 0 }

  wire(): void {
    this.on(IdeaDrafts, this.drafted)
    this.on(TradeConfirmations, this.finished)
  }

  drafted(idea: Idea): void {
    if (this.waiting.size >= limits.waitingDrafts) {
      this.overflow++
      this.publish(Recollections, { idea, ...nothingRecalled })
      return
    }
    this.waiting.set(idea.id, idea)
    this.requests++
    this.ask('similar', idea, 'answered')
  }

  answered({ id, ...recall }: RecallAnswer): void {
    const idea = this.waiting.get(id)
    if (idea === undefined) return
    this.waiting.delete(id)
    if (recall.cases === 0) this.empty++
    if (!this.model.warming) this.count(idea, recall.factor)
    this.publish(Recollections, { idea, ...recall })
  }

  /** Stores trades of the mycelial portfolio only. It takes every mycelial idea, so nothing is counted twice. */
  finished(trade: Trade): void {
    if (trade.portfolio !== 'mycelial') return
    this.remembered++
    this.ask('remember', trade, 'stored')
  }

  stored(): void {}

  private count(idea: Idea, factor: number): void {
    const { effect } = this
    const { minConfidence = 0 } = this.model.limits
    const confidence = recalledConfidence(idea.confidence, factor)
    if (confidence === idea.confidence) return
    addMoment(effect.factors, factor)
    effect.least = Math.min(effect.least, factor)
    effect.greatest = Math.max(effect.greatest, factor)
    const [before, after] = [idea.confidence, confidence].map(c => (c >= minConfidence ? sizeFactor(c) : 0)) as [number, number]
    if (after > before) effect[before === 0 ? 'admitted' : 'sizedUp']++
    else if (after < before) effect[after === 0 ? 'refused' : 'sizedDown']++
  }
}
