/** The manifest of a live shard that begins now. */

import type { Manifest } from '../../../storage/index.js'
import { begun } from '../../run-record.js'
import type { LivePlan } from './plan.js'
import type { NewRun } from './plan-new.js'

type ManifestFacts = Pick<NewRun, 'scenario' | 'seed' | 'params' | 'request' | 'inputDigests'>

/** What reached the run besides its market, and whom it reached; names alone, no address and no secret. */
interface Connections {
  readonly feeds?: readonly string[]
  /** Where notices go. */
  readonly notices?: readonly string[]
  /** Where commands come from besides the run's own folder. */
  readonly commands?: readonly string[]
}

export function connectionsOf({ feeds, bus, settings }: LivePlan): Connections {
  const commands = [...(settings.telegram === undefined ? [] : ['Telegram']), ...(bus?.token === undefined ? [] : ['Redis'])]
  return { feeds: feeds.list.names, notices: settings.notify?.channels ?? [], commands }
}

export function newLiveManifest(
  { scenario, seed, params, request, inputDigests }: ManifestFacts,
  runId: string,
  connections: Connections = {},
): Manifest {
  return begun({
    runId,
    verb: 'live',
    scenario: scenario.name,
    seed,
    parameters: params,
    request: { ...request, inputDigests, ...connections },
  })
}
