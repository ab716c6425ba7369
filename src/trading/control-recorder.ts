/** What the controls of the baseline need of a run: opens of every pair, finished trades, and which ideas collided. */

import type { TimeMs } from '../core/index.js'
import type { Direction, IdeaSource } from './idea.js'
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

/** The facts of an idea by which it collides. */
export interface ControlIdea {
  readonly id: string
  readonly source: IdeaSource
  readonly pair: string
  readonly direction: number
  readonly decidedAt: TimeMs
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
  /** Ideas that met one of the other kind: same pair, direction and instant. */
  readonly collided = new Set<string>()
  private readonly bars = new Map<string, GrowingOpens>()
  private count = 0
  private instant = Number.NaN
  /** Ideas of the instant by pair and direction. */
  private readonly now = new Map<string, ControlIdea[]>()

  /** One existing bar; filled and revised ones are left out by the caller. */
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
    if (idea.decidedAt !== this.instant) this.now.clear()
    this.instant = idea.decidedAt
    const place = `${idea.pair} ${idea.direction}`
    const others = this.now.get(place)
    if (others === undefined) {
      this.now.set(place, [idea])
      return
    }
    others.push(idea)
    if (others.some(other => other.source !== idea.source)) for (const each of others) this.collided.add(each.id)
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
