/** Cuts the journal of a shard into spans that can be replayed by themselves: each begins at a checkpoint and ends at the next. */

import { isMissing, journalFolder, type openReadOnly, readState, segmentsIn, statesIn } from '../../storage/index.js'
import { decodeLiveCheckpoint, type LiveCheckpoint, type PlacedCheckpoint, requireTicks } from '../live/engine/index.js'

/** @internal A ledger opened read-only. */
export type LedgerDb = ReturnType<typeof openReadOnly>

/** Where a checkpoint is. */
export interface StatePlace {
  readonly path: string
  readonly tick: number
  readonly isCompressed: boolean
  /** Its state, where a run that goes on may remove the file before it is read. */
  readonly bytes?: Uint8Array
  /** The same checkpoint once more, beside its segment: a newest one is in both places for a while. */
  readonly twin?: StatePlace
}

/** Consecutive ticks, after `from` and up to `to`: a segment, or rows of the ledger. */
export interface TickSource {
  readonly from: number
  readonly to: number
  /** Undefined: the ledger. */
  readonly segment?: string
}

export interface Span {
  readonly start: StatePlace
  readonly sources: readonly TickSource[]
  /** The checkpoint at its end; null where the journal ends. */
  readonly end: StatePlace | null
}

export interface SpanPlan {
  readonly spans: readonly Span[]
  /** The last tick of the run. */
  readonly ticks: number
  /** Ticks that the journal lacks between others, one sentence each. */
  readonly gaps: readonly string[]
}

/**
 * @internal Throws `CorruptFile` where ledger and checkpoints are of different copies. A run may go on meanwhile: its checkpoints were read
 * first, `ledger` is one look at what came after, and segments, into which rows move, are listed last.
 */
export function planSpans(run: string, kept: readonly PlacedCheckpoint[], ledger: LedgerDb): SpanPlan {
  const rows = rowsIn(ledger)
  const states = new Map<number, StatePlace>()
  for (const { tick, path, bytes } of kept) states.set(tick, { tick, path, bytes, isCompressed: false })
  for (const { tick, path, isCompressed } of statesIn(journalFolder(run))) {
    const twin = { tick, path, isCompressed }
    const first = states.get(tick)
    states.set(tick, first === undefined ? twin : { ...first, twin })
  }
  const sources = sourcesOf(run, rows, states)
  for (const { tick } of kept) requireTicks(run, tick, { from: contiguousFrom(sources, rows), to: rows.to })
  return { ...spansOf(sources, states), ticks: rows.to }
}

/** The spans from the one in which a tick lies on. */
export function spansFrom(spans: readonly Span[], wanted: ReplayFrom): readonly Span[] {
  // Spans are in order: the last one that begins at or before the wanted place is found by halves.
  let [low, high] = [0, spans.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isBeyond(spans[middle] as Span, wanted)) high = middle
    else low = middle
  }
  return spans.slice(low)
}

/** Where a replay is to begin: at a tick, a step, or a time. */
export type ReplayFrom = { readonly tick: number } | { readonly step: number } | { readonly time: number }

/** The checkpoint itself. */
export function stateAt(place: StatePlace): LiveCheckpoint {
  return decodeLiveCheckpoint(place.bytes ?? readState(place), place.path)
}

function isBeyond({ start }: Span, wanted: ReplayFrom): boolean {
  if ('tick' in wanted) return start.tick >= wanted.tick
  try {
    const { step, time } = stateAt(start)
    return 'step' in wanted ? step >= wanted.step : time >= wanted.time
  } catch (error) {
    // The oldest are removed first.
    if (isMissing(error)) return false
    throw error
  }
}

/** Whether its ticks are in segments alone. */
export function isClosed({ sources }: Span): boolean {
  return sources.every(({ segment }) => segment !== undefined)
}

function rowsIn(ledger: LedgerDb): { from: number; to: number } {
  const select = `
    SELECT coalesce((SELECT tick FROM journal_base), 0) AS "from",
      coalesce((SELECT max(tick) FROM journal), (SELECT tick FROM journal_base), 0) AS "to"`
  return ledger.prepare(select).get() as { from: number; to: number }
}

/** The segments, then what the ledger has beyond them, cut at its checkpoints. */
function sourcesOf(run: string, rows: { from: number; to: number }, states: ReadonlyMap<number, StatePlace>): TickSource[] {
  const segments = segmentsIn(journalFolder(run)).filter(({ to }) => to <= rows.to)
  const sources: TickSource[] = segments.map(({ from, to, path }) => ({ from, to, segment: path }))
  let from = Math.max(rows.from, segments.at(-1)?.to ?? 0)
  const cuts = [...states.keys()].filter(tick => tick > from && tick < rows.to).sort((a, b) => a - b)
  for (const to of [...cuts, rows.to]) {
    if (to > from) sources.push({ from, to })
    from = to
  }
  return sources
}

function contiguousFrom(sources: readonly TickSource[], rows: { from: number }): number {
  let from = sources.at(-1)?.from ?? rows.from
  for (const source of [...sources].reverse()) if (source.to === from) from = source.from
  return from
}

function spansOf(sources: readonly TickSource[], states: ReadonlyMap<number, StatePlace>): Omit<SpanPlan, 'ticks'> {
  const spans: { start: StatePlace; sources: TickSource[]; end: StatePlace | null }[] = []
  const gaps: string[] = []
  let reached = sources[0]?.from ?? 0
  for (const source of sources) {
    const isNext = source.from === reached
    if (!isNext) gaps.push(`the journal lacks the ticks from ${reached + 1} to ${source.from}`)
    const state = states.get(source.from)
    const open = isNext ? spans.at(-1) : undefined
    if (state !== undefined) {
      if (open !== undefined) open.end = state
      spans.push({ start: state, sources: [source], end: null })
    } else open?.sources.push(source)
    reached = source.to
  }
  const last = spans.at(-1)
  if (last !== undefined) last.end = states.get(reached) ?? null
  return { spans, gaps }
}
