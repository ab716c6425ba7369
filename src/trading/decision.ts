/** How a portfolio answers a signal: it enters, leaves, or ignores it and counts why. */

import { notionalE6, type TimeMs } from '../core/index.js'
import { BarFlag } from '../market/index.js'
import { cancelEntry, lastFill, lotsWithin, placeExit, tooSmall } from './instrument-orders.js'
import { type Order, placeOrder } from './order.js'
import {
  equityE6,
  grossE6,
  type IgnoreReason,
  type InstrumentState,
  type Portfolio,
  type Position,
  reservedE6,
} from './portfolio.js'
import type { Signal } from './signal.js'

/** The step and instant of a decision. */
export interface StepTime {
  readonly step: number
  readonly time: TimeMs
}

/** `renewal`: an entry that extends a position whose horizon is over, if both meet at one open. */
export type SignalOutcome = 'entry' | 'renewal' | 'exit' | 'cancelsEntry' | IgnoreReason

/**
 * Lets a portfolio act on a signal, or count it as ignored. Nothing fills yet. `mayEnter` says whether entries in this pair are
 * allowed; exits need no permission. The portfolio's own halts hold as well.
 */
export function submitSignal(portfolio: Portfolio, signal: Signal, now: StepTime, mayEnter = true): SignalOutcome {
  portfolio.signals++
  if (signal.collision) portfolio.collisions++
  const outcome = decide(portfolio, signal, now, mayEnter)
  if (outcome in portfolio.ignored) portfolio.ignored[outcome as IgnoreReason]++
  return outcome
}

function decide(portfolio: Portfolio, signal: Signal, now: StepTime, mayEnter: boolean): SignalOutcome {
  const instrument = portfolio.instruments.get(signal.pair)
  if (instrument === undefined) return 'unknownPair'
  // `!(a >= b)` also refuses NaN.
  if (!(signal.confidence >= portfolio.settings.minConfidence)) return 'lowConfidence'
  if (signal.expiresAt < now.time || signal.closesAt <= now.time) return 'expired'
  const { position } = instrument
  if (position !== null && (position.leaving !== null || now.time < position.closesAt))
    return answerPosition({ portfolio, instrument, position }, signal, now.time)
  if (instrument.entry !== null) return answerEntry(portfolio, instrument, instrument.entry, signal)
  return mayEnter ? enter(portfolio, instrument, signal, now) : 'halted'
}

interface Holding {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly position: Position
}

function answerPosition({ portfolio, instrument, position }: Holding, signal: Signal, time: TimeMs): SignalOutcome {
  if (position.leaving !== null) return 'leaving'
  if (position.signal.direction === signal.direction) return 'sameDirection'
  position.leaving = 'opposite'
  placeExit(portfolio, instrument, position, time)
  return 'exit'
}

function answerEntry(portfolio: Portfolio, instrument: InstrumentState, entry: Order, signal: Signal): SignalOutcome {
  if (entry.signal?.direction === signal.direction) return 'sameDirection'
  cancelEntry(portfolio, instrument, 'opposite')
  return 'cancelsEntry'
}

/** The part of a full position that a confidence buys: a quarter up to 0.55, all of it from 0.7 on. */
export function sizeFactor(confidence: number): number {
  return Math.min(1, Math.max(0.25, (confidence - 0.5) / 0.2))
}

/**
 * Orders an entry. A position that is due leaves at an open not later than this entry's: an opposite entry uses its room, one of
 * the same direction renews it without a trade and needs none.
 */
function enter(portfolio: Portfolio, instrument: InstrumentState, signal: Signal, now: StepTime): SignalOutcome {
  if (portfolio.halts.size > 0) return 'halted'
  if ((instrument.flags & (BarFlag.outlier | BarFlag.stale)) !== 0) return 'flagged'
  const equity = equityE6(portfolio)
  if (Number.isNaN(equity) || Number.isNaN(instrument.priceUsd)) return 'noPrice'
  const { settings } = portfolio
  const sizeE6 = Math.floor(equity * settings.sizeShare * sizeFactor(signal.confidence))
  const qtyE8 = lotsWithin(sizeE6, instrument.priceUsd, instrument.rules)
  if (!Number.isSafeInteger(qtyE8)) return 'tooLarge'
  const costE6 = notionalE6(instrument.priceUsd, qtyE8)
  if (sizeE6 <= 0 || tooSmall(qtyE8, costE6, instrument.rules)) return 'tooSmall'
  const due = instrument.position
  const renews = due?.signal.direction === signal.direction
  const roomE6 = renews ? 0 : Math.max(0, costE6 - (due?.markE6 ?? 0))
  if (roomE6 > 0 && grossE6(portfolio) + reservedE6(portfolio) + roomE6 > equity * settings.grossLimit) return 'grossLimit'
  instrument.entry = placeOrder(portfolio.orders, {
    tradeId: nextTradeId(portfolio, signal, now.step),
    pair: instrument.pair,
    side: signal.direction === 1 ? 'buy' : 'sell',
    qtyE8,
    decidedAt: now.time,
    fillBefore: lastFill(portfolio, instrument, signal.barMs, now.time),
    decisionPriceUsd: instrument.priceUsd,
    reservedE6: roomE6,
    signal,
    exit: null,
  })
  return renews ? 'renewal' : 'entry'
}

function nextTradeId(portfolio: Portfolio, signal: Signal, step: number): string {
  if (portfolio.idStep !== step) {
    portfolio.idStep = step
    portfolio.idCounts.clear()
  }
  const n = portfolio.idCounts.get(signal.agent) ?? 0
  portfolio.idCounts.set(signal.agent, n + 1)
  return `${portfolio.name}:${step}:${signal.agent}:${n}`
}
