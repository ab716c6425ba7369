/**
 * Turns a live request into a checked plan, once. Files, environment and defaults are read here, and nothing is written.
 * The rest of the room takes the parts of the plan that it needs, and never the request.
 */

import { checkedCount, MINUTE_MS, OperatorError } from '../../../core/index.js'
import { systemClock } from '../../../feed/index.js'
import { type KeepJournal, storageLimits } from '../../../storage/index.js'
import { telegramIn } from '../operations/index.js'
import { type AgentsChoice, type BusPlan, chooseAgents, existingShard, planBus } from '../peers/index.js'
import { checkBarSize, type FeedPlan, listFeeds, planFeeds } from './feeds.js'
import { isSwarm, requireSwarm } from './live-scenario.js'
import { type ContinuedRun, planContinuedRun } from './plan-continued.js'
import { type NewRun, planNewRun } from './plan-new.js'
import type { LiveRequest } from './request.js'
import type { LiveSettings } from './settings.js'
import { type MemorySettings, memoryChoices } from './vector-memory.js'

export interface LivePlan {
  readonly run: NewRun | ContinuedRun
  readonly feeds: FeedPlan
  /** Undefined: this process has no connection to others. */
  readonly bus: BusPlan | undefined
  readonly settings: LiveSettings
}

/** Throws an `OperatorError` for the first thing in the request or the environment that is wrong. */
export async function planLive(request: LiveRequest): Promise<LivePlan> {
  const { environment = process.env, overrides = {}, out } = request
  const feeds = planFeeds(environment, overrides, request.warmupBars)
  const given = chooseAgents(request.agents)
  const existing = existingShard({ out, agents: given.text })
  const run = existing === undefined ? await planNewRun(request, given) : await planContinuedRun(existing, request)
  const memory = memorySettings(request.memory, environment)
  if (memory.choice === 'chroma' && run.kind === 'new') refuseExperience(request)
  requireSwarm(run.scenario, { redis: request.redis, memory: request.memory })
  const list = listFeeds(run.scenario, request.feeds)
  for (const { make } of list.own) make.check?.(run.params)
  checkBarSize(feeds, run.barMs)
  return {
    run,
    feeds: { ...feeds, list },
    bus: isSwarm(run.scenario) ? busFor(request.redis, environment, run.agents) : undefined,
    settings: {
      clock: overrides.clock ?? systemClock(),
      notify: request.notify,
      telegram: run.agents.isLocal({ type: 'RiskManagement', ordinal: 0 }) ? telegramIn(environment) : undefined,
      forMs: checkedDuration(request.forMs),
      memory,
      checkpointEvery: checkpointEvery(request.checkpointEvery, run.barMs),
      journal: {
        keep: keepJournal(request.keepJournal),
        segmentTicks: checkedCount('`segmentTicks`', request.segmentTicks ?? storageLimits.segmentTicks),
      },
      signal: request.signal,
      onNote: request.onNote ?? (() => undefined),
      onStatus: request.onStatus,
      onCommitted: request.onCommitted,
      watch: request.watch,
    },
  }
}

/** How others are reached; undefined where neither the operator nor the environment nor a split run wants one. */
function busFor(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  agents: AgentsChoice,
): BusPlan | undefined {
  const isWanted = given !== undefined || agents.text !== undefined || environment.REDIS_URL || environment.REDIS_HOST
  return isWanted ? planBus(given, environment) : undefined
}

/** What a run begins with is remembered in its own process, and Chroma would not know it. */
function refuseExperience({ knowledge, fromRun }: LiveRequest): void {
  const option = knowledge !== undefined ? 'knowledge' : fromRun !== undefined ? 'fromRun' : undefined
  if (option === undefined) return
  const next = 'Choose the memory `embedded`, or leave the option out.'
  throw new OperatorError({ what: `\`${option}\` with the memory \`chroma\``, expected: 'one of both', next })
}

/** Default: Chroma where one answers, at its usual place on this machine. */
function memorySettings(
  given: string | undefined,
  { MYCELIA_MEMORY, MYCELIA_EMBEDDING, CHROMA_URL }: Readonly<Record<string, string | undefined>>,
): MemorySettings {
  const wanted = given ?? (MYCELIA_MEMORY || 'auto')
  const choice = memoryChoices.find(each => each === wanted)
  if (choice !== undefined)
    return { choice, url: CHROMA_URL || 'http://127.0.0.1:8000', embedding: MYCELIA_EMBEDDING || undefined }
  const what = given === undefined ? 'MYCELIA_MEMORY' : '`memory`'
  throw new OperatorError({ what, expected: memoryChoices.join(', '), got: wanted })
}

/** Default: about once a minute. */
function checkpointEvery(given: number | undefined, barMs: number): number {
  return given === undefined ? Math.max(1, Math.ceil(MINUTE_MS / barMs)) : checkedCount('`checkpointEvery`', given)
}

function keepJournal({
  days = storageLimits.journalDays,
  bytes = storageLimits.journalBytes,
}: Partial<KeepJournal> = {}): KeepJournal {
  for (const [name, value] of Object.entries({ days, bytes })) {
    if (typeof value !== 'number' || !(value >= 0))
      throw new OperatorError({ what: `\`keepJournal.${name}\``, expected: 'a number ≥ 0', got: value })
  }
  return { days, bytes }
}

function checkedDuration(forMs: number | undefined): number | undefined {
  if (forMs === undefined || (Number.isFinite(forMs) && forMs >= 0)) return forMs
  throw new OperatorError({ what: '`forMs`', expected: 'milliseconds ≥ 0', got: forMs })
}
