/** The manifest of a live run under way: it says `running` and holds the summary so far, for reports that are made meanwhile. */

import type { LiveModel } from '../../../agents/index.js'
import { MINUTE_MS } from '../../../core/index.js'
import type { Simulation } from '../../../model/index.js'
import type { Manifest, RunDirectory } from '../../../storage/index.js'
import { tryWriteManifest } from '../../run-record.js'
import type { LiveStatus } from '../operations/index.js'

export interface ProgressSources {
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly sim: Simulation<LiveModel>
}

export class ProgressRecord {
  private next = Number.NEGATIVE_INFINITY

  constructor(private readonly sources: ProgressSources) {}

  /** Writes the manifest once a minute. */
  status({ state, startedAt, updatedAt, counters, rejected }: LiveStatus): void {
    if (state !== 'live' || updatedAt < this.next) return
    this.next = updatedAt + MINUTE_MS
    const { directory, manifest, sim } = this.sources
    const result = { ...sim.model.summary(), counters: { ...sim.counters, ...counters }, rejectedInputs: rejected }
    const summary = JSON.parse(JSON.stringify(result))
    const wallTimeMs = manifest.wallTimeMs + Math.max(0, updatedAt - startedAt)
    tryWriteManifest(directory, { ...runningAgain(manifest), steps: sim.model.steps, wallTimeMs, summary })
  }
}

/** What was known when it began: a run that is gone on with has the manifest of its last end. */
function runningAgain(manifest: Manifest): Manifest {
  const { runId, scenario, verb, seed, parameters, versions, commit, inputs, market, request, startedAt } = manifest
  const beginning = { manifest: 1, runId, scenario, verb, seed, parameters, versions, commit, inputs, market, startedAt } as const
  const given = request === undefined ? {} : { request }
  return {
    ...beginning,
    ...given,
    status: 'running',
    steps: 0,
    digest: null,
    outputs: {},
    endedAt: null,
    wallTimeMs: 0,
    summary: {},
  }
}
