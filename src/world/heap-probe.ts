/** Ends a run whose population outgrows the memory, before Node itself gives up: with the type that grows and its number. */

import v8, { getHeapStatistics } from 'node:v8'
import { BrokenInvariant, explain } from '../core/index.js'
import type { PopulationView } from '../model/index.js'

/** The share of Node's memory that living objects may fill: the last whole step must still fit beside them when it is saved. */
const mostFilled = 0.75
/** Growth after which the heap is looked at closely again, as a share of the memory. */
const lookAgain = 0.05

/** The population fills the memory. No rule of a model for failed agents applies to it. */
export class OutOfMemory extends BrokenInvariant {
  override name = 'OutOfMemory'
}

/** A probe to be called now and then; it costs a look at counters, and a collection of garbage where they are high. */
export function heapProbe(): (population: PopulationView) => void {
  let cleared = 0
  let collect: (() => void) | undefined
  return population => {
    const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics()
    if (used < limit * mostFilled || used < cleared + limit * lookAgain) return
    collect ??= collector()
    if (collect === undefined) return
    collect()
    cleared = getHeapStatistics().used_heap_size
    if (cleared >= limit * mostFilled) throw tooLarge(population, limit)
  }
}

function tooLarge(population: PopulationView, limit: number): OutOfMemory {
  const megabytes = Math.round(limit / 2 ** 20)
  return new OutOfMemory(
    explain({
      what: 'the population',
      expected: `to fit into the ${megabytes} MB that Node may use`,
      next: `It holds ${countsOf(population.counts())}. ${moreMemory(megabytes)}`,
    }).replace(/\.$/, ''),
  )
}

/** `1048576 of Rabbit, 12 of Fox`, the most numerous first. */
export function countsOf(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return sorted.map(([type, n]) => `${n} of ${type}`).join(', ')
}

/** What to do where the memory is too small. */
export function moreMemory(megabytes: number): string {
  return `Let fewer agents be born or more of them leave, or raise Node’s max-old-space-size (in NODE_OPTIONS) to ${megabytes * 2}`
}

/**
 * A collection that is done when the call returns, as the one that the inspector offers is not. Undefined where the runtime
 * has none, as in Bun, whose engine has no limit but the machine's memory: there no population is too large.
 */
function collector(): (() => void) | undefined {
  const { queryObjects } = v8 as { queryObjects?: (of: new () => object, options: { format: 'count' }) => number }
  // It clears the heap before it counts what is left.
  return queryObjects && (() => void queryObjects(Nothing, { format: 'count' }))
}

class Nothing {}
