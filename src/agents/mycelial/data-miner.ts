/** DataMiner: publishes one pair's bars, flagged (live: its trades, revisions, terms and late history too). */

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
import {
  DoubtedTicks,
  ExchangeTerms,
  MarketData,
  MarketHistories,
  MarketRevisions,
  MarketTicks,
  type PairTerms,
} from '../../trading/index.js'
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
  /** What holds besides the market; undefined before the exchange has said any of it, as in every simulation. */
  terms: PairTerms | undefined

  /** Takes a closed bar from the market and passes on what may be believed of it. */
  bar(given: Bar): void {
    const bar = this.guard === undefined ? given : guardedBar(this.guard, given)
    const flags = bar.flags | this.ownFlags(bar)
    if ((flags & BarFlag.filled) === 0) {
      this.lastClose = bar.close
      this.bars++
    }
    // A process that joins later, or has missed a message, knows the terms before its next decision; nobody keeps account of who knows them.
    if (this.terms !== undefined && !this.model.warming) this.publish(ExchangeTerms.at(this.pair), this.terms)
    this.publish(MarketData.at(this.pair), flags === bar.flags ? bar : { ...bar, flags })
  }

  /** Takes a correction of a bar that was passed on, and remembers nothing of it. */
  revision(bar: Bar): void {
    this.publish(MarketRevisions.at(this.pair), this.guard === undefined ? bar : guardedRevision(this.guard, bar))
  }

  /** Takes bars of before the pair's first one and passes on what may be believed of them. */
  history(given: readonly Bar[]): void {
    const guard = this.watch()
    const bars = given.map(bar => guardedBar(guard, bar)).filter(({ flags }) => (flags & BarFlag.filled) === 0)
    this.publish(MarketHistories.at(this.pair), { pair: this.pair, time: this.model.now, bars })
  }

  /** Takes what has changed of the pair's terms. */
  agree(change: Partial<Omit<PairTerms, 'pair'>>): void {
    const { pair } = this
    this.terms = { rules: null, clockOffSince: null, ...this.terms, ...change, pair }
    this.publish(ExchangeTerms.at(pair), this.terms)
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
