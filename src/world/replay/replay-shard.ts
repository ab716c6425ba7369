/** Replays one shard of a live run from its journal: without a network or a clock, as fast as the machine allows. */

import { existsSync } from 'node:fs'
import type { Swarm } from '../../agents/index.js'
import { toHex } from '../../core/index.js'
import { type RequestHandler, resume, type Simulation } from '../../model/index.js'
import { type JournalTick, type Manifest, openReadOnly, type RowChain, RunDirectory, readJournal } from '../../storage/index.js'
import { SystemControl, type Trade } from '../../trading/index.js'
import {
  collectFacts,
  decodeEntry,
  type JournalEntry,
  keptCheckpoints,
  noSource,
  oldestCheckpoint,
  recordAt,
  requireTicks,
  sameLink,
  swarmOfManifest,
  TickFacts,
} from '../live/engine/index.js'
import type { GivenScenario } from '../run-request.js'
import { HashSink } from './hash-sink.js'
import { recordedTicks, recordedTrades, tradeDifference } from './recorded-trades.js'

/** The first place at which a replay decided otherwise than the run. */
export interface Difference {
  readonly part: string
  /** Null: all ticks agree, but the final tables or digest do not. */
  readonly tick: number | null
  /** The agent's key, where one agent is the cause. */
  readonly agent: string | null
  readonly what: string
}

export interface ReplayedShard {
  readonly path: string
  readonly manifest: Manifest
  readonly sim: Simulation<Swarm>
  readonly outputs: Record<string, string>
  /** Number of ticks of the run, and of those replayed: older ones were dropped with their checkpoints. */
  readonly ticks: number
  readonly replayed: number
  readonly facts: number
  readonly ideas: number
  readonly trades: number
  readonly halts: number
  readonly digest: string
  readonly difference: Difference | undefined
}

/** Answers come from the journal; no request is answered again. */
const noAnswers: RequestHandler = { answer: () => undefined, save: () => null, restore: () => undefined }

export async function replayShard(path: string, given?: GivenScenario): Promise<ReplayedShard> {
  const directory = RunDirectory.read(path)
  const { manifest } = directory
  const { scenario } = await swarmOfManifest(manifest, given)
  const ledger = ledgerOf(directory)
  const from = oldestCheckpoint(directory.path)
  for (const { tick } of keptCheckpoints(directory.path)) requireTicks(directory.path, tick, recordedTicks(ledger))
  const sink = new HashSink()
  const sim = resume(scenario, from.sim, { source: noSource, requestHandler: noAnswers, sink }) as unknown as Simulation<Swarm>
  const comparison = new Comparison(path, sim, recordAt(from))
  let tick = from.tick
  const db = openReadOnly(ledger)
  try {
    for (const row of readJournal({ db, path: ledger }, from.tick)) {
      tick = row.tick
      const entry = decodeEntry(row.inputs)
      comparison.tick(row.tick, { time: row.time, step: row.isStep, inputs: entry.inputs }, entry, row)
      if (comparison.difference !== undefined) break
    }
  } finally {
    db.close()
  }
  const replayed = tick - from.tick
  const digest = sim.digest
  if (comparison.difference === undefined) comparison.compareTrades(ledger, from.trades)
  sim.flush()
  const outputs = sink.outputs()
  if (comparison.difference === undefined) comparison.compareEnd(manifest, digest, outputs)
  const { facts, ideas, trades, halts, difference } = comparison
  return { path, manifest, sim, outputs, ticks: tick, replayed, facts, ideas, trades: trades.length, halts, digest, difference }
}

/** Runs the journalled ticks, and compares what each decides with what the journal holds. */
class Comparison {
  facts = 0
  ideas = 0
  halts = 0
  readonly trades: Trade[] = []
  difference: Difference | undefined
  private readonly collected: TickFacts

  constructor(
    private readonly path: string,
    private readonly sim: Simulation<Swarm>,
    record: RowChain,
  ) {
    this.collected = new TickFacts(() => false, record)
    collectFacts(sim, this.collected)
  }

  tick(n: number, given: Parameters<Simulation['tick']>[0], entry: JournalEntry, { chain, record }: JournalTick): void {
    const { sim, collected } = this
    collected.clear()
    sim.tick(given)
    this.facts += collected.facts.length
    for (const [topic] of collected.facts) {
      if (topic.endsWith('-trade-ideas')) this.ideas++
      if (topic === SystemControl.name) this.halts++
    }
    this.trades.push(...collected.trades)
    this.compareFacts(n, entry)
    if (this.difference === undefined && chain !== null && Buffer.compare(chain, sim.chainValue) !== 0) {
      this.differs(n, null, `the digest was ${toHex(chain).slice(0, 16)}…, is ${toHex(sim.chainValue).slice(0, 16)}…`)
    }
    if (this.difference === undefined && !sameLink(record, collected.recordHead?.link)) {
      this.differs(n, null, 'the decision record differs')
    }
  }

  compareTrades(ledger: string, skip: number): void {
    const recorded = recordedTrades(ledger, skip)
    for (let i = 0; i < Math.max(recorded.length, this.trades.length); i++) {
      const what = tradeDifference(recorded[i], this.trades[i])
      if (what !== undefined) return this.differs(null, this.trades[i]?.agent ?? recorded[i]?.agent_id ?? null, what)
    }
  }

  /** A run that was killed has no final digest; all its ticks have been compared. */
  compareEnd(manifest: Manifest, digest: string, outputs: Record<string, string>): void {
    if (manifest.digest === null || manifest.status === 'running' || manifest.status === 'failed') return
    if (manifest.digest !== digest) return this.differs(null, null, `the digest was ${manifest.digest}, is ${digest}`)
    for (const [table, hash] of Object.entries(manifest.outputs)) {
      if (outputs[table] !== hash) return this.differs(null, null, `table ${table} differs`)
    }
  }

  private compareFacts(n: number, { facts }: JournalEntry): void {
    const now = this.collected.facts
    for (let i = 0; i < Math.max(facts.length, now.length); i++) {
      const was = facts[i]
      const is = now[i]
      if (was !== undefined && is !== undefined && was.every((value, k) => value === is[k])) continue
      const agent = this.keyOf(is?.[1] ?? was?.[1] ?? 0)
      const what = is === undefined ? `${was?.[0]} is missing` : was === undefined ? `${is[0]} is new` : `${is[0]} differs`
      return this.differs(n, agent, what)
    }
  }

  private keyOf(id: number): string | null {
    return this.sim.population.byId(id)?.key ?? null
  }

  private differs(tick: number | null, agent: string | null, what: string): void {
    this.difference = { part: this.path, tick, agent, what }
  }
}

function ledgerOf(directory: RunDirectory): string {
  const trades = directory.file('trades.db')
  return existsSync(trades) ? trades : directory.file('journal.db')
}
