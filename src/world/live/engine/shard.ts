/** One shard of a live run: the model, its journal and its ledger. A tick is run, committed, and only then sent to others. */

import type { Swarm } from '../../../agents/index.js'
import { assert, fault } from '../../../core/index.js'
import type { Simulation, TickInput } from '../../../model/index.js'
import type { LiveLedger, OutboxMessage, RunDirectory } from '../../../storage/index.js'
import { type Fill, type Halt, type PortfolioName, portfolioNames, type Trade } from '../../../trading/index.js'
import type { Published } from '../peers/index.js'
import type { Answers } from './answers.js'
import { changedPortfolio } from './changed-portfolio.js'
import { decodeInputs, encodeEntry, encodeInputs } from './journal-entry.js'
import { encodeLiveCheckpoint } from './live-checkpoint.js'
import type { LiveOutputs } from './outputs.js'
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

export interface ShardComponents {
  readonly sim: Simulation<Swarm>
  readonly facts: TickFacts
  readonly answers: Answers
  readonly directory: RunDirectory
  readonly ledger: LiveLedger
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
}

/** A checkpoint on disk, from which a replay may begin. */
export interface KeptCheckpoint {
  readonly tick: number
  readonly chain: Uint8Array
}

export class Shard {
  tick: number
  /** Time of the last tick. */
  time: number
  /** End of the last bar that was a step. */
  closedUntil: number
  trades: number
  /** Of the last commit and the last whole tick, ms. */
  commitMs = 0
  tickMs = 0
  checkpointStep = -1
  private readonly kept: KeptCheckpoint[] = []
  private portfoliosWritten = false

  constructor(
    readonly components: ShardComponents,
    position: ShardPosition = { tick: 0, time: 0, closedUntil: 0, trades: 0 },
  ) {
    this.tick = position.tick
    this.time = position.time
    this.closedUntil = position.closedUntil
    this.trades = position.trades
  }

  get model(): Swarm {
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
      tick: this.tick + 1,
      time,
      isStep: step,
      step: sim.model.steps,
      inputs: encodeEntry(bytes, facts.facts),
      chain: sim.chainValue,
      decisions: facts.decisions,
      record: facts.recordHead,
      fills: facts.fills,
      trades: facts.trades,
      portfolios: this.changedPortfolios(),
      halts: facts.halts,
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

  /** Saves everything that a restart needs, and drops the journal from before the previous checkpoint. */
  checkpoint(): void {
    const { sim, facts, directory, ledger } = this.components
    const { tick, time, closedUntil, trades } = this
    const step = sim.model.steps
    const chain = sim.chainValue
    directory.saveCheckpoint(
      step,
      encodeLiveCheckpoint({ tick, time, step, closedUntil, chain, trades, record: facts.record.save(), sim: sim.save() }),
    )
    fault('live.checkpointed')
    // Two checkpoints of one step are one file.
    if (this.checkpointStep === step) this.kept.pop()
    this.checkpointStep = step
    this.kept.push({ tick, chain })
    if (this.kept.length > 2) this.kept.shift()
    const [oldest] = this.kept
    if (this.kept.length === 2 && oldest !== undefined && oldest.tick > 0) ledger.retain(oldest)
    fault('live.retained')
  }

  /** After a restart: records the checkpoints that are on disk already. */
  keep(step: number, kept: readonly KeptCheckpoint[]): void {
    this.checkpointStep = step
    this.kept.push(...kept)
  }

  close(): void {
    const { outputs, ledger, directory } = this.components
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
  }

  /** The portfolios that moved; at first all of them. */
  private changedPortfolios() {
    const trader = this.model.traders.at(0)
    if (trader === undefined || trader.idle) return []
    const moved = new Set<PortfolioName>(this.components.facts.fills.map(fill => fill.portfolio))
    const names = this.portfoliosWritten ? portfolioNames.filter(name => moved.has(name)) : portfolioNames
    this.portfoliosWritten = true
    return names.map(name => changedPortfolio(trader.portfolios[name], this.model.now))
  }
}
