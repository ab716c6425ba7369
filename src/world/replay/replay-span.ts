/** Replays one span of a live run: without a network or a clock, as fast as the machine allows, and compares all that it decided. */

import { type LiveModel, memoryRequestHandler, NetSignals } from '../../agents/index.js'
import { encodeValue, toHex } from '../../core/index.js'
import { checkpointInfo, type RequestHandler, resume, type Scenario, type Simulation } from '../../model/index.js'
import {
  CorruptFile,
  compareGrown,
  grownPatterns,
  grownTables,
  type HashedTick,
  isMissing,
  type KeyRange,
  LedgerMirror,
  openReadOnly,
  type RowDifference,
  type SpanTables,
  stateRows,
  stateTables,
} from '../../storage/index.js'
import { PatternLog, type PatternRow, SystemControl } from '../../trading/index.js'
import {
  Answers,
  allPortfolios,
  collectFacts,
  decodeEntry,
  type JournalEntry,
  type LiveCheckpoint,
  noSource,
  recordAt,
  sameLink,
  TickFacts,
  tickDecisions,
} from '../live/engine/index.js'
import { HashSink } from './hash-sink.js'
import { ticksOf } from './span-ticks.js'
import { type LedgerDb, type Span, stateAt } from './spans.js'

/** A place at which a replay decided otherwise than the run. */
export interface Difference {
  readonly part: string
  /** Null: all ticks agree, but a table, a checkpoint or the digest does not. */
  readonly tick: number | null
  /** The agent's key, where one agent is the cause. */
  readonly agent: string | null
  readonly what: string
  /** The row of the ledger's tables that is another one; null: it is none. */
  readonly row: { readonly table: string; readonly id: string; readonly column: string | null } | null
}

/** What is known of some ticks besides the journal's rows. */
export interface KnownTick {
  readonly tick: number
  readonly hash: Uint8Array
  /** Undefined: not known. */
  readonly chain?: Uint8Array | null
  /** Who says so, for a message. */
  readonly by: string
}

/** A span to replay, as plain data. */
export interface SpanTask {
  /** The directory of the run, or of its shard. */
  readonly part: string
  readonly ledger: string
  /** The database of patterns; undefined: the run has not ended, and it may lack rows. */
  readonly patterns: string | undefined
  readonly runId: string
  readonly span: Span
  readonly known: readonly KnownTick[]
  /** Whether the run ends with it. */
  readonly isLast: boolean
}

/** What the end of the run is, for the result. */
export interface RunEndState {
  readonly steps: number
  readonly summary: Record<string, unknown>
  readonly counts: Record<string, number>
  readonly digest: string
  readonly outputs: Record<string, string>
  /** Whether the trading agent is here. */
  readonly trades: boolean
}

/** A replayed span, as plain data. */
export interface ReplayedSpan extends SpanTables {
  /** The tick after which it began. */
  readonly from: number
  readonly ticks: number
  readonly facts: number
  readonly ideas: number
  readonly trades: number
  readonly halts: number
  readonly differences: readonly Difference[]
  /** Hashes before its first tick and of its last one. */
  readonly before: string
  readonly hash: string
  readonly end: RunEndState | undefined
  /** Its files were removed before it was read: a run that goes on drops its oldest. */
  readonly isGone?: boolean
}

/** Differences that are listed of one span. */
export const differencesListed = 20
const ticksBetweenReports = 256

/** @internal Replays a span on the open ledger. */
export function replaySpan(task: SpanTask, scenario: Scenario, db: LedgerDb, onTicks: (ticks: number) => void): ReplayedSpan {
  try {
    return new SpanReplay(task, scenario, db).replayed(onTicks)
  } catch (error) {
    if (isMissing(error)) return { ...nothingOf(task), isGone: true }
    if (!(error instanceof CorruptFile)) throw error
    // Its files are not those that were written.
    return nothingOf(task, [{ part: task.part, tick: null, agent: null, what: error.message, row: null }])
  }
}

function nothingOf({ span }: SpanTask, differences: readonly Difference[] = []): ReplayedSpan {
  const counts = { ticks: 0, facts: 0, ideas: 0, trades: 0, halts: 0 }
  const tables = { ranges: {}, rowsBefore: {}, states: {}, changed: [] }
  return { from: span.start.tick, time: 0, ...counts, differences, before: '', hash: '', ...tables, end: undefined }
}

class SpanReplay {
  private readonly differences: Difference[] = []
  private readonly state: LiveCheckpoint
  private readonly requestHandler: RequestHandler = memoryRequestHandler()
  private readonly sim: Simulation<LiveModel>
  private readonly sink: HashSink
  private readonly mirror: LedgerMirror
  private readonly collected: TickFacts
  private readonly ranges: Record<string, KeyRange> = {}
  private before: Uint8Array | undefined
  private hash: Uint8Array | undefined
  private ticks = 0
  private time: number
  private facts = 0
  private ideas = 0
  private trades = 0
  private halts = 0

  constructor(
    private readonly task: SpanTask,
    scenario: Scenario,
    private readonly db: LedgerDb,
  ) {
    const state = stateAt(task.span.start)
    this.state = { fills: fillsUntil(db, state.time), ...state }
    this.time = state.time
    this.sink = new HashSink(() => this.mirror.counts.patterns)
    const { requestHandler, sink } = this
    this.sim = resume(scenario, state.sim, { source: noSource, requestHandler, sink }) as unknown as Simulation<LiveModel>
    const { trades, fills = 0 } = this.state
    const at = { trades, fills, patterns: this.sink.patternsBefore }
    this.mirror = new LedgerMirror(task.runId, at, state.tick === 0 ? [] : allPortfolios(this.sim.model))
    this.collected = new TickFacts(() => false, recordAt(state))
    collectFacts(this.sim, this.collected)
    this.sim.tap((topic, message) => {
      const named: unknown = topic
      if (named === PatternLog) this.mirror.pattern(message as PatternRow)
    })
  }

  replayed(onTicks: (ticks: number) => void): ReplayedSpan {
    try {
      this.run(onTicks)
      if (!this.differed) this.compareTables()
      return this.result()
    } finally {
      this.mirror.close()
    }
  }

  private get differed(): boolean {
    return this.differences.length > 0
  }

  private run(onTicks: (ticks: number) => void): void {
    const answers = new Answers(this.sim, this.requestHandler)
    let reported = 0
    for (const source of this.task.span.sources) {
      const { before, ticks } = ticksOf(source, { db: this.db, path: this.task.ledger })
      this.joins(source.from, before)
      for (const tick of ticks) {
        this.tick(tick, answers)
        if (this.differed) return
        if (this.ticks - reported < ticksBetweenReports) continue
        onTicks(this.ticks - reported)
        reported = this.ticks
      }
      if (this.state.tick + this.ticks !== source.to) return this.differs(source.to, null, 'the journal ends before it')
    }
    onTicks(this.ticks - reported)
    this.compareState()
  }

  private compareTables(): void {
    for (const table of grownTables) {
      const { range, differences } = compareGrown(this.mirror.trades, this.db, table, differencesListed)
      if (range !== undefined) this.ranges[table.table] = range
      this.rows(differences)
    }
    if (this.task.patterns === undefined) return
    const patterns = openReadOnly(this.task.patterns)
    try {
      const { range, differences } = compareGrown(this.mirror.patterns, patterns, grownPatterns, differencesListed)
      if (range !== undefined) this.ranges[grownPatterns.table] = range
      this.rows(differences)
    } finally {
      patterns.close()
    }
  }

  private result(): ReplayedSpan {
    const { state, ticks, facts, ideas, trades, halts, differences, before, hash, ranges, mirror } = this
    const { trades: tradesBefore, fills = 0, record } = state
    return {
      from: state.tick,
      time: state.time,
      ticks,
      facts,
      ideas,
      trades,
      halts,
      differences,
      before: toHex(before ?? new Uint8Array(0)),
      hash: toHex(hash ?? new Uint8Array(0)),
      ranges,
      rowsBefore: {
        trades: tradesBefore,
        fills,
        decisions: record?.rows ?? 0,
        decision_links: state.tick,
        patterns: this.sink.patternsBefore,
      },
      states: Object.fromEntries(stateTables.map(table => [table.table, stateRows(mirror.trades, table)])),
      changed: [...mirror.changed],
      end: this.task.isLast ? this.end() : undefined,
    }
  }

  private differs(tick: number | null, agent: string | null, what: string): void {
    this.differences.push({ part: this.task.part, tick, agent, what, row: null })
  }

  /** Reads the digest before the tables are flushed, as the run does. */
  private end(): RunEndState {
    const { sim, sink } = this
    const { digest } = sim
    sim.flush()
    return {
      steps: sim.model.steps,
      summary: sim.model.summary() as Record<string, unknown>,
      counts: sim.population.counts() as Record<string, number>,
      digest,
      outputs: sink.outputs(),
      trades: sim.model.portfolios.length > 0,
    }
  }

  /** A source begins with the hash that the one before it ended with. */
  private joins(tick: number, before: Uint8Array): void {
    if (this.hash !== undefined && Buffer.compare(this.hash, before) !== 0)
      this.differs(tick, null, 'the journal after it does not follow from it')
    this.before ??= before
    this.knows(tick, before, tick === this.state.tick ? this.state.chain : undefined)
  }

  private tick(row: HashedTick, answers: Answers): void {
    const { sim, collected } = this
    const entry = decodeEntry(row.inputs)
    answers.replayTick(entry.inputs, row.time)
    collected.begin(entry.inputs)
    sim.tick({ time: row.time, step: row.isStep, inputs: entry.inputs })
    this.mirror.decided(tickDecisions(row.tick, sim.model, collected))
    this.ticks++
    this.time = row.time
    this.hash = row.hash
    this.count()
    this.compareTick(row, entry)
    if (!this.differed) this.knows(row.tick, row.hash, row.chain)
  }

  private count(): void {
    const { facts, trades } = this.collected
    this.facts += facts.length
    this.trades += trades.length
    for (const [topic] of facts) {
      if (topic.endsWith('-trade-ideas') || topic === NetSignals.name) this.ideas++
      if (topic === SystemControl.name) this.halts++
    }
  }

  private compareTick({ tick, chain, record }: HashedTick, entry: JournalEntry): void {
    const { sim, collected } = this
    this.compareFacts(tick, entry)
    if (!this.differed && chain !== null && Buffer.compare(chain, sim.chainValue) !== 0) {
      this.differs(tick, null, `the digest was ${toHex(chain).slice(0, 16)}…, is ${toHex(sim.chainValue).slice(0, 16)}…`)
    }
    if (!this.differed && !sameLink(record, collected.recordHead?.link)) this.differs(tick, null, 'the decision record differs')
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

  private knows(tick: number, hash: Uint8Array, chain: Uint8Array | null | undefined): void {
    for (const known of this.task.known) {
      if (known.tick !== tick) continue
      if (Buffer.compare(known.hash, hash) !== 0)
        this.differs(tick, null, `the journal up to it is not the one that ${known.by} names`)
      else if (known.chain !== undefined && chain !== undefined && !sameLink(known.chain, chain ?? undefined))
        this.differs(tick, null, `the digest after it is not the one that ${known.by} names`)
    }
  }

  /** The state at the end of the span is, byte for byte, the checkpoint that the run made there. */
  private compareState(): void {
    const { end } = this.task.span
    if (end === null) return
    for (const place of end.twin === undefined ? [end] : [end, end.twin]) {
      const kept = stateAt(place)
      const other = firstOther(this.stateNow(kept), kept)
      if (other === undefined) continue
      this.differs(place.tick, null, `the state after it is not that of ${place.path}: its ${other} differs`)
    }
  }

  /** As the run saves it; what a checkpoint of an earlier release lacks is left out. */
  private stateNow({ closedUntil, fills, record }: LiveCheckpoint): LiveCheckpoint {
    const { sim, collected, time } = this
    const counts = this.mirror.counts
    return {
      tick: this.state.tick + this.ticks,
      time,
      step: sim.model.steps,
      closedUntil,
      chain: sim.chainValue,
      trades: counts.trades,
      ...(fills === undefined ? {} : { fills: counts.fills }),
      ...(record === undefined ? {} : { record: collected.record.save() }),
      sim: sim.save(),
    }
  }

  private rows(differences: readonly RowDifference[]): void {
    this.differences.push(...differences.map(found => ofRow(this.task.part, found)))
  }

  private keyOf(id: number): string | null {
    return this.sim.population.byId(id)?.key ?? null
  }
}

/** A row that differs, as a difference of the run. */
export function ofRow(part: string, { table, row, column, agent, what }: RowDifference): Difference {
  return { part, tick: null, agent, what, row: { table, id: row, column } }
}

/** The first part of a checkpoint that differs. */
function firstOther(made: LiveCheckpoint, kept: LiveCheckpoint): string | undefined {
  const [is, was] = [partsOf(made), partsOf(kept)]
  return Object.keys(is).find(name => Buffer.compare(encodeValue(is[name]), encodeValue(was[name])) !== 0)
}

/** Without the rows that wait for their file: a checkpoint has none, only empty columns, whose kind depends on what they once held. */
function partsOf({ sim, ...position }: LiveCheckpoint): Record<string, unknown> {
  const { rows: _, ...saved } = checkpointInfo(sim) as Record<string, unknown> & { rows?: unknown }
  return { ...position, ...saved }
}

/** For checkpoints of earlier releases, which do not say it. */
function fillsUntil(db: LedgerDb, time: number): number {
  return Number(db.prepare('SELECT count(*) FROM fills WHERE time_ms <= ?').pluck().get(time))
}
