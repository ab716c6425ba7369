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

/** Few repetitions: a run takes seconds. */
export function million(): Million {
  const setUp: number[] = []
  const ms: number[] = []
  const limitMs: number[] = []
  for (let seed = 0; seed <= 3; seed++) {
    globalThis.gc?.()
    const started = performance.now()
    const sim = simulate(scenario, { seed, params: { people }, collect: false })
    const ready = performance.now()
    sim.run({ steps })
    const done = performance.now()
    globalThis.gc?.()
    const loop = timeOf(() => wealth(people, steps, seed))
    if (seed === 0) continue // warm-up
    setUp.push(ready - started)
    ms.push(done - started)
    limitMs.push(loop)
  }
  return { setUpMs: median(setUp), ms: median(ms), limitMs: median(limitMs), ratio: median(ms) / median(limitMs) }
}

/** The most memory of a process that does nothing else, MB. */
export function millionMemory(): number {
  simulate(scenario, { seed: 1, params: { people }, collect: false }).run({ steps })
  return process.resourceUsage().maxRSS / 1024
}
