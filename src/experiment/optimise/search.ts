/** What every search has in common: it asks for places in the unit cube and is told what they are worth; the least is the best. */

import type { Rng } from '../../core/index.js'
import { CmaEs } from './cma-es.js'
import { GpSearch } from './gp-search.js'
import { anywhere, type Place } from './range.js'

export interface Search {
  /** Places to be evaluated, before `tell` is called. */
  ask(): readonly Place[]
  /** The values at the places just asked for, in their order; Infinity where there is none. */
  tell(values: readonly number[]): void
}

/** CMA-ES, a Gaussian-process search, random search. */
export type SearchName = 'cmaes' | 'gp' | 'random'

export const searchNames: readonly SearchName[] = ['cmaes', 'gp', 'random']

export function newSearch(name: SearchName, dimensions: number, rng: Rng): Search {
  if (name === 'cmaes') return new CmaEs(dimensions, rng)
  if (name === 'gp') return new GpSearch(dimensions, rng)
  return { ask: () => [anywhere(dimensions, rng)], tell: () => undefined }
}
