/** An open position as people are shown it: price, P&L and levels now. */

import { fromUsdE6 } from '../core/index.js'
import type { InstrumentState, Portfolio, Position } from './portfolio.js'

/** One open position. */
export interface PositionStatus {
  readonly pair: string
  readonly direction: 1 | -1
  readonly tradeId: string
  readonly qty: number
  readonly entryTime: number
  readonly entryPriceUsd: number
  /** The last price of the pair; null while none is known. */
  readonly priceUsd: number | null
  readonly valueUsd: number | null
  /** After the entry's fee and the borrowing so far; the exit's costs are not in it. Null while no price is known. */
  readonly pnlUsd: number | null
  /** Levels; null: there is none. */
  readonly stopUsd: number | null
  readonly targetUsd: number | null
  readonly barsHeld: number
  /** Why it is being closed, once that is decided. */
  readonly leaving: string | null
}

/** In the order of entry. */
export function positionsOf({ held }: Portfolio): PositionStatus[] {
  return held.flatMap(instrument => (instrument.position === null ? [] : [positionStatus(instrument, instrument.position)]))
}

function positionStatus({ pair, priceUsd }: InstrumentState, position: Position): PositionStatus {
  const { signal, tradeId, qtyE8, entryTime, entryPriceUsd, markE6, stopUsd, targetUsd, barsHeld, leaving } = position
  return {
    pair,
    direction: signal.direction,
    tradeId,
    qty: qtyE8 / 1e8,
    entryTime,
    entryPriceUsd,
    priceUsd: known(priceUsd),
    valueUsd: usdOrNull(markE6),
    pnlUsd: usdOrNull(pnlE6(position)),
    stopUsd: known(stopUsd),
    targetUsd: known(targetUsd),
    barsHeld,
    leaving,
  }
}

function pnlE6({ signal, markE6, entryNotionalE6, entryFeeE6, borrowE6 }: Position): number {
  return signal.direction * (markE6 - entryNotionalE6) - entryFeeE6 - borrowE6
}

/** Dollars; null where the amount is not known. */
export function usdOrNull(amountE6: number): number | null {
  return Number.isNaN(amountE6) ? null : fromUsdE6(amountE6)
}

function known(x: number): number | null {
  return Number.isNaN(x) ? null : x
}
