/** What runs inside each bundle: models to their golden step, from the start and resumed, and what their collectors kept. */

import { resume, type Scenario, simulate } from 'mycelia'
import wolfSheep from '../../scenarios/models/wolf-sheep.js'
import trifecta from '../../scenarios/trifecta.js'
import wealth from '../../scenarios/wealth.js'
import lateFields from './late-fields.js'
import noisy from './noisy.js'

/** The step of the golden digests, and the one before it at which each run is saved. */
export const steps = 250
export const savedAt = 100

export const scenarios = {
  wealth: wealth as unknown as Scenario,
  'models/wolf-sheep': wolfSheep as unknown as Scenario,
  trifecta: trifecta as unknown as Scenario,
  'late-fields': lateFields as unknown as Scenario,
  noisy: noisy as unknown as Scenario,
}

/** What a run comes to wherever it runs. */
export interface Outcome {
  readonly digest: string
  readonly resumed: string
  /** Rows of each collected table. */
  readonly rows: Record<string, number>
}

export function outcomeOf(scenario: Scenario): Outcome {
  const sim = simulate(scenario, { seed: 1 })
  sim.run({ steps: savedAt })
  const twin = resume(scenario, sim.save())
  sim.run({ steps: steps - savedAt })
  return { digest: sim.digest, resumed: resumedFrom(twin), rows: rowsOf(sim) }
}

/** The digest at the golden step of a run that was saved before. */
export function resumedFrom(sim: ReturnType<typeof resume>): string {
  sim.run({ steps: steps - savedAt })
  return sim.digest
}

function rowsOf(sim: ReturnType<typeof simulate>): Record<string, number> {
  return Object.fromEntries([...sim.tables].map(([name, table]) => [name, table.length]))
}
