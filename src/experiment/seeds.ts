/** The seeds of runs, derived from the seed of their sweep. */

import { rootOf, Stream } from '../core/index.js'

/** The seed of replicate or run `n`, counted from 1: a safe integer ≥ 0, which a plain run takes too. */
export function derivedSeed(seed: number, n: number): number {
  return Math.floor(new Stream(rootOf(seed), 'replicate', n).float() * 2 ** 53)
}
