/** The map of past trades: each at its place on their principal plane. */

import { axisText, principalPlane } from '../../trading/index.js'
import type { TradeMap } from '../data.js'
import { reportLimits } from '../limits.js'
import type { KnownTrade } from './past-trades.js'

/** `trades`: the latest of so many in `total`. */
export function tradeMap(trades: readonly KnownTrade[], total: number): TradeMap {
  const { x, y, axes } = principalPlane(trades.map(({ past }) => past.vector))
  return {
    x: Array.from(x),
    y: Array.from(y),
    won: trades.map(({ past }) => past.win),
    axes: axes.map(axis => ({ name: axisText(axis), share: axis.share })),
    total,
  }
}

/** The latest of many, so that a long run costs no more than a short one. */
export class Latest<T> {
  total = 0
  private readonly kept: T[] = []

  constructor(private readonly most: number = reportLimits.mappedTrades) {}

  add(item: T): void {
    this.total++
    this.kept.push(item)
    if (this.kept.length >= 2 * this.most) this.kept.splice(0, this.kept.length - this.most)
  }

  list(): readonly T[] {
    return this.kept.slice(-this.most)
  }
}
