/** DataMiner: publishes one pair's bars, flagged (live: its trades and revisions too). */

import type { TimeMs } from '../../core/index.js'
import {
  acceptsPrint,
  type Bar,
  BarFlag,
  beginOutage,
  endOutage,
  guardedBar,
  guardedRevision,
  type MarketTrade,
  missInterval,
  newPrintGuard,
  type PrintGuard,
} from '../../market/index.js'
import { Agent } from '../../model/index.js'
import { DoubtedTicks, MarketData, MarketRevisions, MarketTicks } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'
import { isFromBefore } from './watched.js'

/** A close this many times the last one (or its inverse) is flagged, and entries wait. */
const outlierFactor = 10

export class DataMiner extends Agent<SwarmModel> {
  pair = ''
  lastClose = 0
  staleSince: number | null = null
  bars = 0
  /** Which prints and bars of a live market are believed. A simulated one needs none, and its state has no such field. */
  guard: PrintGuard | undefined

  /** Takes a closed bar from the market and passes on what may be believed of it. */
  bar(given: Bar): void {
    const bar = this.guard === undefined ? given : guardedBar(this.guard, given)
    const flags = bar.flags | this.ownFlags(bar)
    if ((flags & BarFlag.filled) === 0) {
      this.lastClose = bar.close
      this.bars++
    }
    this.publish(MarketData.at(this.pair), flags === bar.flags ? bar : { ...bar, flags })
  }

  /** Takes a correction of a bar that was passed on, and remembers nothing of it. */
  revision(bar: Bar): void {
    this.publish(MarketRevisions.at(this.pair), this.guard === undefined ? bar : guardedRevision(this.guard, bar))
  }

  /** Takes a trade of the market and passes it on: where its price may move money as a tick, else as one that is doubted. */
  trade(trade: MarketTrade): void {
    if (isFromBefore(this.model, trade)) return
    const ticks = acceptsPrint(this.watch(), trade) ? MarketTicks : DoubtedTicks
    this.publish(ticks.at(this.pair), trade)
  }

  /** Takes the instant since which the source has no data of the pair; null once data flow again. */
  stale(since: TimeMs | null): void {
    this.staleSince = since
    this.outage(since)
  }

  /** Takes an interval of which bars are lost. */
  gap(from: TimeMs, to: TimeMs): void {
    if (this.guard !== undefined) missInterval(this.guard, from, to)
  }

  /** Nobody watches the pair since an instant; null: somebody does again. */
  outage(since: TimeMs | null): void {
    if (this.guard === undefined) return
    if (since !== null) beginOutage(this.guard, since)
    // Whatever else ends, nobody watches a pair without data.
    else if (this.staleSince === null && this.model.linkDownSince === null) endOutage(this.guard, this.model.now)
  }

  /** The market is a live one from now on. */
  watch(): PrintGuard {
    this.guard ??= newPrintGuard(this.model.barMs)
    return this.guard
  }

  private ownFlags(bar: Bar): number {
    const stale = this.staleSince === null ? 0 : BarFlag.stale
    if (this.lastClose === 0 || (bar.flags & BarFlag.filled) !== 0) return stale
    const ratio = bar.close / this.lastClose
    return stale | (ratio >= outlierFactor || ratio <= 1 / outlierFactor ? BarFlag.outlier : 0)
  }
}
