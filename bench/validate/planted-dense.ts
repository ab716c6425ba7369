/** What is planted is found: one dense cause, its driver, pair, sign and lag approved in time. */

import { median, wilson } from '../../src/experiment/statistics/index.js'
import { denseCause } from '../../src/market/index.js'
import { type Check, percent, seeds } from './check.js'
import { type Likeness, stepFound } from './found.js'
import type { SwarmFigures, SwarmTask } from './swarm-run.js'

export const denseSteps = 10_000
const early = 5_000
const least = 36

export const denseTask = (seed: number): SwarmTask => ({ scenario: 'planted-dense', seed, steps: denseSteps })

/** Step of the first approval that names the cause; Infinity where no approval names it. */
export function foundAt(run: SwarmFigures, likeness: Likeness = 'lag'): number {
  return stepFound(run, denseCause, likeness) ?? Number.POSITIVE_INFINITY
}

export const denseCheck: Check = {
  name: 'dense',
  promise: 'what is planted is found',
  measured: `planted-dense, seeds 1…40: at least ${least} approve the planted driver, pair, sign and lag within ${denseSteps} steps`,
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = await context.runs('dense', chosen.map(denseTask))
    const within = (steps: number, likeness: Likeness = 'lag') => runs.filter(r => foundAt(r, likeness) <= steps).length
    const found = within(denseSteps)
    const [all, soon] = [wilson(found, runs.length), wilson(within(early), runs.length)]
    const strangers = runs.map(r => r.approvals.filter(a => !a.pattern.startsWith(`${denseCause.driver}|`)).length)
    return {
      kept: found >= Math.ceil((least / 40) * runs.length),
      says: `${found} of ${runs.length} (95 % ${percent(all)}); by step ${early}: ${within(early)} (95 % ${percent(soon)})`,
      figures: {
        found,
        runs: runs.length,
        wilson95: all,
        foundBy5000: within(early),
        wilson95By5000: soon,
        foundAsPlantedLevelAndHorizon: within(denseSteps, 'exact'),
        medianStep: median(runs.map(r => foundAt(r)).filter(Number.isFinite)),
        runsApprovingAnotherDriver: strangers.filter(n => n > 0).length,
        perSeed: runs.map(r => ({ seed: r.seed, foundAt: nullable(foundAt(r)), approvals: r.approvals })),
      },
      inputs: { seeds: chosen, steps: denseSteps, cause: denseCause },
    }
  },
}

function nullable(step: number): number | null {
  return Number.isFinite(step) ? step : null
}
