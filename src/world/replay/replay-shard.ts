/** Replays one shard of a live run from its journal, span by span, and compares the whole with the ledger's tables and the manifest. */

import { existsSync } from 'node:fs'
import { compareWhole, journalFolder, type Manifest, openReadOnly, RunDirectory } from '../../storage/index.js'
import { keptCheckpoints, type PlacedCheckpoint } from '../live/engine/index.js'
import type { GivenScenario } from '../run-request.js'
import { type Difference, type KnownTick, ofRow, type ReplayedSpan, type RunEndState, type SpanTask } from './replay-span.js'
import { runSpans } from './run-spans.js'
import { type LedgerDb, planSpans, type ReplayFrom, type Span, type SpanPlan, spansFrom } from './spans.js'

export interface ReplayedShard {
  readonly path: string
  readonly manifest: Manifest
  /** Number of ticks of the run, and of those replayed. */
  readonly ticks: number
  readonly replayed: number
  /** The tick after which the replay began. */
  readonly from: number
  readonly facts: number
  readonly ideas: number
  readonly trades: number
  readonly halts: number
  readonly differences: readonly Difference[]
  readonly end: RunEndState
}

export interface ShardRequest {
  readonly scenario?: GivenScenario
  readonly from?: ReplayFrom | undefined
  /** Threads; undefined: as many as the machine has, where that saves time. */
  readonly cores?: number | undefined
  readonly onTicks: (ticks: number, of: number) => void
}

/** Differences that are listed of one shard. */
const listed = 50

export async function replayShard(path: string, request: ShardRequest): Promise<ReplayedShard> {
  const directory = RunDirectory.read(path)
  const ledger = ledgerOf(directory)
  const kept = keptCheckpoints(directory.path)
  const db = openReadOnly(ledger)
  try {
    // One look at the ledger: a run that is under way goes on meanwhile.
    db.exec('BEGIN')
    return await replayed({ directory, ledger, kept, db }, request)
  } finally {
    db.close()
  }
}

/** A shard's files, of which a run that goes on removes some: checkpoints that were read, and one look at the ledger. */
interface ShardFiles {
  readonly directory: RunDirectory
  readonly ledger: string
  readonly kept: readonly PlacedCheckpoint[]
  readonly db: LedgerDb
}

async function replayed(files: ShardFiles, request: ShardRequest): Promise<ReplayedShard> {
  const { directory, kept, db } = files
  const { manifest, path } = directory
  const plan = planSpans(path, kept, db)
  const chosen = request.from === undefined ? plan.spans : spansFrom(plan.spans, request.from)
  const all = await runSpans(tasksOf(files, plan, chosen), manifest, db, {
    ...request,
    onTicks: ticks => request.onTicks(ticks, plan.ticks - (chosen[0]?.start.tick ?? plan.ticks)),
  })
  // What the run dropped meanwhile, and all before it, is no part of what is proven.
  const spans = all.slice(all.findLastIndex(({ isGone }) => isGone === true) + 1)
  const sum = (of: (span: ReplayedSpan) => number) => spans.reduce((total, span) => total + of(span), 0)
  const from = spans[0]?.from ?? plan.ticks
  const end = spans.at(-1)?.end ?? (await endOf(files, request))
  const differences = [
    ...plan.gaps.map(what => ofWhole(path, what)),
    ...all.flatMap(span => span.differences),
    ...compareJoints(path, spans),
  ]
  // A replay that stopped at a tick says nothing of the end.
  if (differences.every(({ row }) => row !== null)) differences.push(...compareEnd(path, manifest, plan, end))
  if (differences.every(({ row }) => row !== null)) {
    const isOfNow = existsSync(journalFolder(path))
    const found = compareWhole(db, spans, { isWhole: from === 0, isOfNow })
    differences.push(...found.map(row => ofRow(path, row)))
  }
  return {
    path,
    manifest,
    ticks: plan.ticks,
    replayed: sum(span => span.ticks),
    from,
    facts: sum(span => span.facts),
    ideas: sum(span => span.ideas),
    trades: sum(span => span.trades),
    halts: sum(span => span.halts),
    differences: differences.slice(0, listed),
    end,
  }
}

function tasksOf({ directory, ledger, db }: ShardFiles, plan: SpanPlan, spans: readonly Span[]): SpanTask[] {
  const { manifest, path, runId } = directory
  const patternsFile = directory.file('mycelial_patterns.db')
  const patterns = hasEnded(manifest) && reachesEnd(manifest, plan) && existsSync(patternsFile) ? patternsFile : undefined
  const known = [...baseOf(db), ...headOf(manifest)]
  return spans.map((span, i) => ({ part: path, ledger, patterns, runId, span, known, isLast: i === spans.length - 1 }))
}

function baseOf(db: LedgerDb): KnownTick[] {
  const rows = db.prepare('SELECT tick, hash, chain FROM journal_base').all() as Pick<KnownTick, 'tick' | 'hash' | 'chain'>[]
  return rows.map(row => ({ ...row, by: 'journal_base' }))
}

function headOf({ journal }: Manifest): KnownTick[] {
  return journal === undefined ? [] : [{ tick: journal.ticks, hash: Buffer.from(journal.head, 'hex'), by: 'manifest.json' }]
}

/** Each span begins with the hash that the one before it ended with. */
function compareJoints(path: string, spans: readonly ReplayedSpan[]): Difference[] {
  return spans.flatMap((span, i) => {
    const before = spans[i - 1]
    if (before === undefined || before.differences.length > 0 || span.before === '') return []
    if (before.from + before.ticks !== span.from || before.hash === span.before) return []
    return [{ ...ofWhole(path, 'the journal after it does not follow from it'), tick: span.from }]
  })
}

/** A run that was killed has no final digest; all its ticks have been compared. */
function compareEnd(path: string, manifest: Manifest, plan: SpanPlan, end: RunEndState): Difference[] {
  const { journal, digest, outputs } = manifest
  if (journal !== undefined && journal.ticks > plan.ticks)
    return [ofWhole(path, `the journal ends at tick ${plan.ticks}, manifest.json names tick ${journal.ticks}`)]
  if (digest === null || !hasEnded(manifest) || !reachesEnd(manifest, plan)) return []
  if (digest !== end.digest) return [ofWhole(path, `the digest was ${digest}, is ${end.digest}`)]
  const other = Object.entries(outputs).find(([table, hash]) => end.outputs[table] !== hash)
  return other === undefined ? [] : [ofWhole(path, `table ${other[0]} differs`)]
}

function hasEnded({ status }: Manifest): boolean {
  return status !== 'running' && status !== 'failed'
}

/** False where the run was continued after the end that its manifest tells of. */
function reachesEnd({ journal }: Manifest, { ticks }: SpanPlan): boolean {
  return journal === undefined || journal.ticks === ticks
}

/** How the run stands where nothing could be replayed: as its newest checkpoint says. */
async function endOf({ directory, ledger, kept, db }: ShardFiles, request: ShardRequest): Promise<RunEndState> {
  const { path, runId, manifest } = directory
  const newest = kept.at(-1) ?? { ...directory.loadCheckpoint(), tick: 0 }
  const start = { path: newest.path, bytes: newest.bytes, tick: newest.tick, isCompressed: false }
  const span = { start, sources: [], end: null }
  const task = { part: path, ledger, patterns: undefined, runId, span, known: [], isLast: true }
  const [replayed] = await runSpans([task], manifest, db, { ...request, cores: 1, onTicks: () => undefined })
  return replayed?.end as RunEndState
}

function ofWhole(part: string, what: string): Difference {
  return { part, tick: null, agent: null, what, row: null }
}

function ledgerOf(directory: RunDirectory): string {
  const trades = directory.file('trades.db')
  return existsSync(trades) ? trades : directory.file('journal.db')
}
