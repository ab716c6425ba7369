/** Mutation: an imitator moves from an announced candidate to a neighbour that deserves a screen of its own. */

import type { Rng } from '../core/index.js'
import type { HypothesisSpace } from './hypothesis-space.js'

/**
 * A neighbour of a hypothesis: another of the imitator's own pairs, or another lag, horizon or signal of the same driver, each
 * with equal chance. The result may be the hypothesis itself. `pairs` are pair numbers.
 */
export function mutateHypothesis(space: HypothesisSpace, hypothesis: number, rng: Rng, pairs: readonly number[]): number {
  let signal = space.signalIndex(hypothesis)
  let lag = Math.floor(hypothesis / (space.pairs.length * space.horizons.length)) % space.lags.length
  let pair = space.pairIndex(hypothesis)
  let horizon = space.horizonIndex(hypothesis)
  const gene = rng.int(4)
  if (gene === 0 && pairs.length > 0) pair = rng.pick(pairs)
  else if (gene === 1) lag = rng.int(space.lags.length)
  else if (gene === 2) horizon = rng.int(space.horizons.length)
  else signal = sibling(space, signal, rng)
  return space.hypothesisAt(signal, lag, pair, horizon)
}

/** A signal of the same driver: the other transform, where there is one. */
function sibling(space: HypothesisSpace, signal: number, rng: Rng): number {
  const same: number[] = []
  for (let i = 0; i < space.signals.length; i++) if (space.driverOf[i] === space.driverOf[signal]) same.push(i)
  return rng.pick(same)
}
