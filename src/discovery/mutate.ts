/** Mutation: an imitator moves from an announced candidate to a neighbour that deserves a screen of its own. */

import type { Rng } from '../core/index.js'
import type { HypothesisSpace, Timing } from './hypothesis-space.js'

/**
 * A neighbour of a hypothesis that is not itself: another of the imitator's own pairs, or another lag, horizon or transform of the same
 * driver, each kind that has another one with equal chance; the hypothesis itself where none has. `pairs` are pair numbers.
 */
export function mutateHypothesis(space: HypothesisSpace, hypothesis: number, rng: Rng, pairs: readonly number[]): number {
  const signal = space.signalIndex(hypothesis)
  const timing = space.timingIndex(hypothesis)
  const pair = space.pairIndex(hypothesis)
  const { lag, horizon } = space.timingOf(hypothesis)
  const otherTimings = (same: (t: Timing) => boolean) =>
    space.timings.flatMap((t, i) => (i !== timing && same(t) ? [space.hypothesisAt(signal, i, pair)] : []))
  const kinds = [
    pairs.filter(p => p !== pair).map(p => space.hypothesisAt(signal, timing, p)),
    otherTimings(t => t.horizon === horizon),
    otherTimings(t => t.lag === lag),
    siblings(space, signal).map(s => space.hypothesisAt(s, timing, pair)),
  ].filter(neighbours => neighbours.length > 0)
  return kinds.length === 0 ? hypothesis : rng.pick(rng.pick(kinds))
}

/** The other signals of the same driver. */
function siblings(space: HypothesisSpace, signal: number): number[] {
  const same: number[] = []
  for (let i = 0; i < space.signals.length; i++) if (i !== signal && space.driverOf[i] === space.driverOf[signal]) same.push(i)
  return same
}
