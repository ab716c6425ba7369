/**
 * What the baseline enters of the views its analysts publish at every bar: each standing view once, if the move it expects pays its
 * costs; a position is renewed at its horizon, and an opposite view closes it only after its shortest holding time.
 */

import type { TimeMs } from '../core/index.js'
import { barsWithin, type PairHours } from '../exchange/index.js'
import type { Direction, Idea } from './idea.js'
import { countIgnored, type Portfolio, type Position } from './portfolio.js'

/** Settings of the rule. */
export interface EntrySettings {
  /** Expected gross move, as a share of price, from which a view is entered; views without an expectation are not asked. */
  readonly leastMove: number
  /** Share of a position's horizon for which an opposite view does not close it. */
  readonly minHold: number
}

/** A view that is published at one bar after another in the same direction. */
export interface StandingView {
  direction: Direction
  /** When it was published last. */
  seenAt: TimeMs
  /** Whether a position came of it. */
  entered: boolean
}

/** The standing views by pair; plain data. */
export type StandingViews = Map<string, StandingView>

/** `act`: the portfolio answers the idea; `standing`: it has answered this view already; `unpaid`: its expected move is below its cost. */
export type EntryVerdict = 'act' | 'standing' | 'unpaid'

const alwaysOpen: PairHours = {}

/** Judges one idea, and remembers its view. */
export function judgeEntry(views: StandingViews, portfolio: Portfolio, idea: Idea, settings: EntrySettings): EntryVerdict {
  const instrument = portfolio.instruments.get(idea.pair)
  const hours = instrument?.rules ?? alwaysOpen
  const view = viewNext(views, idea, hours)
  const position = instrument?.position ?? null
  if (position !== null && !(idea.decidedAt >= position.closesAt && position.signal.direction !== idea.direction))
    return judgePosition(view, position, idea, settings.minHold, hours)
  const waiting = instrument?.entry?.signal ?? null
  if (waiting !== null) return waiting.direction === idea.direction ? 'standing' : 'act'
  if (view.entered) return 'standing'
  return idea.prediction !== null && Math.abs(idea.prediction) < settings.leastMove ? 'unpaid' : 'act'
}

/** Tells the rule that a position was opened in the direction of a view. */
export function viewEntered(views: StandingViews, pair: string, direction: Direction): void {
  const view = views.get(pair)
  if (view?.direction === direction) view.entered = true
}

/** Counts an idea that the rule does not let through. */
export function passOver(portfolio: Portfolio, reason: 'standing' | 'unpaid'): void {
  portfolio.signals++
  countIgnored(portfolio, reason)
}

/** A view ends where it turns, and where a bar passes without it. */
function viewNext(views: StandingViews, { pair, direction, decidedAt, barMs }: Idea, hours: PairHours): StandingView {
  let view = views.get(pair)
  if (view === undefined) {
    view = { direction, seenAt: decidedAt, entered: false }
    views.set(pair, view)
  } else if (view.direction !== direction || barsWithin(hours, view.seenAt, decidedAt, barMs) > 1) {
    view.direction = direction
    view.entered = false
  }
  view.seenAt = decidedAt
  return view
}

/** An opposite view at the open at which the position closes anyway is a matter of entry, and not of this. */
function judgePosition(view: StandingView, position: Position, idea: Idea, minHold: number, hours: PairHours): EntryVerdict {
  const { signal, entryTime, closesAt } = position
  if (signal.direction === idea.direction) {
    view.entered = true
    return idea.decidedAt >= closesAt ? 'act' : 'standing'
  }
  const held = barsWithin(hours, entryTime, idea.decidedAt, signal.barMs)
  return held >= minHold * signal.horizonBars ? 'act' : 'standing'
}
