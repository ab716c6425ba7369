/** Opens a shard: a new one with its first checkpoint, or one brought back to the last tick of its journal. */

import { enterMarket, type LiveModel, memoryRequestHandler, type Swarm, shareAgents } from '../../../agents/index.js'
import { assert, BrokenInvariant, OperatorError } from '../../../core/index.js'
import {
  checkpointInfo,
  lostElsewhere,
  type RequestHandler,
  resume,
  type Scenario,
  type Simulation,
  type Sink,
  type Source,
  simulate,
} from '../../../model/index.js'
import {
  type ArchiveSettings,
  JournalArchive,
  LiveLedger,
  type RowChain,
  type RunDirectory,
  rebuildSpool,
  type StoredMessage,
} from '../../../storage/index.js'
import { DeferredSink } from '../../deferred-sink.js'
import type { AgentsChoice } from '../peers/index.js'
import { Answers } from './answers.js'
import { decodeEntry } from './journal-entry.js'
import { keptCheckpoints, newestCheckpoint, recordAt, requireTicks } from './live-checkpoint.js'
import { LiveOutputs } from './outputs.js'
import type { NewRun } from './plan-new.js'
import { type Announcer, type Committed, Shard, type ShardPosition } from './shard.js'
import { TickFacts } from './tick-facts.js'

/** A live model has no source of its own: its inputs are given to every tick. */
export const noSource: Source = {
  next: () => undefined,
  save: () => null,
  restore: () => undefined,
  describe: () => ({}),
}

export interface ShardSettings {
  readonly monotonic: () => number
  /** Sends messages to other processes; undefined where the run has no connection. */
  readonly announcer?: (() => Announcer | undefined) | undefined
  readonly onCommitted?: ((committed: Committed) => void) | undefined
  /** Whether published messages are collected for sending. */
  readonly announces: boolean
  readonly journal: ArchiveSettings
}

/** A model and its sink, not opened yet: a model that refuses its parameters leaves nothing on disk. */
export interface NewModel<M extends LiveModel = Swarm> {
  readonly sim: Simulation<M>
  readonly requestHandler: RequestHandler
  readonly sink: DeferredSink<LiveOutputs>
}

type ModelPlan = Pick<NewRun, 'scenario' | 'seed' | 'params' | 'experience' | 'knowledge' | 'inputDigests' | 'agents'>

/** The model at tick 0: new, or experienced and re-based. */
export function newModel<M extends LiveModel = Swarm>(plan: ModelPlan): NewModel<M> {
  const requestHandler = plan.knowledge === undefined ? memoryRequestHandler() : plan.knowledge.memory()
  const sink = new DeferredSink<LiveOutputs>()
  const sim = firstSimulation<M>(plan, requestHandler, sink)
  if (plan.experience !== undefined) enterMarket(sim as unknown as Simulation<Swarm>, 0)
  if (plan.agents.text !== undefined) shareAgents(sim, plan.agents.isLocal)
  return { sim, requestHandler, sink }
}

function firstSimulation<M extends LiveModel>(
  { scenario, seed, params, experience, inputDigests }: ModelPlan,
  requestHandler: RequestHandler,
  sink: Sink,
): Simulation<M> {
  const common = { source: noSource, requestHandler, sink }
  const sim =
    experience === undefined
      ? simulate(scenario, { ...common, seed, params, inputDigests })
      : resume(scenario, experience, common)
  return sim as unknown as Simulation<M>
}

export interface NewShardOptions<M extends LiveModel = Swarm> {
  readonly model: NewModel<M>
  readonly agents: AgentsChoice
  readonly directory: RunDirectory
  readonly settings: ShardSettings
}

/** A new shard: everything it needs is on disk before its first tick. */
export function createShard<M extends LiveModel = Swarm>({ model, agents, directory, settings }: NewShardOptions<M>): Shard<M> {
  const { sim, requestHandler, sink } = model
  const outputs = sink.open(new LiveOutputs(directory))
  const ledger = openLedger(directory, agents)
  const shard = shardOf({ sim, requestHandler, directory, outputs, ledger, settings })
  shard.checkpoint()
  return shard
}

export interface RecoveryOptions {
  readonly scenario: Scenario
  readonly agents: AgentsChoice
  readonly directory: RunDirectory
  readonly settings: ShardSettings
}

export interface RecoveredShard<M extends LiveModel = Swarm> {
  readonly shard: Shard<M>
  /** Messages that were committed and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
  readonly notes: readonly string[]
}

/** Restores the spool of a shard that ended, up to its newest checkpoint, from its Parquet files. */
export async function restoreTables(directory: RunDirectory): Promise<void> {
  const { sink } = checkpointInfo(newestCheckpoint(directory.path).checkpoint.sim)
  await rebuildSpool(directory.path, (sink as ReturnType<LiveOutputs['position']>).tables)
}

/** Resumes the newest sound checkpoint, then replays every journalled tick after it and compares each digest. */
export function recoverShard<M extends LiveModel = Swarm>({
  scenario,
  agents,
  directory,
  settings,
}: RecoveryOptions): RecoveredShard<M> {
  const ledger = openLedger(directory, agents)
  const found = ledger.recover()
  const { checkpoint, passedOver } = newestCheckpoint(directory.path)
  requireTicks(directory.path, checkpoint.tick, { from: found.base.tick, to: found.lastTick })
  const outputs = new LiveOutputs(directory)
  const requestHandler = memoryRequestHandler()
  const sim = resume(scenario, checkpoint.sim, {
    source: noSource,
    requestHandler,
    sink: outputs,
  }) as unknown as Simulation<M>
  const shard = shardOf({
    sim,
    requestHandler,
    directory,
    outputs,
    ledger,
    settings,
    position: { ...checkpoint, fills: checkpoint.fills ?? ledger.fillsUntil(checkpoint.time) },
    record: recordAt(checkpoint),
  })
  shard.keep(
    checkpoint.step,
    keptCheckpoints(directory.path).map(({ tick, time, path }) => ({ tick, time, path })),
  )
  const replayed = replayJournal(shard)
  requireHalts(shard, found.halts.length)
  const notes = [...passedOver, `Gone on from step ${checkpoint.step}, with ${replayed} journalled ticks after it.`]
  return { shard, unannounced: found.unannounced, notes }
}

/** Replays the journal from the shard's position on; returns the number of ticks. */
function replayJournal(shard: Shard<LiveModel>): number {
  const { ledger, directory, sim, facts } = shard.components
  let replayed = 0
  for (const { tick, time, isStep, inputs, chain, record } of ledger.journal(shard.tick)) {
    shard.replayTick({ time, step: isStep, inputs: decodeEntry(inputs).inputs })
    replayed++
    assert(shard.tick === tick, `the journal's tick ${tick} is the shard's ${shard.tick}`)
    if (chain !== null && Buffer.compare(chain, sim.chainValue) !== 0) throw otherDecision(directory.path, tick)
    if (!sameLink(record, facts.recordHead?.link)) throw otherDecision(directory.path, tick)
  }
  return replayed
}

/** Whether a journalled link of the record is that of a tick decided again. */
export function sameLink(journalled: Uint8Array | null, link: Uint8Array | undefined): boolean {
  if (journalled === null || link === undefined) return journalled === null && link === undefined
  return Buffer.compare(journalled, link) === 0
}

interface ShardSources<M extends LiveModel> {
  readonly sim: Simulation<M>
  readonly requestHandler: RequestHandler
  readonly directory: RunDirectory
  readonly outputs: LiveOutputs
  readonly ledger: LiveLedger
  readonly settings: ShardSettings
  readonly position?: ShardPosition
  readonly record?: RowChain
}

function shardOf<M extends LiveModel>({
  sim,
  requestHandler,
  directory,
  outputs,
  ledger,
  settings,
  position,
  record,
}: ShardSources<M>): Shard<M> {
  const { monotonic, announcer, onCommitted, announces, journal } = settings
  const facts = new TickFacts(() => announces, record)
  collectFacts(sim, facts)
  sim.tap((topic, message) => outputs.add(topic, message))
  const answers = new Answers(sim, requestHandler)
  const archive = new JournalArchive(directory.path, ledger, journal)
  return new Shard({ sim, facts, answers, directory, ledger, archive, outputs, announcer, monotonic, onCommitted }, position)
}

/** Collects what the simulation publishes. Messages of agents that are suspended here, or were born elsewhere, are not sent again. */
export function collectFacts(sim: Simulation<LiveModel>, facts: TickFacts): void {
  const { population } = sim
  const suspended = suspendedIds(sim)
  sim.tap((topic, message, agent) => facts.add(topic, message, agent, agent <= population.born && !suspended.has(agent)))
}

function suspendedIds({ model, quarantined }: Simulation<LiveModel>): Set<number> {
  const lost = new Set(quarantined.filter(q => q.reason !== lostElsewhere).map(q => q.agent))
  return new Set(model.agents.where(a => a.idle && !lost.has(a.key)).map(a => a.id))
}

function openLedger(directory: RunDirectory, agents: AgentsChoice): LiveLedger {
  const trades = agents.isLocal({ type: 'Trading', ordinal: 0 })
  return LiveLedger.open(directory.file(trades ? 'trades.db' : 'journal.db'), directory.runId)
}

/** The halts in the ledger are the halts in force. */
function requireHalts(shard: Shard<LiveModel>, inLedger: number): void {
  const { model } = shard
  const inForce = model.locks.filter(lock => model.holds(lock)).length
  if (inForce !== inLedger) throw new BrokenInvariant(`the ledger has ${inLedger} halts in force, the model ${inForce}`)
}

function otherDecision(path: string, tick: number): OperatorError {
  return new OperatorError({
    what: `continuing ${path}`,
    expected: `the decisions of tick ${tick} as they were journalled`,
    got: 'others: this is another release, Node version or machine than the one that made them',
    next: 'Go on with the release and Node version that manifest.json names.',
  })
}
