/** The manifest of a live part, from its start to its end. */

import type { Manifest } from '../../storage/index.js'
import { commit, versions } from '../package-info.js'
import { isoNow } from '../wall-clock.js'
import type { LivePlan } from './plan.js'

export function newLiveManifest({ scenario, seed, params, request, inputDigests }: LivePlan, runId: string): Manifest {
  return {
    manifest: 1,
    runId,
    scenario: scenario.name,
    verb: 'live',
    status: 'running',
    seed,
    parameters: JSON.parse(JSON.stringify(params)),
    versions: versions(),
    commit: commit(),
    inputs: {},
    market: null,
    request: { ...request, inputDigests },
    steps: 0,
    digest: null,
    outputs: {},
    startedAt: isoNow(),
    endedAt: null,
    wallTimeMs: 0,
    summary: {},
  }
}
