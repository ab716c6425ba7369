/** The manifest of a run, from its start to its end. */

import type { Manifest, RunDirectory } from '../storage/index.js'
import { commit, versions } from './package-info.js'
import type { RunPlan } from './run-plan.js'
import { isoNow } from './wall-clock.js'

/** The fields of a manifest that are known before the first step. */
interface Beginning {
  readonly runId: string
  readonly verb: 'run' | 'live'
  readonly scenario: string
  readonly seed: number
  readonly parameters: object
  readonly request: Manifest['request']
  readonly inputs?: Manifest['inputs']
  readonly market?: object | undefined
}

/** The manifest of a run that begins now. */
export function begun({ parameters, inputs = {}, market, ...facts }: Beginning): Manifest {
  return {
    manifest: 1,
    status: 'running',
    ...facts,
    parameters: plain(parameters),
    inputs,
    market: market === undefined ? null : plain(market),
    versions: versions(),
    commit: commit(),
    steps: 0,
    digest: null,
    outputs: {},
    startedAt: isoNow(),
    endedAt: null,
    wallTimeMs: 0,
    summary: {},
  }
}

/** The manifest of a simulated run that begins now. */
export function newManifest({ scenario, seed, params, market, request }: RunPlan, runId: string): Manifest {
  return begun({
    runId,
    verb: 'run',
    scenario: scenario.name,
    seed,
    parameters: params,
    request,
    inputs: { ...market?.inputs },
    market: market?.source.describe(),
  })
}

/** The fields that are known when a run ends, whether it succeeded or failed. */
export function ended(
  before: Manifest,
  { status, steps, wallTimeMs }: Pick<Manifest, 'status' | 'steps' | 'wallTimeMs'>,
): Manifest {
  return { ...before, status, steps, wallTimeMs: before.wallTimeMs + wallTimeMs, endedAt: isoNow() }
}

/** Writes the manifest where that is still possible, and ignores a failure: the disk may be full. */
export function tryWriteManifest(directory: RunDirectory, manifest: Manifest): void {
  try {
    directory.writeManifest(manifest)
  } catch {
    // The failure that ended the run is the one to report.
  }
}

/** As JSON will hold it: the manifest's schema admits no undefined. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value))
}
