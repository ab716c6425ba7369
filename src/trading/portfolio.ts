/** A portfolio: cash, positions, orders and counters of one strategy on paper, as plain data in exact integers. */

import { notionalE6, type QtyE8, type TimeMs, toUsdE6, type UsdE6 } from '../core/index.js'
import { type InstrumentRules, newPaperBroker, type Order, type PaperBroker, sessionOf } from '../exchange/index.js'
import { type Gate, havenLimits, houseRules, newGate } from './gate/index.js'
import { newPerformance, type Performance } from './performance.js'
import type { BrokerSettings } from './settings.js'
import type { Signal } from './signal.js'
import type { ExitReason, Fill, Trade } from './trade.js'

/** An open position: whole, entered once, closed once. */
export interface Position {
  readonly tradeId: string
  readonly signal: Signal
  readonly qtyE8: QtyE8
  readonly entryTime: TimeMs
  readonly entryPriceUsd: number
  readonly entryNotionalE6: UsdE6
  readonly entryFeeE6: UsdE6
  readonly entrySlippageE6: UsdE6
  /** Prices; NaN where the settings ask for no such level. */
  readonly stopUsd: number
  readonly targetUsd: number
  /** Value at the last existing close, ≥ 0 for longs and shorts alike; NaN while no price is known. */
  markE6: UsdE6
  /** Borrowing cost so far, charged at the exit. */
  borrowE6: UsdE6
  /** The end of its horizon; later ideas of its direction may extend it. */
  closesAt: TimeMs
  /** Whole bars since the entry. */
  barsHeld: number
  /** Why it should be closed, once that is decided; kept until an exit fills. */
  leaving: ExitReason | null
}

/** An entry that waits at the broker. */
export interface WaitingEntry {
  readonly order: Order
  /** What it follows. */
  readonly signal: Signal
  /** Room it keeps under the gross limit. */
  readonly reservedE6: UsdE6
  /** What its fill may cost at most, by the gate's rules; absent: none of them bounds it. */
  readonly boundE6?: UsdE6
}

/** One pair in one portfolio: its last existing price and at most one position and one order each way. */
export interface InstrumentState {
  readonly pair: string
  /** Replaced where the exchange changes them. */
  rules: InstrumentRules
  /** Last existing close or trade, USD; NaN before the first and while lost. */
  priceUsd: number
  /** The last price that was known, kept when `priceUsd` is lost. */
  knownUsd: number
  /** Start of the last existing bar. */
  barTime: TimeMs
  barMs: number
  /** Flags of the last bar: entries wait while it is an outlier or stale. */
  flags: number
  position: Position | null
  entry: WaitingEntry | null
  /** It closes the position for the reason that the position is `leaving`. */
  exit: Order | null
}

/** Why a signal led to nothing, besides the codes of the gate's rules and the kinds of its locks. */
export const answerReasons = {
  unknownPair: 'the portfolio does not trade the pair',
  sameDirection: 'a position or an order of its direction is there already',
  leaving: 'the position of the pair is being closed',
  standing: 'the baseline’s entry rule has acted on the view already',
  unpaid: 'the expected move is below its cost',
} as const

export interface Portfolio {
  readonly name: string
  settings: BrokerSettings
  readonly startE6: UsdE6
  /** Without interest. */
  cashE6: UsdE6
  /** Interest earned on idle cash. */
  interestE6: UsdE6
  feesE6: UsdE6
  slippageE6: UsdE6
  borrowE6: UsdE6
  /** Σ of closed trades before fees and borrow. */
  grossPnlE6: UsdE6
  readonly instruments: Map<string, InstrumentState>
  /** Instruments with a position, in order of entry. */
  readonly held: InstrumentState[]
  readonly broker: PaperBroker
  /** Entries that wait, by the id of their order, in order of issue. */
  readonly entries: Map<number, WaitingEntry>
  /** What it may enter, and the locks in force. */
  readonly gate: Gate
  /** Signals received; `ignored` counts those that led to nothing, by reason. */
  signals: number
  collisions: number
  readonly ignored: Record<string, number>
  /** How often an idea renewed a position’s horizon, without a trade. */
  extended: number
  /** Bars that came out of order, again or without a usable price. */
  oddBars: number
  /** As of the last step. Fills measure the gross limit against these, so that they know nothing later than their order. */
  stepLimitE6: UsdE6
  stepGrossE6: UsdE6
  filledSinceStepE6: UsdE6
  /** Entries of each agent within one step: the n of trade ids. */
  idStep: number
  readonly idCounts: Map<string, number>
  readonly performance: Performance
}

/** Receives a portfolio's fills and trades, after the portfolio's own state has changed. */
export interface PortfolioEvents {
  fill(fill: Fill): void
  trade(trade: Trade): void
}

/** A portfolio before its first bar; `rules` also says which pairs it may trade. `gate`: by default that of the profile `haven`. */
export function newPortfolio(
  name: string,
  settings: BrokerSettings,
  rules: Iterable<readonly [string, InstrumentRules]>,
  gate: Gate = newGate('portfolio', name, havenLimits(settings), houseRules),
): Portfolio {
  const startE6 = toUsdE6(settings.capitalUsd)
  const demanded = new Map(rules)
  const instruments = new Map(Array.from(demanded, ([pair, r]) => [pair, newInstrumentState(pair, r)]))
  return {
    name,
    settings,
    startE6,
    cashE6: startE6,
    interestE6: 0,
    feesE6: 0,
    slippageE6: 0,
    borrowE6: 0,
    grossPnlE6: 0,
    instruments,
    held: [],
    broker: newPaperBroker(settings, demanded),
    entries: new Map(),
    gate,
    signals: 0,
    collisions: 0,
    ignored: {},
    extended: 0,
    oddBars: 0,
    stepLimitE6: Math.floor(startE6 * settings.grossLimit),
    stepGrossE6: 0,
    filledSinceStepE6: 0,
    idStep: -1,
    idCounts: new Map(),
    performance: newPerformance(startE6, sessionOf([...demanded.values()])),
  }
}

/** The exchange has changed what it demands of orders in a pair: orders from now on obey it, at the portfolio and at its broker. */
export function demandOf(portfolio: Portfolio, pair: string, rules: InstrumentRules): void {
  const instrument = portfolio.instruments.get(pair)
  if (instrument === undefined) return
  instrument.rules = rules
  portfolio.broker.rules.set(pair, rules)
}

function newInstrumentState(pair: string, rules: InstrumentRules): InstrumentState {
  return {
    pair,
    rules,
    priceUsd: Number.NaN,
    knownUsd: Number.NaN,
    barTime: -1,
    barMs: 0,
    flags: 0,
    position: null,
    entry: null,
    exit: null,
  }
}

/** Cash and interest plus positions at their last existing close minus borrowing owed; NaN while a held pair has no price. */
export function equityE6(portfolio: Portfolio): UsdE6 {
  let sum = portfolio.cashE6 + portfolio.interestE6
  for (const { position } of portfolio.held) {
    if (position === null) continue
    sum += position.signal.direction * position.markE6 - position.borrowE6
  }
  return sum
}

/** Σ |position value|; NaN while a held pair has no price. */
export function grossE6(portfolio: Portfolio): UsdE6 {
  let sum = 0
  for (const { position } of portfolio.held) sum += position?.markE6 ?? 0
  return sum
}

/** Room kept by entries that wait for their fill. */
export function reservedE6(portfolio: Portfolio): UsdE6 {
  let sum = 0
  for (const entry of portfolio.entries.values()) sum += entry.reservedE6
  return sum
}

/** Sets an instrument's price, and the mark of its position, which is rounded once. NaN means the price is lost. */
export function markInstrument(instrument: InstrumentState, priceUsd: number): void {
  instrument.priceUsd = priceUsd
  if (!Number.isNaN(priceUsd)) instrument.knownUsd = priceUsd
  if (instrument.position !== null)
    instrument.position.markE6 = Number.isNaN(priceUsd) ? Number.NaN : notionalE6(priceUsd, instrument.position.qtyE8)
}

/** A fraction of an amount ≥ 0, rounded once to the nearest unit. */
export function portionE6(amountE6: UsdE6, fraction: number): UsdE6 {
  return Math.round(amountE6 * fraction)
}

/** Signals whose validity or horizon was over, at the decision or by the fill. */
export function expiredCount({ ignored, broker }: Portfolio): number {
  return (ignored.expired ?? 0) + (broker.orders.cancelled.ideaExpired ?? 0)
}

/** All signals that led to nothing. */
export function ignoredCount(portfolio: Portfolio): number {
  return Object.values(portfolio.ignored).reduce((sum, n) => sum + n, 0)
}

/** Counts a signal that led to nothing. */
export function countIgnored({ ignored }: Portfolio, code: string): void {
  ignored[code] = (ignored[code] ?? 0) + 1
}

/** True where a lock stops every entry of the portfolio. */
export function isHalted({ gate }: Portfolio): boolean {
  return gate.locks.some(({ pair }) => pair === null)
}
