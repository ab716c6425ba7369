/** The manifest of a live part that begins now. */

import type { Manifest } from '../../../storage/index.js'
import { begun } from '../../run-record.js'
import type { LivePlan } from './plan.js'

export function newLiveManifest({ scenario, seed, params, request, inputDigests }: LivePlan, runId: string): Manifest {
  return begun({
    runId,
    verb: 'live',
    scenario: scenario.name,
    seed,
    parameters: params,
    request: { ...request, inputDigests },
  })
}
