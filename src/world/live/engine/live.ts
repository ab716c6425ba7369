/** A live run from request to result: feeds and link started, the past lived through, then the loop until it is told to stop. */

import { rmSync } from 'node:fs'
import { OperatorError } from '../../../core/index.js'
import { systemClock, type WallClock } from '../../../feed/index.js'
import { type Manifest, RunDirectory } from '../../../storage/index.js'
import { redisAddress } from '../../../transport/index.js'
import { useNodeSha256 } from '../../node-sha256.js'
import { RunFailed } from '../../run-errors.js'
import { isoNow } from '../../wall-clock.js'
import { Notices } from '../operations/notices.js'
import { Link } from '../peers/link.js'
import { LiveInProgress } from './in-progress.js'
import { newLiveManifest } from './live-manifest.js'
import { feedPace, makeWorld } from './make-world.js'
import { beginPart, newModel, recoverPart } from './open-part.js'
import { existingPart, newPart } from './part-directory.js'
import { planLive, scenarioOfManifest } from './plan.js'
import type { LiveRequest } from './request.js'
import type { LiveResult } from './result.js'

/**
 * Trades on paper until `signal` or `forMs` ends it. Throws `OperatorError` for bad input, before anything is made;
 * afterwards `RunFailed` with what failed as its cause: everything journalled stands.
 */
export async function live(asked: LiveRequest): Promise<LiveResult> {
  useNodeSha256()
  checkEnvironment(asked)
  const clock = asked.instead?.clock ?? systemClock()
  const there = existingPart(asked)
  return there === undefined ? begin(asked, clock) : goOn(asked, there, clock)
}

async function begin(asked: LiveRequest, clock: WallClock): Promise<LiveResult> {
  const plan = await planLive(asked)
  const model = newModel(plan)
  const { root } = asked
  const out = newPart(asked)
  const place = { ...(out === undefined ? {} : { out }), ...(root === undefined ? {} : { root }) }
  const directory = RunDirectory.create({ scenario: plan.scenario.name, seed: plan.seed, startedAt: isoNow(), ...place })
  const manifest = newLiveManifest(plan, directory.runId)
  return opened(directory, async () => {
    const world = makeWorld(asked, { directory, scenario: plan.scenario.name, agents: plan.agents.text, clock })
    const part = beginPart(model, plan, directory, world.openOptions)
    directory.writeManifest(manifest)
    return new LiveInProgress({ asked, clock, directory, manifest, part, world, unannounced: [] }).toTheEnd()
  })
}

async function goOn(asked: LiveRequest, path: string, clock: WallClock): Promise<LiveResult> {
  const directory = RunDirectory.resume(path)
  return opened(directory, async () => {
    const { manifest } = directory
    refuseOther(asked, manifest, path)
    const { scenario } = await scenarioOfManifest(manifest, asked.scenario)
    if (scenario.name !== manifest.scenario) throw otherRun(path, `scenario ${manifest.scenario}`, scenario.name)
    for (const table of ['model', 'agents', 'ideas', 'signals', 'trades', 'prices']) {
      rmSync(directory.file(`${table}.parquet`), { force: true })
    }
    const agents = manifest.request?.agents as string | undefined
    const world = makeWorld(asked, { directory, scenario: scenario.name, agents, clock })
    const { part, unannounced, notes } = recoverPart(scenario, directory, world.openOptions)
    for (const note of notes) asked.onNote?.(note)
    return new LiveInProgress({ asked, clock, directory, manifest, part, world, unannounced }).toTheEnd()
  })
}

/** What the environment names must make sense before anything is made. */
function checkEnvironment(asked: LiveRequest): void {
  const environment = asked.environment ?? process.env
  if (Link.isWanted(asked, environment)) redisAddress(asked.redis, environment)
  Notices.from(environment, systemClock(), () => undefined)
  feedPace(environment)
}

/** Lets the directory go where the part could not be opened; afterwards the part does. */
async function opened(directory: RunDirectory, use: () => Promise<LiveResult>): Promise<LiveResult> {
  try {
    return await use()
  } catch (error) {
    if (!(error instanceof RunFailed)) directory.close()
    throw error
  }
}

/** A run that goes on keeps what it began with. */
function refuseOther(asked: LiveRequest, manifest: Manifest, path: string): void {
  if (manifest.verb !== 'live') throw otherRun(path, 'the directory of a live run', `one of mycelia ${manifest.verb}`)
  const given = (['seed', 'timeframe', 'pairs', 'instruments', 'fromRun'] as const).find(name => asked[name] !== undefined)
  const changed = given ?? (Object.keys(asked.params ?? {}).length > 0 ? 'set' : undefined)
  if (changed === 'fromRun' && manifest.request?.fromRun !== undefined) return
  if (changed !== undefined && !sameAsBefore(changed, asked, manifest)) throw fixed(changed)
}

/** The same command again goes on: what it says of the run must be what the run is. */
function sameAsBefore(name: string, asked: LiveRequest, { seed, parameters }: Manifest): boolean {
  if (name === 'seed') return asked.seed === seed
  if (name !== 'set') return true
  return Object.entries(asked.params ?? {}).every(([key, value]) => JSON.stringify(parameters[key]) === JSON.stringify(value))
}

function fixed(name: string): OperatorError {
  return new OperatorError({
    what: `${name} of a run that goes on`,
    expected: 'what it began with',
    got: 'another value',
    next: 'Leave it out, or name a new directory with --out.',
  })
}

function otherRun(path: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what: `--out ${path}`, expected, got, next: 'Name another directory.' })
}
