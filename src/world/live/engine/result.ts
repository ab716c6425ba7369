/** The result of a live run: the object of a simulated run, with ticks, and the counters of feed and transport. */

import { z } from 'zod'
import type { Simulation } from '../../../model/index.js'
import type { RunEnd } from '../../../storage/index.js'
import type { CollisionsByChance } from '../../chance.js'
import { runResultSchema } from '../../run-result.js'
import type { LiveStatus } from '../operations/index.js'

const counts = z.record(z.string(), z.number())

/** What `live` gives back, checked. */
export const liveResultSchema = runResultSchema.extend({
  ticks: z.number().int().nonnegative(),
  counters: z.looseObject({ feed: counts, transport: counts }),
})
/** What `live` gives back, and `--json` prints. */
export type LiveResult = z.infer<typeof liveResultSchema>

export interface ResultSources {
  readonly sim: Simulation
  readonly status: LiveStatus
  readonly outputs: Record<string, string>
  readonly end: RunEnd
  /** Steps of this process, and the total duration of its ticks. */
  readonly steps: number
  readonly workedMs: number
  readonly byChance: CollisionsByChance | undefined
  readonly rejectedInputs: number
}

export function liveResult({ sim, status, outputs, end, steps, workedMs, byChance, rejectedInputs }: ResultSources): LiveResult {
  const { agents, collisions, ...summary } = sim.model.summary()
  return liveResultSchema.parse({
    scenario: sim.scenario.name,
    seed: Number(sim.seed),
    steps: sim.model.steps,
    ticks: status.tick,
    agents: { byType: status.population, core: 0, support: 0, ta: 0, ...(agents as object | undefined) },
    stepsPerSecond: workedMs === 0 ? 0 : Math.round((steps / workedMs) * 10_000) / 10,
    digest: sim.digest,
    outputs,
    runDir: status.runDir,
    ended: end,
    counters: { ...sim.counters, ...status.counters },
    rejectedInputs,
    ...summary,
    ...(collisions === undefined ? {} : { collisions: { ...byChance, ...(collisions as object) } }),
  })
}
