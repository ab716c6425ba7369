/** A memory whose answers are about other trades: the control that shows whether it is likeness that helps. */

import { rootOf, Stream } from '../../src/core/index.js'
import { exactPastTradeStore, type PastTrade, type PastTradeStore } from '../../src/trading/index.js'

/** As the exact store, with the outcomes of as many other trades, drawn at random from those that were over in time, in the place of the nearest. */
export function shuffledPastTradeStore(seed: number): PastTradeStore {
  const exact = exactPastTradeStore()
  const rng = new Stream(rootOf(String(seed)), 'shuffled memory')
  const known: PastTrade[] = []
  return {
    ...exact,
    add(item) {
      const isNew = exact.add(item)
      if (isNew) known.push(item)
      return isNew
    },
    query(question) {
      const others = known.filter(({ closedAt }) => closedAt < question.before)
      return exact.query(question).map(({ distance }) => {
        const { id, win, moat } = others[rng.int(others.length)] as PastTrade
        return { id, win, moat, distance }
      })
    },
  }
}
