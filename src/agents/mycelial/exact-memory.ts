/** Answers Memory's requests exactly, in the same thread, where a live run asks a vector database. */

import type { RequestHandler } from '../../model/index.js'
import {
  confidenceFactor,
  exactPastTradeStore,
  type Idea,
  type PastTradeStore,
  pastTradeOf,
  type Trade,
  tradeVector,
} from '../../trading/index.js'
import type { SimilarTrades } from './memory.js'

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

function similar(store: PastTradeStore, idea: Idea): { id: string } & SimilarTrades {
  const subject = {
    features: idea.features,
    direction: idea.direction,
    prediction: idea.prediction,
    crossMoatScore: idea.moats.length,
  }
  const record = store.query({ vector: tradeVector(subject), before: idea.decidedAt })
  return { id: idea.id, factor: confidenceFactor(record), cases: record.wins + record.losses }
}
