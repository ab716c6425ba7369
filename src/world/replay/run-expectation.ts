/** What a replay of a simulated run must come to: what its manifest says, or for a run that was stopped, its newest checkpoint. */

import { resume } from '../../model/index.js'
import type { RunDirectory } from '../../storage/index.js'
import { type RunPlan, worldOf } from '../run-plan.js'

export interface Expected {
  /** The last step that is compared. */
  readonly step: number
  readonly digest: string
  /** SHA-256 a table; empty where the run was stopped before it wrote them. */
  readonly outputs: Readonly<Record<string, string>>
  readonly isFinished: boolean
  /** Whether the data ended after the last step: what lies between belongs to the run. */
  readonly endsWithData: boolean
}

export async function expectedOf(directory: RunDirectory, plan: RunPlan): Promise<Expected> {
  const { status, steps, digest, outputs, ended } = directory.manifest
  const endsWithData = ended?.by === 'data'
  if (status === 'finished' && digest !== null) return { step: steps, digest, outputs, isFinished: true, endsWithData }
  const { step, bytes } = directory.loadCheckpoint()
  const again = { ...plan, market: await plan.remakeMarket() }
  const kept = resume(plan.scenario, bytes, { collect: false, ...worldOf(again) })
  const isWritten = status === 'failed' && steps === step
  return { step, digest: kept.digest, outputs: isWritten ? outputs : {}, isFinished: false, endsWithData }
}
