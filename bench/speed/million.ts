/** A million wealth agents against a bare shuffled loop over plain objects: set-up and ten steps, and the memory of it. */

import { simulate } from 'mycelia'
import scenario from '../../scenarios/wealth.js'
import { wealth } from '../limits/wealth.js'
import { median, timeOf } from './measure.js'

const people = 1_000_000
const steps = 10

export interface Million {
  readonly setUpMs: number
  readonly ms: number
  readonly limitMs: number
  readonly ratio: number
}

/**
 * Both are compiled before, by many small populations: a loop that runs for seconds but once is measured half compiled. No
 * collection is forced between, which makes the engine forget what it knew of the loop's objects.
 */
export function million(): Million {
  for (let seed = 1; seed <= 200; seed++) {
    begun(seed, 1_000).run({ steps })
    wealth(1_000, steps, seed)
  }
  const setUp: number[] = []
  const ms: number[] = []
  const limitMs: number[] = []
  for (let seed = 1; seed <= 9; seed++) {
    const started = performance.now()
    const sim = begun(seed, people)
    const ready = performance.now()
    sim.run({ steps })
    const done = performance.now()
    setUp.push(ready - started)
    ms.push(done - started)
    limitMs.push(timeOf(() => wealth(people, steps, seed)))
  }
  return { setUpMs: median(setUp), ms: median(ms), limitMs: median(limitMs), ratio: median(ms) / median(limitMs) }
}

function begun(seed: number, people: number) {
  return simulate(scenario, { seed, params: { people }, collect: false })
}

/** The most memory of a process that does nothing else, MB. */
export function millionMemory(): number {
  begun(1, people).run({ steps })
  return process.resourceUsage().maxRSS / 1024
}
