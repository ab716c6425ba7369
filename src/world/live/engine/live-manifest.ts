/** The manifest of a live shard that begins now. */

import type { Manifest } from '../../../storage/index.js'
import { begun } from '../../run-record.js'
import type { NewRun } from './plan-new.js'

type ManifestFacts = Pick<NewRun, 'scenario' | 'seed' | 'params' | 'request' | 'inputDigests'>

export function newLiveManifest({ scenario, seed, params, request, inputDigests }: ManifestFacts, runId: string): Manifest {
  return begun({
    runId,
    verb: 'live',
    scenario: scenario.name,
    seed,
    parameters: params,
    request: { ...request, inputDigests },
  })
}
