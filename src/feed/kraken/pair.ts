/** One pair of the feed: its candles, its state, the trades it holds back, and the age of its data. */

import type { TimeMs } from '../../core/index.js'
import type { Candle, MarketInput } from '../../market/index.js'
import type { Counters } from '../counters.js'
import { feedLimits } from '../limits.js'
import type { PairState, PairStatus } from '../live.js'
import { PairCandles } from './candles.js'
import type { ExchangeTrade } from './frame.js'
import type { ResolvedPair } from './pairs.js'

/** A larger jump of Kraken's trade numbers means that the numbering restarted, not that trades are missing. */
const missedAtMost = 100_000

export interface PairOutput {
  push(pair: string, input: MarketInput): void
  /** Trades were missed, and Kraken has no candle that includes them. */
  repair(pair: PairFeed): void
}

export interface PairFeedOptions {
  readonly names: ResolvedPair
  readonly barMs: number
  /** Kraken has candles of this size, so that its candles settle ours. */
  readonly settledByExchange: boolean
  readonly counters: Counters
  readonly output: PairOutput
}

export class PairFeed {
  state: PairState = 'offline'
  readonly candles: PairCandles
  /** End of the last bar that was requested to be final; closed once the pair is live. */
  private closeRequested: TimeMs = 0
  private held: { trade: ExchangeTrade; snapshot: boolean }[] = []
  private lastTradeId: number | undefined
  private oldestSnapshotId: number | undefined
  private lastDataAt: TimeMs | null = null
  private lastDataMono = 0
  private staleSince: TimeMs | null = null

  readonly names: ResolvedPair
  readonly barMs: number
  private readonly settledByExchange: boolean
  private readonly counters: Counters
  private readonly output: PairOutput

  constructor({ names, barMs, settledByExchange, counters, output }: PairFeedOptions) {
    this.names = names
    this.barMs = barMs
    this.settledByExchange = settledByExchange
    this.counters = counters
    this.output = output
    this.candles = new PairCandles(names.pair, barMs, settledByExchange, {
      bar: bar => output.push(names.pair, { kind: 'bar', bar }),
      revision: bar => output.push(names.pair, { kind: 'revision', bar }),
      gap: (from, to) => output.push(names.pair, { kind: 'gap', pair: names.pair, from, to }),
      count: event => counters.add(event),
    })
  }

  /** Data of any kind arrived. */
  touch(now: TimeMs, mono: number): void {
    this.lastDataAt = now
    this.lastDataMono = mono
    if (this.state === 'stale') this.state = 'live'
    if (this.state === 'live') this.fresh()
  }

  trades(trades: readonly ExchangeTrade[], snapshot: boolean, now: TimeMs): void {
    if (snapshot) this.oldestSnapshotId = trades.reduce((a, t) => Math.min(a, t.id), trades[0]?.id ?? 0)
    if (this.state === 'live' || this.state === 'stale') {
      for (const trade of trades) this.apply(trade, !snapshot, now)
    } else for (const trade of trades) this.hold(trade, snapshot)
  }

  candle(candle: Candle): void {
    this.candles.exchangeCandle(candle)
  }

  /** Makes bars up to `end` final: at once where the pair is live, else when it is live again. */
  closeUntil(end: TimeMs): void {
    this.closeRequested = Math.max(this.closeRequested, end)
    if (this.state === 'live' || this.state === 'stale') this.candles.closeUntil(end)
  }

  isFinal(end: TimeMs): boolean {
    const until = this.candles.closedUntil
    return this.state !== 'live' || until === undefined || until >= end
  }

  /** A connection begins: trades are held until what was missed is known. */
  beginSync(): void {
    this.state = 'syncing'
    this.held = []
    this.oldestSnapshotId = undefined
  }

  /** True where the snapshot reaches back to the last trade seen, so that nothing is missing. */
  get covered(): boolean {
    const { lastTradeId, oldestSnapshotId } = this
    return lastTradeId !== undefined && oldestSnapshotId !== undefined && oldestSnapshotId <= lastTradeId + 1
  }

  /** Time of the oldest trade held back. */
  get heldSince(): TimeMs | undefined {
    return this.held[0]?.trade.time
  }

  /** A trade from the past changes candles, and is not handed on as a tick. */
  backfill(trade: ExchangeTrade): void {
    this.counters.add('backfilledTrades')
    this.candles.trade(trade)
    this.lastTradeId = Math.max(this.lastTradeId ?? 0, trade.id)
  }

  /** Ends the synchronisation: held trades are applied, then the pair is live. */
  goLive(now: TimeMs): void {
    const held = this.held
    this.held = []
    this.state = 'live'
    for (const { trade, snapshot } of held) this.apply(trade, !snapshot, now)
    if (this.closeRequested > 0) this.candles.closeUntil(this.closeRequested)
    this.fresh()
  }

  /** Kraken refused this pair's subscription. The next connection subscribes again. */
  refuse(): void {
    this.state = 'refused'
    this.becomeStale(this.lastDataAt)
  }

  /** The connection ended: trades are missed from here on. */
  offline(): void {
    if (this.state === 'missing') return
    this.state = 'offline'
    this.candles.missedSome(this.lastDataAt ?? 0)
    this.becomeStale(this.lastDataAt)
  }

  /** Marks the pair stale when its data is older than `staleMs`. */
  watch(mono: number, staleMs: number): void {
    if (this.state !== 'live' || mono - this.lastDataMono <= staleMs) return
    this.state = 'stale'
    this.becomeStale(this.lastDataAt)
  }

  status(): PairStatus {
    const { lastDataAt, staleSince, state } = this
    return { pair: this.names.pair, state, lastDataAt, staleSince, closedUntil: this.candles.closedUntil ?? null }
  }

  private hold(trade: ExchangeTrade, snapshot: boolean): void {
    if (this.held.length >= feedLimits.heldTrades) {
      this.counters.add('heldDropped')
      this.candles.missedSome(trade.time)
      return
    }
    this.held.push({ trade, snapshot })
  }

  private apply(trade: ExchangeTrade, tick: boolean, now: TimeMs): void {
    if (tick) this.checkSequence(trade, now)
    const outcome = this.candles.trade(trade)
    const pair = this.names.pair
    this.counters.add(tick ? `trades.${outcome}` : `snapshotTrades.${outcome}`)
    if (outcome !== 'duplicate') this.lastTradeId = trade.id
    if (tick && outcome === 'applied') {
      this.output.push(pair, { kind: 'trade', trade: { pair, ...trade } })
    }
  }

  private checkSequence(trade: ExchangeTrade, now: TimeMs): void {
    const missed = this.lastTradeId === undefined ? 0 : trade.id - this.lastTradeId - 1
    if (missed <= 0) return
    if (missed > missedAtMost) return this.counters.add('tradeIdJumps')
    this.counters.add('missedTrades', missed)
    this.candles.missedSome(now)
    if (!this.settledByExchange) this.output.repair(this)
  }

  private becomeStale(since: TimeMs | null): void {
    if (this.staleSince !== null) return
    this.staleSince = since ?? 0
    this.candles.stale = true
    this.counters.add('staleEpisodes')
    this.output.push(this.names.pair, { kind: 'stale', pair: this.names.pair, since: this.staleSince })
  }

  private fresh(): void {
    if (this.staleSince === null) return
    this.staleSince = null
    this.candles.stale = false
    this.output.push(this.names.pair, { kind: 'stale', pair: this.names.pair, since: null })
  }
}
