/** Hypotheses to trade where there is nothing to find: drawn once, from a seed of their own, so that every run has the same. */

import { swarmScenario } from '../../agents/index.js'
import { rootOf, Stream } from '../../core/index.js'
import { synthetic } from '../../market/index.js'
import { simulate } from '../../model/index.js'

const count = 18
let list: readonly string[] | undefined

/** A fixed list of random hypotheses and signs, for the parameter `forcedHypotheses`. */
export function forcedHypotheses(): readonly string[] {
  list ??= drawn()
  return list
}

function drawn(): string[] {
  const rng = new Stream(rootOf('honest-books'), 'forced keys')
  const { hypotheses } = simulate(swarmScenario({ name: 'null-market', title: '', market: synthetic() }), {
    seed: 1,
    collect: false,
  }).model
  return Array.from({ length: count }, () => `${hypotheses.nameOf(rng.int(hypotheses.size))}|${rng.chance(0.5) ? '+' : '-'}`)
}
