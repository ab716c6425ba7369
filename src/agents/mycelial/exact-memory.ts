/** Memory's simulated counterpart of a vector database: answers its requests in the same thread, exactly. */

import type { RequestHandler } from '../../model/index.js'
import {
  type CaseStore,
  caseOf,
  caseVector,
  confidenceFactor,
  exactCaseStore,
  type Idea,
  type Trade,
} from '../../trading/index.js'
import type { SimilarCases } from './memory.js'

/** Answers `similar` (an idea) and `remember` (a finished trade) from a case store. */
export function memoryRequestHandler(store: CaseStore = exactCaseStore()): RequestHandler {
  return {
    answer(kind, payload): unknown {
      if (kind === 'remember') return store.add(caseOf(payload as Trade))
      return similar(store, payload as Idea)
    },
    save: () => store.save(),
    restore: state => store.restore(state),
  }
}

function similar(store: CaseStore, idea: Idea): { id: string } & SimilarCases {
  const subject = {
    features: idea.features,
    direction: idea.direction,
    prediction: idea.prediction,
    crossMoatScore: idea.moats.length,
  }
  const record = store.query({ vector: caseVector(subject), before: idea.decidedAt })
  return { id: idea.id, factor: confidenceFactor(record), cases: record.wins + record.losses }
}
