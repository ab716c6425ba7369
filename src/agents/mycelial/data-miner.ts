/** DataMiner: publishes one pair's bars, flagged (live: its trades and revisions too). */

import { type Bar, BarFlag, type MarketTrade } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import { MarketData, MarketRevisions, MarketTicks } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/** A close this many times the last one (or its inverse) is flagged, and entries wait. */
const outlierFactor = 10

export class DataMiner extends Agent<SwarmModel> {
  pair = ''
  lastClose = 0
  staleSince: number | null = null
  bars = 0

  /** Takes a closed bar from the market and passes it on. */
  bar(bar: Bar): void {
    const flags = bar.flags | this.ownFlags(bar)
    if ((flags & BarFlag.filled) === 0) {
      this.lastClose = bar.close
      this.bars++
    }
    this.publish(MarketData.at(this.pair), flags === bar.flags ? bar : { ...bar, flags })
  }

  /** Takes a correction of a bar that was passed on, and remembers nothing of it. */
  revision(bar: Bar): void {
    this.publish(MarketRevisions.at(this.pair), bar)
  }

  trade(trade: MarketTrade): void {
    this.publish(MarketTicks.at(this.pair), trade)
  }

  /** Takes the instant since which the source has no data of the pair; null once data flow again. */
  stale(since: number | null): void {
    this.staleSince = since
  }

  private ownFlags(bar: Bar): number {
    const stale = this.staleSince === null ? 0 : BarFlag.stale
    if (this.lastClose === 0 || (bar.flags & BarFlag.filled) !== 0) return stale
    const ratio = bar.close / this.lastClose
    return stale | (ratio >= outlierFactor || ratio <= 1 / outlierFactor ? BarFlag.outlier : 0)
  }
}
