/** Answers Memory's requests exactly, in the same thread, where a live run asks a vector database. */

import type { RequestHandler } from '../../model/index.js'
import {
  exactPastTradeStore,
  type Idea,
  moatOfPattern,
  type PastTradeQuery,
  type PastTradeStore,
  pastTradeOf,
  recallOf,
  type Trade,
  tradeVector,
} from '../../trading/index.js'
import type { RecallAnswer } from './memory.js'

/** Whether a request asks what is remembered of an idea; the other kind brings a finished trade. */
export function isRecallRequest(kind: string): boolean {
  return kind === 'similar'
}

/** Answers `similar` (an idea) and `remember` (a finished trade) from a store of past trades. */
export function memoryRequestHandler(store: PastTradeStore = exactPastTradeStore()): RequestHandler {
  return {
    answer(kind, payload): unknown {
      if (kind === 'remember') return store.add(pastTradeOf(payload as Trade))
      return similar(store, payload as Idea)
    },
    save: () => store.save(),
    restore: state => store.restore(state),
  }
}

function similar(store: PastTradeStore, idea: Idea): RecallAnswer {
  return { id: idea.id, ...recallOf(store.query(recallQuestion(idea)), moatOfPattern(idea.pattern)) }
}

/** What a store is asked about an idea: trades like it that were over when it was decided. */
export function recallQuestion(idea: Idea): PastTradeQuery {
  const { features, direction, prediction, moats, decidedAt } = idea
  return { vector: tradeVector({ features, direction, prediction, crossMoatScore: moats.length }), before: decidedAt }
}
