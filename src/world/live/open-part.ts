/** A part from its plan or from its directory: made anew with its first checkpoint, or brought back to its last journalled tick. */

import { enterMarket, lostElsewhere, memoryAnswerer, type Swarm, shareAgents } from '../../agents/index.js'
import { assert, BrokenInvariant, OperatorError } from '../../core/index.js'
import {
  type Answerer,
  checkpointInfo,
  resume,
  type Scenario,
  type Simulation,
  type Sink,
  type Source,
  simulate,
} from '../../model/index.js'
import { LiveLedger, type RunDirectory, rebuildSpool, type StoredMessage } from '../../storage/index.js'
import { haltsInForce } from '../../trading/index.js'
import { LateSink } from '../late-sink.js'
import { type AgentsChoice, chooseAgents } from './agents-choice.js'
import { Answers } from './answers.js'
import { decodeEntry } from './journal-entry.js'
import { keptCheckpoints, newestCheckpoint, requireTicks } from './live-checkpoint.js'
import { LiveOutputs } from './outputs.js'
import { type Announcer, type Committed, LivePart } from './part.js'
import type { LivePlan } from './plan.js'
import { TickFacts } from './tick-facts.js'

/** A live model has no source of its own: its inputs are handed in. */
export const noSource: Source = {
  next: () => undefined,
  save: () => null,
  restore: () => undefined,
  describe: () => ({}),
}

export interface OpenOptions {
  readonly monotonic: () => number
  /** The way out; undefined: nobody else listens. */
  readonly announcer?: (() => Announcer | undefined) | undefined
  readonly onCommitted?: ((committed: Committed) => void) | undefined
  /** Publishing into the void is not worth its bytes. */
  readonly announces: boolean
}

/** The model at tick 0: new, or experienced and re-based. Also where a replay of the first tick begins. */
export function firstModel(
  plan: Pick<LivePlan, 'scenario' | 'seed' | 'params' | 'experience' | 'inputDigests' | 'agents'>,
  { answerer, sink, now }: { answerer: Answerer; sink?: Sink; now: number },
): Simulation<Swarm> {
  const { scenario, seed, params, experience, inputDigests, agents } = plan
  const common = { source: noSource, answer: answerer, ...(sink && { sink }) }
  const sim = (experience === undefined
    ? simulate(scenario, { ...common, seed, params, inputDigests })
    : resume(scenario, experience, common)) as unknown as Simulation<Swarm>
  if (experience !== undefined) enterMarket(sim.model, now)
  if (agents.text !== undefined) shareAgents(sim.model, agents.isLocal)
  return sim
}

/** A model that stands, and nothing of it on disk yet: one that refuses its parameters leaves nothing behind. */
export interface NewModel {
  readonly sim: Simulation<Swarm>
  readonly answerer: Answerer
  readonly sink: LateSink<LiveOutputs>
}

export function newModel(plan: LivePlan): NewModel {
  const answerer = memoryAnswerer()
  const sink = new LateSink<LiveOutputs>()
  return { sim: firstModel(plan, { answerer, sink, now: 0 }), answerer, sink }
}

/** A new part: everything it needs is on disk before its first tick. */
export function beginPart(
  { sim, answerer, sink }: NewModel,
  { agents }: Pick<LivePlan, 'agents'>,
  directory: RunDirectory,
  options: OpenOptions,
): LivePart {
  const outputs = sink.open(new LiveOutputs(directory))
  const ledger = openLedger(directory, agents)
  const part = partOf(sim, answerer, { directory, outputs, ledger, options })
  part.checkpoint()
  return part
}

export interface RecoveredPart {
  readonly part: LivePart
  /** Committed, and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
  readonly notes: readonly string[]
}

/** A part that came to an end has no spool: the rows up to its newest checkpoint come back from its Parquet files. */
export async function restoreTables(directory: RunDirectory): Promise<void> {
  const { sink } = checkpointInfo(newestCheckpoint(directory.path).checkpoint.sim)
  await rebuildSpool(directory.path, (sink as ReturnType<LiveOutputs['position']>).tables)
}

/** Restart is resume: the newest sound checkpoint, then every journalled tick after it, each with the digest it had. */
export function recoverPart(scenario: Scenario, directory: RunDirectory, options: OpenOptions): RecoveredPart {
  const agents = chooseAgents(directory.manifest.request?.agents as string | undefined)
  const ledger = openLedger(directory, agents)
  const found = ledger.recover()
  const { checkpoint, passedOver } = newestCheckpoint(directory.path)
  requireTicks(directory.path, checkpoint.tick, { from: found.base.tick, to: found.lastTick })
  const outputs = new LiveOutputs(directory)
  const answerer = memoryAnswerer()
  const sim = resume(scenario, checkpoint.sim, { source: noSource, answer: answerer, sink: outputs })
  const part = partOf(sim as unknown as Simulation<Swarm>, answerer, { directory, outputs, ledger, options }, checkpoint)
  part.keep(checkpoint.step, keptCheckpoints(directory.path))
  let relived = 0
  for (const { tick, time, isStep, inputs, chain } of ledger.journal(checkpoint.tick)) {
    part.relive({ time, step: isStep, inputs: decodeEntry(inputs).inputs })
    relived++
    assert(part.tick === tick, `the journal's tick ${tick} is the part's ${part.tick}`)
    if (chain !== null && Buffer.compare(chain, part.parts.sim.chainValue) !== 0) throw otherDecision(directory.path, tick)
  }
  sameHalts(part, found.halts.length)
  const notes = [...passedOver, `Gone on from step ${checkpoint.step}, with ${relived} journalled ticks after it.`]
  return { part, unannounced: found.unannounced, notes }
}

function partOf(
  sim: Simulation<Swarm>,
  answerer: Answerer,
  {
    directory,
    outputs,
    ledger,
    options,
  }: { directory: RunDirectory; outputs: LiveOutputs; ledger: LiveLedger; options: OpenOptions },
  position?: ConstructorParameters<typeof LivePart>[1],
): LivePart {
  const facts = new TickFacts(() => options.announces)
  hearTick(sim, facts)
  sim.tap((topic, message) => outputs.hear(topic, message))
  const answers = new Answers(sim, answerer)
  const { monotonic, announcer, onCommitted } = options
  return new LivePart({ sim, facts, answers, directory, ledger, outputs, announcer, monotonic, onCommitted }, position)
}

/** What agents that rest here, or were born elsewhere, publish is another process's: heard, and not said again. */
export function hearTick(sim: Simulation<Swarm>, facts: TickFacts): void {
  const { kernel } = sim.model
  const rests = restingIds(sim.model)
  sim.tap((topic, message, agent) => facts.hear(topic, message, agent, agent < kernel.nextId && !rests.has(agent)))
}

function restingIds(model: Swarm): Set<number> {
  const lost = new Set(model.kernel.quarantined.filter(q => q.reason !== lostElsewhere).map(q => q.agent))
  return new Set(model.agents.where(a => a.idle && !lost.has(a.key)).map(a => a.id))
}

function openLedger(directory: RunDirectory, agents: AgentsChoice): LiveLedger {
  const trades = agents.isLocal({ type: 'Trading', ordinal: 0 })
  return LiveLedger.open(directory.file(trades ? 'trades.db' : 'journal.db'), directory.runId)
}

/** R1: what the ledger says is halted, is. */
function sameHalts(part: LivePart, inLedger: number): void {
  const { risk } = part.model
  if (risk === undefined || part.model.guardians.at(0)?.idle === true) return
  const inForce = haltsInForce(risk).length
  if (inForce !== inLedger) throw new BrokenInvariant(`the ledger has ${inLedger} halts in force, the guardian ${inForce}`)
}

function otherDecision(path: string, tick: number): OperatorError {
  return new OperatorError({
    what: `going on with ${path}`,
    expected: `the decisions of tick ${tick} as they were journalled`,
    got: 'others: this is another release, Node version or machine than the one that made them',
    next: 'Go on with the release and Node version that manifest.json names.',
  })
}
