/** Money and quantity as safe integers: 1e-6 USD and 1e-8 units, rounded once, summed exactly ever after. */

import { BrokenInvariant } from './errors.js'

/** Integer millionths of a US dollar. */
export type UsdE6 = number
/** Integer hundred-millionths of a unit of the base asset. */
export type QtyE8 = number
/** Integer milliseconds since 1970-01-01 UTC. */
export type TimeMs = number

export const USD = 1_000_000
export const UNIT = 100_000_000
export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** Nearest integer millionth, ties away from zero; throws where the result is not a safe integer. */
export function toUsdE6(usd: number): UsdE6 {
  return safeRound(usd * USD)
}

export function fromUsdE6(amount: UsdE6): number {
  return amount / USD
}

/** price (USD per unit) × quantity, rounded once. */
export function notionalE6(priceUsd: number, quantity: QtyE8): UsdE6 {
  return safeRound((priceUsd * quantity) / (UNIT / USD))
}

function safeRound(x: number): number {
  const rounded = x < 0 ? -Math.round(-x) : Math.round(x)
  // Not `assert`: its text would be built on every call.
  if (!Number.isSafeInteger(rounded)) throw new BrokenInvariant(`amount ${x} is not a safe integer`)
  return rounded === 0 ? 0 : rounded
}
