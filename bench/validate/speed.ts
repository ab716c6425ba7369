/** Speed: steps per second of the main job as it ships, records on disk; and what twice the agents or pairs cost. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Scenario, simulate } from 'mycelia'
import { defaultPairs } from 'mycelia/market'
import { run } from 'mycelia/node'
import nullMarket from '../../scenarios/null-market.js'
import trifecta from '../../scenarios/trifecta.js'
import type { Check, CheckContext } from './check.js'
import { median } from './statistics.js'

const least = 5_000
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
  measured: `trifecta, synthetic market, Parquet and SQLite on, start-up and report excluded: at least ${least} steps/s, median of 5; twice the learners or the pairs cost at most ${mostPerDoubling} times as much`,
  async run(context) {
    const rates = await fullRuns(context)
    const agents = scaling(context, [30, 60, 120, 240], n => ({ financeLearners: n }))
    const pairs = scaling(context, [9, 18, 36, 72], n => ({
      pairs: pairNames(n),
      dataMiners: n,
      maxAssets: Math.round((n * 15) / 18),
      recommendPairs: Math.round(n / 2),
      hypothesisLimit: 200_000,
    }))
    const perSecond = median(rates)
    const linear = [agents, pairs].every(costs => worstDoubling(costs) <= mostPerDoubling)
    return {
      kept: perSecond >= least && linear,
      says: `${Math.round(perSecond)} steps/s (${rates.map(Math.round).join(', ')}); doubling learners costs at most ×${worstDoubling(agents).toFixed(2)}, pairs ×${worstDoubling(pairs).toFixed(2)}`,
      figures: { stepsPerSecond: perSecond, runs: rates, agents, pairs, linear },
      inputs: { seeds: rates.map((_, i) => i + 1), steps: stepsOf(context) },
    }
  },
}

/** As the operator's runs, one after the other, alone in this process. */
async function fullRuns(context: CheckContext): Promise<number[]> {
  const rates: number[] = []
  for (let seed = 1; seed <= 5; seed++) {
    const root = mkdtempSync(join(tmpdir(), 'mycelia-speed-'))
    try {
      const { stepsPerSecond } = await run({ scenario: mainJob, seed, steps: stepsOf(context), out: join(root, 'run') })
      rates.push(stepsPerSecond)
      context.note(`speed  run ${seed}/5: ${Math.round(stepsPerSecond)} steps/s`)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
  return rates
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
