/** Moves that a made market adds to its prices: each multiplies those of some pairs, little by little between two instants. */

import type { TimeMs } from '../core/index.js'
import type { Bar } from './candle.js'

/** A change of price as a share, spread evenly from one instant to another; both the same: at once. */
export interface RampedMove {
  readonly start: TimeMs
  readonly end: TimeMs
  readonly pairs: readonly string[]
  readonly move: number
}

export class RampedMoves {
  /** What every price of a pair is multiplied by, moves that are over. */
  private levels: Record<string, number> = {}
  private moves: RampedMove[] = []

  add(...moves: readonly RampedMove[]): void {
    this.moves.push(...moves)
  }

  /** The bar as the moves leave it. */
  moved(bar: Bar): Bar {
    const opening = this.factor(bar.pair, bar.time)
    const closing = this.factor(bar.pair, bar.time + bar.barMs)
    if (opening === 1 && closing === 1) return bar
    const [low, high] = opening < closing ? [opening, closing] : [closing, opening]
    return { ...bar, open: bar.open * opening, high: bar.high * high, low: bar.low * low, close: bar.close * closing }
  }

  /** Folds in the moves that are over. */
  settle(time: TimeMs): void {
    const over = this.moves.filter(({ end }) => end <= time)
    if (over.length === 0) return
    for (const { pairs, move } of over) for (const pair of pairs) this.levels[pair] = (this.levels[pair] ?? 1) * (1 + move)
    this.moves = this.moves.filter(({ end }) => end > time)
  }

  save() {
    return { levels: { ...this.levels }, moves: this.moves.map(move => ({ ...move })) }
  }

  restore({ levels, moves }: ReturnType<RampedMoves['save']>): void {
    this.levels = { ...levels }
    this.moves = [...moves]
  }

  private factor(pair: string, time: TimeMs): number {
    let factor = this.levels[pair] ?? 1
    for (const { start, end, pairs, move } of this.moves) {
      if (time <= start || !pairs.includes(pair)) continue
      factor *= 1 + move * Math.min(1, (time - start) / (end - start))
    }
    return factor
  }
}
