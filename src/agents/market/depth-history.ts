/** What waited in a book minute by minute, in bands of prices around the middle: what a heat map of the book is drawn of. */

import { depthOf, type OrderBook } from '../../exchange/index.js'

/** Minutes that are kept, and bands on each side of the middle. */
export const [MINUTES, BANDS] = [60, 20] as const
const ROWS = 2 * BANDS
/** Prices of a side that are looked at. */
const MOST_LEVELS = 400

/** The latest minutes in a ring. */
export interface DepthHistory {
  readonly lots: Float64Array
  /** Minutes seen so far. */
  minutes: number
}

export function newDepthHistory(): DepthHistory {
  return {
    lots: new Float64Array(MINUTES * ROWS),
    minutes: 0,
  }
}

/** Adds the book as it is, in bands of a ten-thousandth of the price. */
export function noteDepth(history: DepthHistory, book: OrderBook, mid: number): void {
  const column = history.minutes++ % MINUTES
  const width = Math.max(1, Math.round(mid / 10_000))
  const { lots } = history
  lots.fill(0, column * ROWS, (column + 1) * ROWS)
  for (const side of ['buy', 'sell'] as const)
    for (const level of depthOf(book, side, MOST_LEVELS)) {
      const band = BANDS + Math.floor((level.tick - mid) / width)
      if (band >= 0 && band < ROWS) lots[column * ROWS + band] = (lots[column * ROWS + band] ?? 0) + level.lots
    }
}

/** The minutes kept, oldest first, and the lots of a band; band 0 is the lowest. */
export function depthRows({ lots, minutes }: DepthHistory): {
  readonly minutes: readonly number[]
  lotsAt(minute: number, band: number): number
} {
  const kept = Math.min(minutes, MINUTES)
  return {
    minutes: Array.from({ length: kept }, (_, i) => minutes - kept + i),
    lotsAt: (minute, band) => lots[(minute % MINUTES) * ROWS + band] ?? 0,
  }
}
