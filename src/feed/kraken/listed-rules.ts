/** What Kraken's list of pairs says that orders must respect. */

import type { ListedRules } from '../live.js'

/** The rules in an entry of AssetPairs; undefined where they are not all there or make no sense. */
export function rulesIn(pair: string, info: Readonly<Record<string, unknown>>): ListedRules | undefined {
  const decimals = numberOf(info.pair_decimals)
  const rules = {
    pair,
    tickSize: numberOf(info.tick_size) ?? (isDecimals(decimals) ? Number(`1e-${decimals}`) : undefined),
    lotDecimals: numberOf(info.lot_decimals),
    orderMin: numberOf(info.ordermin),
    costMin: numberOf(info.costmin) ?? 0,
  }
  const { tickSize, lotDecimals, orderMin, costMin } = rules
  if (tickSize === undefined || !(tickSize > 0 && tickSize <= 1e6)) return undefined
  if (!isDecimals(lotDecimals) || orderMin === undefined) return undefined
  if (!isAmount(orderMin) || !isAmount(costMin)) return undefined
  return { pair, tickSize, lotDecimals: Math.min(8, lotDecimals), orderMin, costMin }
}

/** Kraken writes some numbers as text. Undefined where there is none, not a number where it is none. */
function numberOf(value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+(\.\d+)?(e-?\d+)?$/i.test(value) ? Number(value) : Number.NaN
}

function isDecimals(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 20
}

function isAmount(value: number): boolean {
  return value >= 0 && value <= 1e9
}
