/** One shard of a live run: the model, its journal and its ledger. A tick is run, committed, and only then sent to others. */

import type { LiveModel, Swarm } from '../../../agents/index.js'
import { assert, fault } from '../../../core/index.js'
import type { Simulation, TickInput } from '../../../model/index.js'
import type { CheckpointPlace, JournalArchive, LiveLedger, OutboxMessage, RunDirectory } from '../../../storage/index.js'
import type { Fill, Halt, Trade } from '../../../trading/index.js'
import type { Published } from '../peers/index.js'
import type { Answers } from './answers.js'
import { decodeInputs, encodeEntry, encodeInputs } from './journal-entry.js'
import { encodeLiveCheckpoint, type LiveCheckpoint } from './live-checkpoint.js'
import type { LiveOutputs } from './outputs.js'
import { tickDecisions } from './tick-decisions.js'
import type { TickFacts } from './tick-facts.js'

/** A tick to run. */
export interface LiveTick {
  readonly time: number
  readonly step: boolean
  readonly inputs: readonly TickInput[]
}

/** Sends messages to other processes. */
export interface Announcer {
  stamp(published: readonly Published[]): OutboxMessage[]
  send(messages: readonly OutboxMessage[]): void
}

export interface ShardComponents<M extends LiveModel = Swarm> {
  readonly sim: Simulation<M>
  readonly facts: TickFacts
  readonly answers: Answers
  readonly directory: RunDirectory
  readonly ledger: LiveLedger
  readonly archive: JournalArchive
  readonly outputs: LiveOutputs
  /** Called at every tick, because the connection is made after the shard. */
  readonly announcer: (() => Announcer | undefined) | undefined
  /** A clock for durations, ms. */
  readonly monotonic: () => number
  /** Called with every tick once it is on disk. */
  readonly onCommitted?: ((committed: Committed) => void) | undefined
}

/** A tick that is on disk. */
export interface Committed {
  readonly tick: number
  readonly time: number
  readonly step: number
  readonly fills: readonly Fill[]
  readonly trades: readonly Trade[]
  readonly halts: readonly Halt[]
  /** How long the commit and the whole tick took. */
  readonly commitMs: number
  readonly tickMs: number
}

/** A shard's position in its journal. */
export interface ShardPosition {
  readonly tick: number
  readonly time: number
  readonly closedUntil: number
  readonly trades: number
  readonly fills: number
}

export class Shard<M extends LiveModel = Swarm> {
  tick: number
  /** Time of the last tick. */
  time: number
  /** End of the last bar that was a step. */
  closedUntil: number
  /** Trades and fills in the ledger. */
  trades: number
  fills: number
  /** Of the last commit and the last whole tick, ms. */
  commitMs = 0
  tickMs = 0
  checkpointStep = -1
  private readonly kept: CheckpointPlace[] = []

  constructor(
    readonly components: ShardComponents<M>,
    position: ShardPosition = { tick: 0, time: 0, closedUntil: 0, trades: 0, fills: 0 },
  ) {
    this.tick = position.tick
    this.time = position.time
    this.closedUntil = position.closedUntil
    this.trades = position.trades
    this.fills = position.fills
  }

  get model(): M {
    return this.components.sim.model
  }

  /** Runs a tick: decides, commits everything in one transaction, then sends. Throws where the commit fails. */
  run({ time, step, inputs }: LiveTick, closedUntil = this.closedUntil): void {
    const { sim, facts, ledger, monotonic } = this.components
    const announcer = this.components.announcer?.()
    assert(time > this.time, `tick ${this.tick + 1} would be at ${time}, not after ${this.time}`)
    const started = monotonic()
    const bytes = encodeInputs(inputs)
    fault('live.taken')
    const decoded = decodeInputs(bytes)
    facts.begin(decoded)
    sim.tick({ time, step, inputs: decoded })
    fault('live.decided')
    const outbox = announcer?.stamp(facts.published) ?? []
    const decided = monotonic()
    ledger.commitTick({
      ...tickDecisions(this.tick + 1, sim.model, facts),
      time,
      isStep: step,
      inputs: encodeEntry(bytes, facts.facts),
      chain: sim.chainValue,
      outbox,
    })
    this.commitMs = monotonic() - decided
    this.advance(time, closedUntil)
    fault('live.committed')
    announcer?.send(outbox)
    fault('live.sent')
    if (outbox.length > 0) ledger.announced(ledger.lastOutboxId)
    this.tickMs = monotonic() - started
    const { fills, trades, halts } = facts
    const { tick, commitMs, tickMs } = this
    this.components.onCommitted?.({ tick, time, step: sim.model.steps, fills, trades, halts, commitMs, tickMs })
  }

  /** Runs a tick that the journal holds already: it decides again, and sends nothing. */
  replayTick({ time, step, inputs }: LiveTick): void {
    const { sim, facts, answers } = this.components
    answers.replayTick(inputs, time)
    facts.begin(inputs)
    sim.tick({ time, step, inputs })
    this.advance(time, step ? Math.max(this.closedUntil, time - (time % sim.model.barMs)) : this.closedUntil)
  }

  /** Saves everything that a restart needs; what the journal has from before the previous checkpoint may become a segment. */
  checkpoint(): void {
    const { directory, archive } = this.components
    const { tick, time } = this
    const step = this.model.steps
    const path = directory.saveCheckpoint(step, encodeLiveCheckpoint(this.state()))
    fault('live.checkpointed')
    // Two checkpoints of one step are one file.
    if (this.checkpointStep === step) this.kept.pop()
    this.checkpointStep = step
    this.kept.push({ tick, time, path })
    if (this.kept.length > 2) this.kept.shift()
    archive.checkpointed(this.kept)
    fault('live.retained')
  }

  /** After a restart: records the checkpoints that are on disk already. */
  keep(step: number, kept: readonly CheckpointPlace[]): void {
    this.checkpointStep = step
    this.kept.push(...kept)
    this.components.archive.checkpointed(this.kept)
  }

  private state(): LiveCheckpoint {
    const { sim, facts } = this.components
    const { tick, time, closedUntil, trades, fills } = this
    const [chain, record] = [sim.chainValue, facts.record.save()]
    return { tick, time, step: sim.model.steps, closedUntil, chain, trades, fills, record, sim: sim.save() }
  }

  close(): void {
    const { archive, outputs, ledger, directory } = this.components
    void archive.close().catch(() => undefined)
    for (const close of [() => outputs.close(), () => ledger.close(), () => directory.close()]) {
      try {
        close()
      } catch {
        // The first failure is reported already; the others are closed all the same.
      }
    }
  }

  private advance(time: number, closedUntil: number): void {
    this.tick++
    this.time = time
    this.closedUntil = closedUntil
    this.trades += this.components.facts.trades.length
    this.fills += this.components.facts.fills.length
  }
}
