/** Nothing to find is not found: approvals in a market without causes are false discoveries. */

import { sumOf, wilson } from '../../src/experiment/statistics/index.js'
import { type Check, percent, seeds } from './check.js'
import type { SwarmTask } from './swarm-run.js'

export const nullSteps = 5_000
const most = 4

export const nullTask = (seed: number): SwarmTask => ({ scenario: 'null-market', seed, steps: nullSteps })

export const nullCheck: Check = {
  name: 'null',
  promise: 'nothing to find is not found',
  measured: `null-market, 200 seeds × ${nullSteps} steps: at most ${most} runs approve any pattern`,
  async run(context) {
    const chosen = seeds(context, 200)
    const runs = await context.runs('null', chosen.map(nullTask))
    const found = runs.filter(r => r.approvals.length > 0)
    const rate = wilson(found.length, runs.length)
    return {
      kept: found.length <= most,
      says: `${found.length} of ${runs.length} runs approve a pattern (95 % ${percent(rate)})`,
      figures: {
        approvingRuns: found.length,
        runs: runs.length,
        wilson95: rate,
        approvals: found.map(r => ({ seed: r.seed, approvals: r.approvals })),
        perRun: {
          tested: sumOf(runs.map(r => r.tested)) / runs.length,
          candidates: sumOf(runs.map(r => r.candidates)) / runs.length,
          confirmed: sumOf(runs.map(r => r.confirmed)) / runs.length,
        },
        quarantined: sumOf(runs.map(r => r.quarantined)),
      },
      inputs: { seeds: chosen, steps: nullSteps },
    }
  },
}
