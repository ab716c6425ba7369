/** The manifest of a simulated run, from its start to its end. */

import type { Manifest, RunDirectory } from '../storage/index.js'
import { commit, versions } from './package-info.js'
import type { RunPlan } from './run-plan.js'
import { isoNow } from './wall-clock.js'

/** The manifest of a run that begins now. */
export function newManifest(plan: RunPlan, runId: string): Manifest {
  return {
    manifest: 1,
    runId,
    scenario: plan.scenario.name,
    verb: 'run',
    status: 'running',
    seed: plan.seed,
    parameters: plain(plan.params),
    versions: versions(),
    commit: commit(),
    inputs: { ...plan.market?.inputs },
    market: plan.market === undefined ? null : plain(plan.market.source.describe()),
    request: plan.request,
    steps: 0,
    digest: null,
    outputs: {},
    startedAt: isoNow(),
    endedAt: null,
    wallTimeMs: 0,
    summary: {},
  }
}

/** What can be said of a run that ended now, however it did. */
export function ended(
  before: Manifest,
  { status, steps, wallTimeMs }: Pick<Manifest, 'status' | 'steps' | 'wallTimeMs'>,
): Manifest {
  return { ...before, status, steps, wallTimeMs: before.wallTimeMs + wallTimeMs, endedAt: isoNow() }
}

/** Writes the manifest where that is still possible: a run that failed for want of disk space must still say so itself. */
export function tryWriteManifest(directory: RunDirectory, manifest: Manifest): void {
  try {
    directory.writeManifest(manifest)
  } catch {
    // The failure that ended the run is the one worth telling.
  }
}

/** As JSON will hold it: the manifest's schema admits no undefined. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value))
}
