/** What a perpetual future prescribes, and its formulas: margin by tier, the price of liquidation, the rate of funding. Prices are whole 1e-8 USD, rates whole 1e-8. */

import {
  HOUR_MS,
  mulDivCeil,
  mulDivFloor,
  OperatorError,
  type QtyE8,
  SECOND_MS,
  UNIT,
  USD,
  type UsdE6,
} from '../../core/index.js'

/** Whole 1e-8 USD for a unit. */
export type PriceE8 = number
/** A share in whole 1e-8. */
export type RateE8 = number

/** 1: long, −1: short. */
export type Way = 1 | -1

/** The largest price that is counted: with it a notional of a safe integer stays one. */
export const MOST_PRICE = 10_000_000

/** Up to which notional which share of it must remain, in hundredths of a percent. */
export interface MarginTier {
  readonly toUsd: number
  readonly maintenanceBp: number
}

/** What an exchange prescribes of a perpetual future. */
export interface PerpTerms {
  /** By `toUsd` upwards; no position is larger than the last. */
  readonly tiers: readonly MarginTier[]
  readonly maxLeverage: number
  /** Fees of orders without a limit and with one, in hundredths of a percent. */
  readonly takerBp: number
  readonly makerBp: number
  /** Of a liquidated notional, for the insurance fund. */
  readonly liquidationBp: number
  readonly fundingMs: number
  /** The rate without any premium, how far funding may be from the premium, and the most there is. */
  readonly interestE8: RateE8
  readonly dampE8: RateE8
  readonly fundingCapE8: RateE8
  /** How far the mark may be from the index. */
  readonly premiumCapE8: RateE8
  /** Premiums that the mark is the mean of. */
  readonly premiumSamples: number
  /** Beyond these ages nothing is entered by an index, and nothing is liquidated by a mark. */
  readonly maxIndexAgeMs: number
  readonly maxMarkAgeMs: number
}

/** What large exchanges prescribe, but for the leverage, which is smaller. */
export const usualPerp: PerpTerms = {
  tiers: [
    { toUsd: 50_000, maintenanceBp: 40 },
    { toUsd: 250_000, maintenanceBp: 50 },
    { toUsd: 1_000_000, maintenanceBp: 100 },
    { toUsd: 10_000_000, maintenanceBp: 250 },
  ],
  maxLeverage: 5,
  takerBp: 5,
  makerBp: 2,
  liquidationBp: 50,
  fundingMs: 8 * HOUR_MS,
  interestE8: 10_000,
  dampE8: 50_000,
  fundingCapE8: 750_000,
  premiumCapE8: 5_000_000,
  premiumSamples: 30,
  maxIndexAgeMs: 30 * SECOND_MS,
  maxMarkAgeMs: 5 * SECOND_MS,
}

/** A price in 1e-8 USD; null: it is no price that can be counted. */
export function toPriceE8(priceUsd: number): PriceE8 | null {
  if (!(priceUsd > 0 && priceUsd <= MOST_PRICE)) return null
  const priceE8 = Math.round(priceUsd * UNIT)
  return priceE8 > 0 ? priceE8 : null
}

/** Units of price times quantity in a unit of money. */
const PER_USD = (UNIT * UNIT) / USD

/** What a quantity is worth at a price, rounded down. */
export function valueE6(priceE8: PriceE8, qtyE8: QtyE8): UsdE6 {
  return mulDivFloor(priceE8, qtyE8, PER_USD)
}

/** The first tier that holds a notional; null: it is larger than all. */
export function tierOf({ tiers }: PerpTerms, notionalE6: UsdE6): MarginTier | null {
  return tiers.find(({ toUsd }) => notionalE6 <= toUsd * USD) ?? null
}

/** Part of an amount in hundredths of a percent, rounded up: against the trader. */
export function shareBp(amountE6: UsdE6, bp: number): UsdE6 {
  return mulDivCeil(amountE6, bp, 10_000)
}

/** A position: what it was entered for, and the margin that stands behind it alone. */
export interface PerpPosition {
  way: Way
  qtyE8: QtyE8
  /** What its quantity was worth at entry. */
  costE6: UsdE6
  /** Below 0 where funding has eaten it and unrealised profit carries the position. */
  marginE6: UsdE6
}

/** What a position has gained at a price, before any fee. */
export function gainE6({ way, qtyE8, costE6 }: PerpPosition, priceE8: PriceE8): UsdE6 {
  return way * (valueE6(priceE8, qtyE8) - costE6)
}

/** Margin and gain: what would remain of the position. */
export function positionEquityE6(position: PerpPosition, priceE8: PriceE8): UsdE6 {
  return position.marginE6 + gainE6(position, priceE8)
}

/** Whether what remains is no more than what must remain. */
export function isLiquidated(terms: PerpTerms, position: PerpPosition, markE8: PriceE8): boolean {
  return positionEquityE6(position, markE8) <= shareBp(valueE6(markE8, position.qtyE8), maintenanceOf(terms, position))
}

/** The tier of what a position was entered for: a price alone does not move it to another. */
function maintenanceOf(terms: PerpTerms, { costE6 }: PerpPosition): number {
  return (tierOf(terms, costE6) ?? terms.tiers.at(-1))?.maintenanceBp ?? 0
}

/**
 * The mark at which a position is liquidated: of a long entry·(1 − 1/L)/(1 − m), of a short entry·(1 + 1/L)/(1 + m), where L is what
 * it was entered for over its margin; USD, 0 where no price liquidates it.
 */
export function liquidationUsd(terms: PerpTerms, position: PerpPosition): number {
  const { way, qtyE8, costE6, marginE6 } = position
  const maintenance = maintenanceOf(terms, position) / 10_000
  const perUnit = (costE6 - way * marginE6) / (1 - way * maintenance)
  return Math.max(0, perUnit / USD / (qtyE8 / UNIT))
}

/** The rate that longs pay and shorts receive for an interval of such a mean premium: F = P + clamp(interest − P, ±damp), capped. */
export function fundingRateE8({ interestE8, dampE8, fundingCapE8 }: PerpTerms, premiumE8: RateE8): RateE8 {
  return clamp(premiumE8 + clamp(interestE8 - premiumE8, dampE8), fundingCapE8)
}

/** What is nearest to x within ±most. */
export function clamp(x: number, most: number): number {
  return Math.max(-most, Math.min(most, x))
}

/** Throws where a leverage is none that the exchange lends. */
export function checkLeverage(leverage: number, { maxLeverage }: Pick<PerpTerms, 'maxLeverage'>): void {
  if (leverage >= 1 && leverage <= maxLeverage) return
  throw new OperatorError({
    what: '`leverage`',
    expected: `a number from 1 to ${maxLeverage}`,
    got: String(leverage),
    next: 'At 1 a position is paid in full; the exchange lends no more than its limit.',
  })
}
