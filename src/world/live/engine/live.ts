/** A live run from its request to its result: planned as a whole, then begun or continued, and run until it is stopped. */

import type { LiveModel } from '../../../agents/index.js'
import { RunDirectory, requireDatabases } from '../../../storage/index.js'
import { useNodeSha256 } from '../../node-sha256.js'
import { RunFailed } from '../../run-errors.js'
import { isoNow } from '../../wall-clock.js'
import { writeInThread } from '../../worker/write-segment.js'
import { RunNotes } from '../operations/index.js'
import { newShardDirectory } from '../peers/index.js'
import { type Adapters, makeAdapters } from './adapters.js'
import { LiveInProgress } from './in-progress.js'
import { connectionsOf, newLiveManifest } from './live-manifest.js'
import { createShard, newModel, recoverShard, restoreTables, type ShardSettings } from './open-shard.js'
import { type LivePlan, planLive } from './plan.js'
import type { ContinuedRun } from './plan-continued.js'
import type { NewRun } from './plan-new.js'
import type { LiveRequest } from './request.js'
import type { LiveResult } from './result.js'

/**
 * Trades on paper until `signal` or `forMs` ends it. Throws `OperatorError` for bad input, before anything is made;
 * afterwards `RunFailed` with the failure as its cause. What the journal holds stays.
 */
export async function live(request: LiveRequest): Promise<LiveResult> {
  useNodeSha256()
  const planned = await planLive(request)
  requireDatabases()
  const notes = new RunNotes(planned.settings.onNote)
  // Whoever speaks of the run, its archive and its connection too, is heard by its log.
  const plan = { ...planned, settings: { ...planned.settings, onNote: notes.say } }
  return plan.run.kind === 'new' ? begin(plan, plan.run, notes) : continueRun(plan, plan.run, notes)
}

async function begin(plan: LivePlan, run: NewRun, notes: RunNotes): Promise<LiveResult> {
  const model = newModel<LiveModel>(run)
  const directory = newDirectory(run)
  const manifest = newLiveManifest(run, directory.runId, connectionsOf(plan))
  return closedOnFailure(directory, async () => {
    const adapters = adaptersFor(plan, directory)
    const shard = createShard({ model, agents: run.agents, directory, settings: shardSettings(plan, adapters) })
    directory.writeManifest(manifest)
    return new LiveInProgress({ settings: plan.settings, directory, manifest, shard, adapters, notes, unannounced: [] }).run()
  })
}

async function continueRun(plan: LivePlan, { path, scenario, agents }: ContinuedRun, notes: RunNotes): Promise<LiveResult> {
  const directory = RunDirectory.resume(path)
  return closedOnFailure(directory, async () => {
    const { manifest } = directory
    await restoreTables(directory)
    directory.removeResults()
    const adapters = adaptersFor(plan, directory)
    const recovered = recoverShard<LiveModel>({ scenario, agents, directory, settings: shardSettings(plan, adapters) })
    const { shard, unannounced } = recovered
    for (const note of recovered.notes) notes.say(note)
    return new LiveInProgress({ settings: plan.settings, directory, manifest, shard, adapters, notes, unannounced }).run()
  })
}

function newDirectory({ scenario, seed, agents, out, root }: NewRun): RunDirectory {
  const path = newShardDirectory({ out, agents: agents.text })
  const place = { ...(path === undefined ? {} : { out: path }), ...(root === undefined ? {} : { root }) }
  return RunDirectory.create({ scenario: scenario.name, seed, startedAt: isoNow(), ...place })
}

function adaptersFor({ run, feeds, bus, settings }: LivePlan, directory: RunDirectory): Adapters {
  const { clock, onNote } = settings
  return makeAdapters({ directory, scenario: run.scenario.name, agents: run.agents, clock, feeds, bus, onNote })
}

function shardSettings({ settings }: LivePlan, { connection }: Adapters): ShardSettings {
  return {
    monotonic: () => settings.clock.monotonic(),
    announcer: () => connection?.bridge,
    announces: connection !== undefined,
    onCommitted: settings.onCommitted,
    journal: { ...settings.journal, startWriting: writeInThread, onNote: settings.onNote },
  }
}

/** Closes the directory where the run could not be started; a run that failed later has closed it itself. */
async function closedOnFailure(directory: RunDirectory, use: () => Promise<LiveResult>): Promise<LiveResult> {
  try {
    return await use()
  } catch (error) {
    if (!(error instanceof RunFailed)) directory.close()
    throw error
  }
}
