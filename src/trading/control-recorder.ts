/** What the controls of the baseline need of a run: opens of every pair, finished trades, and which ideas collided. */

import type { TimeMs } from '../core/index.js'
import { type CollidingIdea, type Collisions, collide, newCollisions } from './collisions.js'
import type { Direction } from './idea.js'
import type { PortfolioName } from './trade.js'

export const controlLimits = {
  /** Bars kept over all pairs, 16 bytes each. A longer run has no controls. */
  bars: 6_000_000,
} as const

/** A pair's existing bars in order: start and first price. */
export interface Opens {
  readonly time: Float64Array
  readonly open: Float64Array
}

/** A finished trade as far as a control is concerned. */
export interface ControlTrade {
  readonly portfolio: PortfolioName
  readonly pair: string
  readonly direction: Direction
  readonly entryTime: TimeMs
  readonly exitTime: TimeMs
  /** P&L after all costs as a share of the entry's notional. */
  readonly net: number
  /** The idea of its own portfolio's kind. */
  readonly ideaId: string
}

/** An idea as far as a control is concerned: whether it collides. */
export interface ControlIdea extends CollidingIdea {
  readonly id: string
}

/** What a trade costs, as shares. */
export interface TradeCosts {
  readonly feeRate: number
  readonly halfSpread: number
  readonly slippage: number
  readonly borrowRatePerDay: number
}

/** Gathers bars, ideas and trades in the order in which a run makes them. */
export class ControlRecorder {
  readonly trades: ControlTrade[] = []
  /** Ideas that collided, whether or not a trade came of it. */
  readonly collided = new Set<string>()
  private readonly bars = new Map<string, GrowingOpens>()
  private count = 0
  private readonly collisions: Collisions<ControlIdea>

  constructor(windowMs?: number) {
    this.collisions = newCollisions(windowMs)
  }

  /** One existing bar; filled ones are left out by the caller. */
  bar(pair: string, time: TimeMs, open: number): void {
    if (++this.count > controlLimits.bars) return this.bars.clear()
    let opens = this.bars.get(pair)
    if (opens === undefined) {
      opens = new GrowingOpens()
      this.bars.set(pair, opens)
    }
    opens.add(time, open)
  }

  idea(idea: ControlIdea): void {
    const collision = collide(this.collisions, idea)
    if (collision === null) return
    this.collided.add(collision.mycelial.id)
    this.collided.add(collision.baseline.id)
  }

  trade(trade: ControlTrade): void {
    this.trades.push(trade)
  }

  /** True where the run had more bars than are kept. */
  get overflowed(): boolean {
    return this.count > controlLimits.bars
  }

  tradesOf(portfolio: PortfolioName): ControlTrade[] {
    return this.trades.filter(trade => trade.portfolio === portfolio)
  }

  /** The opens of every pair; none where the run was too long to keep them. */
  opens(): Map<string, Opens> {
    return new Map(Array.from(this.bars, ([pair, opens]) => [pair, opens.columns()]))
  }
}

class GrowingOpens {
  private time = new Float64Array(1_024)
  private open = new Float64Array(1_024)
  private length = 0

  add(time: TimeMs, open: number): void {
    if (this.length === this.time.length) {
      this.time = doubled(this.time)
      this.open = doubled(this.open)
    }
    this.time[this.length] = time
    this.open[this.length++] = open
  }

  columns(): Opens {
    return { time: this.time.subarray(0, this.length), open: this.open.subarray(0, this.length) }
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
