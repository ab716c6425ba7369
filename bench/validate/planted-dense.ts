/** What is planted is found: one dense cause, its driver, pair, sign and lag approved in time. */

import { denseCause } from '../../src/market/index.js'
import { type Check, percent, seeds } from './check.js'
import { median, wilson } from './statistics.js'
import type { Approved, SwarmFigures, SwarmTask } from './swarm-run.js'

export const denseSteps = 10_000
const early = 5_000
const least = 36

export const denseTask = (seed: number): SwarmTask => ({ scenario: 'planted-dense', seed, steps: denseSteps })

/** True where a pattern names the planted driver, pair, lag and sign; `strict`: as a level, over the planted horizon, too. */
export function isPlanted({ pattern, sign }: Approved, strict = false): boolean {
  const [driver, transform, lag, pair, horizon] = pattern.split('|')
  const named = driver === denseCause.driver && pair === denseCause.pair && Number(lag) === denseCause.lag
  const exact = transform === 'level' && Number(horizon) === denseCause.horizon
  return named && sign === denseCause.sign && (exact || !strict)
}

/** Step of the first approval that names the cause; Infinity where no approval names it. */
export function foundAt({ approvals }: SwarmFigures, strict = false): number {
  return approvals.find(a => isPlanted(a, strict))?.step ?? Number.POSITIVE_INFINITY
}

export const denseCheck: Check = {
  name: 'dense',
  promise: 'what is planted is found',
  measured: `planted-dense, seeds 1…40: at least ${least} approve the planted driver, pair, sign and lag within ${denseSteps} steps`,
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = await context.runs('dense', chosen.map(denseTask))
    const within = (steps: number, strict = false) => runs.filter(r => foundAt(r, strict) <= steps).length
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
        foundAsPlantedLevelAndHorizon: within(denseSteps, true),
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
