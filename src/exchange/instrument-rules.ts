/** What an exchange demands of orders in one pair, in the integers the portfolios count in, and when its bars begin. */

import { fromUsdE6, math, notionalE6, type QtyE8, type TimeMs, toUsdE6, UNIT, type UsdE6 } from '../core/index.js'
import { type Instrument, type Session, sessionCalendar } from '../market/index.js'

/** What an exchange demands of orders in one pair. */
export interface InstrumentRules {
  /** Quantities are multiples of this; null: of a step that costs at most 0.01 USD. */
  readonly lotE8: QtyE8 | null
  readonly minQtyE8: QtyE8
  readonly minCostE6: UsdE6
  /** Prices are multiples of this, USD; 0: of nothing; null: they have six significant digits. */
  readonly tickUsd: number | null
  /** When the pair's market is open; absent: always. */
  readonly session?: Session
}

/** What an exchange may change of a pair's rules: all but its hours. */
export type TradingRules = Omit<InstrumentRules, 'session'>

type Demands = Pick<Instrument, 'lotDecimals' | 'orderMin' | 'costMinUsd' | 'tickSize' | 'session'>

/** The rules of an instrument of the market's table, or of an exchange's own list. */
export function instrumentRules({ lotDecimals, orderMin, costMinUsd, tickSize, session }: Demands): InstrumentRules {
  return {
    lotE8: lotDecimals === null ? null : Math.max(1, Math.round(UNIT / math.pow(10, lotDecimals))),
    minQtyE8: Math.round(orderMin * UNIT),
    minCostE6: toUsdE6(costMinUsd),
    tickUsd: tickSize,
    ...(session === undefined ? {} : { session }),
  }
}

/** True where orders that obey the one obey the other. */
export function demandsSame(a: TradingRules, b: TradingRules): boolean {
  return a.tickUsd === b.tickUsd && a.lotE8 === b.lotE8 && a.minQtyE8 === b.minQtyE8 && a.minCostE6 === b.minCostE6
}

/** Digits of a price where no table says its step: as many as exchanges print. */
const priceDigits = 6
/** Most that one step of a quantity costs where no table says it, as a power of ten of USD. */
const lotCostExponent = -2

/** The price step at a price. */
export function tickAt({ tickUsd }: InstrumentRules, priceUsd: number): number {
  return tickUsd ?? Number(`1e${exponentOf(priceUsd) - priceDigits + 1}`)
}

/** The step of quantities at a price. */
export function lotAt({ lotE8 }: InstrumentRules, priceUsd: number): QtyE8 {
  if (lotE8 !== null) return lotE8
  const decimals = Math.min(8, Math.max(0, exponentOf(priceUsd) + 1 - lotCostExponent))
  return Math.round(UNIT / Number(`1e${decimals}`))
}

/** The most whole lots that `amountE6` buys at a price; not a safe integer where the price is too small to count them exactly. */
export function lotsWithin(amountE6: UsdE6, priceUsd: number, rules: InstrumentRules): QtyE8 {
  const lotE8 = lotAt(rules, priceUsd)
  const lots = Math.floor((fromUsdE6(amountE6) / priceUsd / lotE8) * UNIT)
  let qty = Math.max(lots, 0) * lotE8
  if (!Number.isSafeInteger(qty)) return qty
  // Division may round up to a whole lot that the amount does not quite buy.
  if (qty > 0 && notionalE6(priceUsd, qty) > amountE6) qty -= lotE8
  return qty
}

/** True where an exchange takes no order of that quantity and cost, or one of both is not known. */
export function tooSmall(qtyE8: QtyE8, costE6: UsdE6, rules: InstrumentRules): boolean {
  return !(qtyE8 > 0 && qtyE8 >= rules.minQtyE8 && costE6 >= rules.minCostE6)
}

/** The power of ten of a number's first digit: 2 of 123.4. */
function exponentOf(x: number): number {
  return Number(x.toExponential().split('e')[1])
}

/** When a pair's market is open. */
export type PairHours = Pick<InstrumentRules, 'session'>

/** The start of the bar `bars` bars after the first one that begins at or after `time`. */
export function barsAfter({ session }: PairHours, time: TimeMs, bars: number, barMs: number): TimeMs {
  return session === undefined ? time + bars * barMs : sessionCalendar(session).after(time, bars, barMs)
}

/** Whole bars from one instant to another. */
export function barsWithin({ session }: PairHours, from: TimeMs, to: TimeMs, barMs: number): number {
  return session === undefined ? Math.floor((to - from) / barMs) : sessionCalendar(session).barsBetween(from, to, barMs)
}

/** The hours by which a portfolio counts its days: those of the pair with the most of them; undefined where one is always open. */
export function sessionOf(rules: readonly InstrumentRules[]): Session | undefined {
  let most: Session | undefined
  for (const { session } of rules) {
    if (session === undefined) return undefined
    if (most === undefined || sessionCalendar(session).daysAYear > sessionCalendar(most).daysAYear) most = session
  }
  return most
}
