/** How a portfolio answers a signal: it enters, leaves, or ignores it and counts why. Whether it may enter, the gate says. */

import { type QtyE8, type TimeMs, USD } from '../core/index.js'
import { lotsWithin } from '../exchange/index.js'
import {
  addedE6,
  fillBoundE6,
  type GateKeeper,
  gateOnEntry,
  type Intent,
  judge,
  MOST_MOVE,
  smallestQuantity,
  tradeSizeE6,
  type Verdict,
} from './gate/index.js'
import { countIgnored, equityE6, type InstrumentState, type Portfolio, type Position, type WaitingEntry } from './portfolio.js'
import { cancelEntry, submitEntry, submitExit } from './portfolio-orders.js'
import type { Signal } from './signal.js'

/** The step and instant of a decision. */
export interface StepTime {
  readonly step: number
  readonly time: TimeMs
}

/** `renewal`: an entry that extends a position whose horizon is over, if both meet at one open. */
export const actions = ['entry', 'renewal', 'exit', 'cancelsEntry'] as const

/** What a portfolio made of a signal. */
export interface Answer {
  /** What it did, or the code of why it did nothing. */
  readonly outcome: string
  /** The trade it opens or would extend; null: none. */
  readonly tradeId: string | null
  /** The trade of the position or order that it met; null: there was none. */
  readonly metTradeId: string | null
  /** Wanted, before the gate; 0: nothing was asked of it. */
  readonly wantedE8: QtyE8
  /** What the gate said, of the signal and then of the intent; null: it was not asked. */
  readonly verdict: Verdict | null
}

/** Lets a portfolio act on a signal, or count it as ignored. Nothing fills yet. Exits need no permission. */
export function submitSignal(portfolio: Portfolio, signal: Signal, now: StepTime, keeper: GateKeeper): Answer {
  portfolio.signals++
  if (signal.collision) portfolio.collisions++
  const answer = decide(portfolio, signal, now, keeper)
  if (!(actions as readonly string[]).includes(answer.outcome)) countIgnored(portfolio, answer.outcome)
  return answer
}

function decide(portfolio: Portfolio, signal: Signal, now: StepTime, keeper: GateKeeper): Answer {
  const instrument = portfolio.instruments.get(signal.pair)
  if (instrument === undefined) return answerOf('unknownPair')
  const intent = intentOf(portfolio, instrument, signal, now.time)
  const verdict = judge(keeper, intent, 'signal')
  if (verdict.refusedBy !== null) return answerOf(verdict.refusedBy, { verdict })
  const { position, entry } = instrument
  if (position !== null && stays(position, now.time))
    return { ...answerPosition({ portfolio, instrument, position }, signal, now.time), verdict }
  if (entry !== null) return { ...answerEntry({ portfolio, instrument, entry }, signal, now.time), verdict }
  const entered = judgeEntry(keeper, intent, verdict)
  const wantedE8 = intent.qtyE8
  if (entered.refusedBy !== null) return answerOf(entered.refusedBy, { wantedE8, verdict: entered })
  return enter({ portfolio, instrument, intent, signal, keeper }, entered, now)
}

/** Judges what the rules of signals left of an intent, and adds to what they said. */
function judgeEntry(keeper: GateKeeper, intent: Intent, { qtyE8, passed, shrunk }: Verdict): Verdict {
  const isWhole = shrunk.length === 0
  const judged = judge(keeper, isWhole ? intent : { ...intent, qtyE8 }, 'entry')
  return { ...judged, passed: passed + judged.passed, shrunk: isWhole ? judged.shrunk : [...shrunk, ...judged.shrunk] }
}

/** True where a position is not due: a signal meets it, and enters nothing. One that is being closed is there until its exit fills. */
function stays({ leaving, closesAt }: Position, time: TimeMs): boolean {
  return leaving !== null || time < closesAt
}

/** An answer: what was done, or the code of why nothing was. */
export function answerOf(outcome: string, rest: Partial<Answer> = noAnswer): Answer {
  const { tradeId = null, metTradeId = null, wantedE8 = 0, verdict = null } = rest
  return { outcome, tradeId, metTradeId, wantedE8, verdict }
}

const noAnswer: Partial<Answer> = {}

interface Holding {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly position: Position
}

function answerPosition({ portfolio, instrument, position }: Holding, signal: Signal, time: TimeMs): Answer {
  const met = { metTradeId: position.tradeId }
  if (position.leaving !== null) return answerOf('leaving', met)
  if (position.signal.direction === signal.direction) return answerOf('sameDirection', met)
  position.leaving = 'opposite'
  submitExit(portfolio, instrument, position, time)
  return answerOf('exit', met)
}

interface Waiting {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly entry: WaitingEntry
}

function answerEntry({ portfolio, instrument, entry }: Waiting, signal: Signal, time: TimeMs): Answer {
  const met = { metTradeId: entry.order.clientId }
  if (entry.signal.direction === signal.direction) return answerOf('sameDirection', met)
  cancelEntry(portfolio, instrument, 'opposite', time)
  return answerOf('cancelsEntry', met)
}

/** The part of a full position that a confidence buys: a quarter up to 0.55, all of it from 0.7 on. */
export function sizeFactor(confidence: number): number {
  return Math.min(1, Math.max(0.25, (confidence - 0.5) / 0.2))
}

/** The quantity that a confidence asks for; NaN without a price or an equity. */
function wantedE8(portfolio: Portfolio, { priceUsd, rules }: InstrumentState, confidence: number): QtyE8 {
  const { sizeShare, sizing } = portfolio.settings
  const capitalE6 = equityE6(portfolio) * sizeShare
  if (sizing === undefined) return lotsWithin(Math.floor(capitalE6 * sizeFactor(confidence)), priceUsd, rules)
  const { leastE6, mostE6 } = tradeSizeE6(portfolio.gate.limits)
  const sizeE6 = Math.min(mostE6, Math.floor(capitalE6 * steepFactor(confidence)))
  const least = smallestQuantity((leastE6 / USD) * (1 + MOST_MOVE), { priceUsd, instrument: rules })
  return Math.max(least, lotsWithin(sizeE6, priceUsd, rules))
}

/** One up to a confidence of 0.55, three at 0.95. */
function steepFactor(confidence: number): number {
  return 1 + 5 * Math.max(0, confidence - 0.55)
}

/**
 * What a signal asks of the gate. A position that is due leaves at an open not later than this entry's: an opposite entry uses its
 * room, one of the same direction renews it without a trade and needs none.
 */
function intentOf(portfolio: Portfolio, instrument: InstrumentState, signal: Signal, time: TimeMs): Intent {
  const { priceUsd, rules, position: due, entry } = instrument
  const { halfSpread, slippage } = portfolio.settings
  const met = due !== null && stays(due, time) ? due : entry
  return {
    pair: signal.pair,
    direction: signal.direction,
    qtyE8: wantedE8(portfolio, instrument, signal.confidence),
    priceUsd,
    time,
    reduces: false,
    renews: due?.signal.direction === signal.direction,
    opposes: met !== null && met.signal.direction !== signal.direction,
    freesE6: due?.markE6 ?? 0,
    slippage: halfSpread + slippage,
    confidence: signal.confidence,
    agreeing: Math.max(1, signal.crossMoatScore) + (signal.collision ? 1 : 0),
    decidedAt: signal.decidedAt,
    expiresAt: signal.expiresAt,
    closesAt: signal.closesAt,
    strategy: portfolio.name,
    instrument: rules,
  }
}

interface Entering {
  readonly portfolio: Portfolio
  readonly instrument: InstrumentState
  readonly intent: Intent
  readonly signal: Signal
  readonly keeper: GateKeeper
}

function enter({ portfolio, instrument, intent, signal, keeper }: Entering, verdict: Verdict, now: StepTime): Answer {
  const granted = verdict.qtyE8 === intent.qtyE8 ? intent : { ...intent, qtyE8: verdict.qtyE8 }
  const tradeId = nextTradeId(portfolio, signal, now.step)
  const { qtyE8 } = granted
  const bounds = { reservedE6: addedE6(granted), boundE6: fillBoundE6(keeper, intent, qtyE8) }
  const rejected = submitEntry(portfolio, instrument, signal, { tradeId, qtyE8, time: now.time, ...bounds })
  const metTradeId = instrument.position?.tradeId ?? null
  if (rejected !== null) return answerOf(rejected, { metTradeId, wantedE8: intent.qtyE8, verdict })
  gateOnEntry(keeper, granted)
  return answerOf(intent.renews ? 'renewal' : 'entry', { tradeId, metTradeId, wantedE8: intent.qtyE8, verdict })
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
