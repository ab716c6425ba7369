/** What an exchange demands of orders in one pair, in the integers the portfolios count in. */

import { math, type QtyE8, toUsdE6, UNIT, type UsdE6 } from '../core/index.js'
import type { Instrument } from '../market/index.js'

export interface InstrumentRules {
  /** Quantities are multiples of this. */
  readonly lotE8: QtyE8
  readonly minQtyE8: QtyE8
  readonly minCostE6: UsdE6
  /** Prices are multiples of this, USD; 0 where unknown. */
  readonly tickUsd: number
}

/** The rules of an instrument of the market's table. */
export function instrumentRules({ lotDecimals, orderMin, costMinUsd, tickSize }: Instrument): InstrumentRules {
  return {
    lotE8: Math.max(1, Math.round(UNIT / math.pow(10, lotDecimals))),
    minQtyE8: Math.round(orderMin * UNIT),
    minCostE6: toUsdE6(costMinUsd),
    tickUsd: tickSize,
  }
}
