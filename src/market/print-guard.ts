/**
 * Which prints of a live market may move money: one guard a pair, as plain data. A print near the last accepted ones is accepted at
 * once; a jump waits for another trade near it, and so does every print after an outage, when there is nothing to compare it with.
 */

import { SECOND_MS, type TimeMs } from '../core/index.js'
import type { MarketTrade } from './candle.js'
import { guardLimits } from './limits.js'
import { doubtPrint, includePrint, type TradedRange, withdrawDoubt } from './traded-range.js'

/** What a guard knows of its pair. */
export interface PrintGuard {
  readonly barMs: number
  /** Prices of the last accepted prints, oldest first: their median is the reference. None after an outage. */
  accepted: number[]
  /** Time of the last accepted print. */
  acceptedAt: TimeMs
  /** Prints that wait for another one near them, oldest first. */
  waiting: MarketTrade[]
  /** The last print, whatever became of it. */
  latest: MarketTrade | null
  /** Prints that waited in vain. */
  rejected: number
  /** What was traded in the last bars. */
  ranges: TradedRange[]
  /** Close and end of the last bar that was believed; NaN before the first. */
  close: number
  closedAt: TimeMs
  /** What the last bars moved, as shares of price, each scaled to one bar. */
  moves: number[]
  /** A bar without accepted prints that jumped: the next one that agrees with it is believed. */
  doubted: { readonly close: number; readonly end: TimeMs } | null
  /** Bars of which a price was not believed. */
  corrected: number
  /** Nobody watched the market between these; the end is infinite while nobody does. */
  unwatched: { readonly from: TimeMs; readonly to: TimeMs }
}

/** A smaller move is no jump, however calm the market is. */
const leastJump = 0.03
/** A move of more than so many σ of a bar is one, however wild it is. */
const jumpSigmas = 8
/** How near another print must be to one that waits. */
const agreement = 0.01
/** How long a print waits; where nothing is traded meanwhile, until the next print. */
const waitMs = 60 * SECOND_MS
/** Moves that make a σ. */
const leastMoves = 5
/** A normal variable's σ in multiples of the median of its size. */
const sigmaOfMedian = 1.4826

export function newPrintGuard(barMs: number): PrintGuard {
  return {
    barMs,
    accepted: [],
    acceptedAt: 0,
    waiting: [],
    latest: null,
    rejected: 0,
    ranges: [],
    close: Number.NaN,
    closedAt: 0,
    moves: [],
    doubted: null,
    corrected: 0,
    unwatched: { from: 0, to: 0 },
  }
}

/** True where orders may fill at a print, and levels be reached by it. Each print is asked about once, in the order of arrival. */
export function acceptsPrint(guard: PrintGuard, print: MarketTrade): boolean {
  const accepts = isNear(guard, print) || isSecond(guard, print)
  if (accepts) accept(guard, print)
  else doubt(guard, print)
  rejectOverdue(guard, print)
  guard.latest = print
  return accepts
}

/** The price that the market was last known to trade at; NaN after an outage. */
export function lastAcceptedPrice({ accepted }: PrintGuard): number {
  return accepted.at(-1) ?? Number.NaN
}

/** Nobody watches the market from an instant on: what was known then is no reference for what comes later. */
export function beginOutage(guard: PrintGuard, since: TimeMs): void {
  missInterval(guard, since, Number.POSITIVE_INFINITY)
}

/** Nobody watched the market between two instants. */
export function missInterval(guard: PrintGuard, from: TimeMs, to: TimeMs): void {
  const { unwatched, closedAt } = guard
  const continues = unwatched.to > closedAt
  guard.unwatched = continues ? { from: Math.min(unwatched.from, from), to: Math.max(unwatched.to, to) } : { from, to }
  guard.rejected += guard.waiting.length
  guard.waiting = []
  guard.accepted = []
  guard.latest = null
}

/** The market is watched again. */
export function endOutage(guard: PrintGuard, now: TimeMs): void {
  const { from, to } = guard.unwatched
  guard.unwatched = { from, to: Math.min(to, now) }
}

/** The largest move, as a share of price, that is no jump after so long. */
export function largestMove(guard: PrintGuard, elapsedMs: number): number {
  return Math.max(leastJump, jumpSigmas * sigma(guard) * Math.sqrt(Math.max(0, elapsedMs) / guard.barMs))
}

/** True once enough bars are known to say what a bar usually moves. */
export function knowsMoves({ moves }: PrintGuard): boolean {
  return moves.length >= leastMoves
}

/** σ of a bar by the median of the last moves, which an odd bar does not raise; 0 until enough are known. */
function sigma(guard: PrintGuard): number {
  return knowsMoves(guard) ? sigmaOfMedian * median(guard.moves) : 0
}

function isNear(guard: PrintGuard, { price, time }: MarketTrade): boolean {
  if (guard.accepted.length === 0) return false
  const reference = median(guard.accepted)
  // What is near in any market needs no σ, and so costs nothing.
  return isWithin(price, reference, leastJump) || isWithin(price, reference, largestMove(guard, time - guard.acceptedAt))
}

/** True where a print that waits is near this one: that one is part of the market from now on, and the reference begins again. */
function isSecond(guard: PrintGuard, print: MarketTrade): boolean {
  const first = guard.waiting.find(w => isAnother(w, print) && agrees(w, print) && isInTime(guard, w, print))
  if (first === undefined) return false
  guard.rejected += guard.waiting.length - 1
  guard.waiting = []
  guard.accepted = []
  withdrawDoubt(guard, first)
  return true
}

function accept(guard: PrintGuard, print: MarketTrade): void {
  guard.accepted.push(print.price)
  if (guard.accepted.length > guardLimits.referencePrints) guard.accepted.shift()
  guard.acceptedAt = print.time
  includePrint(guard, print)
}

function doubt(guard: PrintGuard, print: MarketTrade): void {
  // A message that came twice is one trade.
  if (guard.waiting.some(w => !isAnother(w, print))) return
  guard.waiting.push(print)
  doubtPrint(guard, print)
  if (guard.waiting.length <= guardLimits.waitingPrints) return
  guard.waiting.shift()
  guard.rejected++
}

function rejectOverdue(guard: PrintGuard, { time }: MarketTrade): void {
  // They wait in the order of time, so the first says whether any is overdue.
  while (time - (guard.waiting[0]?.time ?? time) > waitMs) {
    guard.waiting.shift()
    guard.rejected++
  }
}

/** In a pair that trades seldom the next print is the second, however late it is: no exit waits for ever. */
function isInTime({ latest }: PrintGuard, first: MarketTrade, print: MarketTrade): boolean {
  return print.time - first.time <= waitMs || (latest !== null && !isAnother(latest, first))
}

function agrees(first: MarketTrade, { price }: MarketTrade): boolean {
  return isWithin(price, first.price, agreement)
}

function isWithin(price: number, reference: number, share: number): boolean {
  return Math.abs(price - reference) <= share * reference
}

/** Trades are told apart by their ids. Where a feed has none, only those of different instants are surely two. */
function isAnother(a: MarketTrade, b: MarketTrade): boolean {
  return a.id === undefined || b.id === undefined ? a.time !== b.time : a.id !== b.id
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] as number
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] as number) + high) / 2
}
