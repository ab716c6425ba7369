/** Speed: steps per second of the main job as it ships, records on disk; and what twice the agents or pairs cost. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Scenario, simulate } from 'mycelia'
import { defaultPairs } from 'mycelia/market'
import { run } from 'mycelia/node'
import nullMarket from '../../scenarios/null-market.js'
import plantedSparse from '../../scenarios/planted-sparse.js'
import trifecta from '../../scenarios/trifecta.js'
import { median } from '../../src/experiment/statistics/index.js'
import type { Check, CheckContext } from './check.js'

/** What the records of a run may cost. */
const mostForRecords = 1.2
/** A doubling may cost a tenth more than double before it is called more than linear. */
const mostPerDoubling = 2.2

/** As `run` takes it, which asks nothing of the model's type. */
const mainJob = trifecta as unknown as Scenario

interface Cost {
  readonly of: number
  /** CPU µs a step; a median, and of CPU time because other programs must not count. */
  readonly microseconds: number
}

export const speedCheck: Check = {
  name: 'speed',
  promise: 'speed',
  measured: `trifecta with its records on disk, start-up and report excluded, costs at most ${mostForRecords} times the same run without them (median of 5, in one process); twice the learners or the pairs cost at most ${mostPerDoubling} times as much; steps a second reported beside those of the market before`,
  async run(context) {
    const runs = await paces(context)
    const ratio = median(runs.map(({ recorded, bare }) => bare / recorded))
    const sparse = median([1, 2, 3].map(seed => bareSteps(plantedSparse, seed, stepsOf(context))))
    const agents = scaling(context, [30, 60, 120, 240], n => ({ financeLearners: n }))
    const pairs = scaling(context, [9, 18, 36, 72], n => ({
      pairs: pairNames(n),
      dataMiners: n,
      maxAssets: Math.round((n * 15) / 18),
      recommendPairs: Math.round(n / 2),
      hypothesisLimit: 200_000,
    }))
    const [perSecond, bare] = [median(runs.map(r => r.recorded)), median(runs.map(r => r.bare))]
    const linear = [agents, pairs].every(costs => worstDoubling(costs) <= mostPerDoubling)
    return {
      kept: ratio <= mostForRecords && linear,
      says: `${Math.round(perSecond)} steps/s with records, ${Math.round(bare)} without: ×${ratio.toFixed(2)}; ${Math.round(sparse)} in planted-sparse, the main job's market before; doubling learners costs at most ×${worstDoubling(agents).toFixed(2)}, pairs ×${worstDoubling(pairs).toFixed(2)}`,
      figures: { stepsPerSecond: perSecond, bare, ratio, sparse, runs, agents, pairs, linear },
      inputs: { seeds: runs.map((_, i) => i + 1), steps: stepsOf(context) },
    }
  },
}

interface Pace {
  /** Steps a second with the records on disk, start-up and report left out, and without any record. */
  readonly recorded: number
  readonly bare: number
}

/** The same run with its records on disk and without, in turn, one after the other in this process. */
async function paces(context: CheckContext): Promise<Pace[]> {
  const all: Pace[] = []
  for (let seed = 1; seed <= 5; seed++) {
    const root = mkdtempSync(join(tmpdir(), 'mycelia-speed-'))
    try {
      const { stepsPerSecond } = await run({ scenario: mainJob, seed, steps: stepsOf(context), out: join(root, 'run') })
      const pace = { recorded: stepsPerSecond, bare: bareSteps(trifecta, seed, stepsOf(context)) }
      all.push(pace)
      context.note(`speed  run ${seed}/5: ${Math.round(pace.recorded)} steps/s with records, ${Math.round(pace.bare)} without`)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
  return all
}

/** Steps a second of a run that writes nothing down. */
function bareSteps(scenario: typeof trifecta, seed: number, steps: number): number {
  const sim = simulate(scenario, { seed, collect: false })
  const from = performance.now() // nondeterminism-ok: the time it takes is what is measured
  sim.run({ steps })
  return (steps * 1_000) / (performance.now() - from) // nondeterminism-ok: as above
}

function stepsOf({ quick }: CheckContext): number {
  return quick ? 2_000 : 20_000
}

function scaling(context: CheckContext, sizes: readonly number[], params: (n: number) => Record<string, unknown>): Cost[] {
  return sizes.map(of => {
    const microseconds = costPerStep(params(of), context.quick ? 300 : 1_500)
    context.note(`speed  ${Object.keys(params(of))[0]} ${of}: ${Math.round(microseconds)} µs CPU a step`)
    return { of, microseconds }
  })
}

/** In the null market, which plants nothing in a pair that may be missing; after two thousand steps, when screens, confirmations and portfolios are full. */
function costPerStep(params: Record<string, unknown>, stretch: number): number {
  const sim = simulate(nullMarket, { seed: 1, params, collect: false })
  sim.run({ steps: 2_000 })
  return median(
    Array.from({ length: 5 }, () => {
      const before = process.cpuUsage()
      sim.run({ steps: stretch })
      const { user, system } = process.cpuUsage(before)
      return (user + system) / stretch
    }),
  )
}

function worstDoubling(costs: readonly Cost[]): number {
  return Math.max(...costs.slice(1).map((cost, i) => cost.microseconds / (costs[i] as Cost).microseconds))
}

/** The eighteen, then made-up ones. */
function pairNames(n: number): string[] {
  return Array.from({ length: n }, (_, i) => defaultPairs[i] ?? `SYN${i}USD`)
}
