/** Growth: time a step against 10² … 10⁶ agents, beside the bare loop's own curve, and against the pairs of the swarm. */

import { type Scenario, simulate } from 'mycelia'
import { defaultPairs } from 'mycelia/market'
import flocking from '../../scenarios/models/flocking.js'
import nullMarket from '../../scenarios/null-market.js'
import wealthScenario from '../../scenarios/wealth.js'
import { flockOf } from '../limits/flocking.js'
import { wealth } from '../limits/wealth.js'
import { exponent, median, timeOf } from './measure.js'

export interface Point {
  readonly of: number
  readonly ms: number
  readonly limitMs?: number
}

export interface Curve {
  readonly model: string
  readonly against: string
  readonly points: readonly Point[]
  readonly exponent: number
  readonly limitExponent?: number
}

const sizes = [100, 1_000, 10_000, 100_000, 1_000_000]
/** Birds of the table's density: 5,000 on 500×500. */
const areaOfBird = 50
const vision = 5

/** Set-up and ten steps, as the row of a million. */
export function wealthGrowth(): Curve {
  return curve('wealth', n => {
    const steps = 10
    const sim = () => simulate(wealthScenario, { seed: 1, params: { people: n }, collect: false }).run({ steps })
    return alternated(n, sim, () => wealth(n, steps, 1))
  })
}

/** One step. */
export function flockingGrowth(): Curve {
  return curve('flocking', n => {
    const size = Math.sqrt(n * areaOfBird)
    const sim = simulate(flocking as unknown as Scenario, { seed: 1, params: { birds: n, size, vision }, collect: false })
    const flock = flockOf({ birds: n, size, vision }, 1)
    return alternated(n, () => sim.run({ steps: 1 }), flock.step)
  })
}

/** CPU time of a step of the 121-agent market, whose records are off: other programs do not count. */
export function pairsGrowth(): Curve {
  const points = [18, 36, 72, 180].map(pairs => ({ of: pairs, ms: marketStepMs(pairs) }))
  return { model: 'market', against: 'pairs', points, exponent: slope(points, p => p.ms) }
}

function marketStepMs(n: number): number {
  const pairs = Array.from({ length: n }, (_, i) => defaultPairs[i] ?? `SYN${i}USD`)
  const params = { pairs, dataMiners: n, maxAssets: Math.round((n * 15) / 18), recommendPairs: n / 2, hypothesisLimit: 200_000 }
  const sim = simulate(nullMarket, { seed: 1, params, collect: false })
  sim.run({ steps: 1_000 })
  const stretch = 300
  return median(
    Array.from({ length: 5 }, () => {
      const since = process.cpuUsage()
      sim.run({ steps: stretch })
      const { user, system } = process.cpuUsage(since)
      return (user + system) / 1_000 / stretch
    }),
  )
}

function curve(model: string, measure: (n: number) => Point): Curve {
  const points = sizes.map(measure)
  return {
    model,
    against: 'agents',
    points,
    exponent: slope(points, p => p.ms),
    limitExponent: slope(points, p => p.limitMs ?? 0),
  }
}

function slope(points: readonly Point[], y: (point: Point) => number): number {
  return exponent(
    points.map(p => p.of),
    points.map(y),
  )
}

/** As many repetitions as fit a few seconds, an odd number ≥ 3. */
function alternated(n: number, model: () => unknown, limit: () => unknown): Point {
  const repetitions = Math.max(3, Math.min(201, (2 * Math.round(200_000 / n)) | 1))
  for (let i = 0; i < Math.min(repetitions, 50); i++) {
    model()
    limit()
  }
  const ms: number[] = []
  const limitMs: number[] = []
  for (let i = 0; i < repetitions; i++) {
    ms.push(timeOf(model))
    limitMs.push(timeOf(limit))
  }
  return { of: n, ms: median(ms), limitMs: median(limitMs) }
}
