/** The look-ahead check of one strategy that is a function: from all bars to a decision a bar, as research code often is. */

import { OperatorError } from '../../core/index.js'
import type { Candle } from '../../market/index.js'
import { mirroredAfter } from './other-future.js'
import { pointsWithin } from './points.js'

/** How the future was changed: cut off, or exchanged for another. */
export type FutureChange = 'cut' | 'scrambled'

/** A decision that depended on what came after it. */
export interface StrategyLookahead {
  /** The bar of the decision. */
  readonly bar: number
  /** The last bar that was left as it is. */
  readonly knownUntil: number
  readonly future: FutureChange
  /** The decision with the true future, and with the changed one. */
  readonly decided: unknown
  readonly instead: unknown
}

/** A strategy to be checked, and the bars that it is checked on. */
export interface StrategyRequest<B extends Candle> {
  readonly bars: readonly B[]
  /** A decision for every bar that it is given: plain data. */
  readonly decide: (bars: readonly B[]) => ArrayLike<unknown>
  /** Places at which the future is changed; default 50. */
  readonly points?: number
  /** Of the places; default 1. */
  readonly seed?: number | string
}

/**
 * Decides on all bars, then again with the future cut off and with the prices after it mirrored, at many places. Returns the first decision
 * of each changed future that came out otherwise; nothing where the strategy never looks ahead there.
 * @throws OperatorError for one that decides otherwise when it is asked again.
 */
export function checkStrategy<B extends Candle>({
  bars,
  decide,
  points = 50,
  seed = 1,
}: StrategyRequest<B>): StrategyLookahead[] {
  if (bars.length < 2) throw new OperatorError({ what: '`bars`', expected: 'two or more', got: bars.length })
  const whole = decisionsOn(bars, decide)
  checkRepeatable(whole, decisionsOn(bars, decide))
  const found: StrategyLookahead[] = []
  for (const point of pointsWithin(bars.length - 1, points, seed)) {
    const knownUntil = point - 1
    const futures = { cut: bars.slice(0, point), scrambled: mirroredAfter(bars, knownUntil) }
    for (const future of ['cut', 'scrambled'] as const) {
      const other = decisionsOn(futures[future], decide)
      const bar = firstDifference(whole, other, point)
      if (bar !== undefined) found.push({ bar, knownUntil, future, decided: whole[bar], instead: other[bar] })
    }
  }
  return found
}

function decisionsOn<B extends Candle>(bars: readonly B[], decide: (bars: readonly B[]) => ArrayLike<unknown>): unknown[] {
  const decisions = Array.from(decide(bars))
  if (decisions.length === bars.length) return decisions
  throw new OperatorError({ what: '`decide`', expected: `a decision for each of ${bars.length} bars`, got: decisions.length })
}

/** A strategy that decides otherwise when asked again would seem to look ahead wherever it is looked at. */
function checkRepeatable(first: readonly unknown[], again: readonly unknown[]): void {
  const bar = firstDifference(first, again, first.length)
  if (bar === undefined) return
  throw new OperatorError({
    what: '`decide`',
    expected: 'the same decisions of the same bars',
    got: `${textOf(first[bar])} at bar ${bar}, then ${textOf(again[bar])}`,
    next: 'Give its chance a seed, and let it keep nothing from one call to the next.',
  })
}

function firstDifference(whole: readonly unknown[], other: readonly unknown[], until: number): number | undefined {
  for (let i = 0; i < until; i++) if (textOf(whole[i]) !== textOf(other[i])) return i
  return undefined
}

/** NaN and the infinities, which JSON has not, are compared by their names. */
function textOf(decision: unknown): string {
  const named = (_: string, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)
  return JSON.stringify(decision, named) ?? 'undefined'
}
