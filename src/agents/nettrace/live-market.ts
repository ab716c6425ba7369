/** What only a live market brings, and what it does to a latency model: warming up, a clock that is off, prints that are doubted, outages. */

import type { TimeMs } from '../../core/index.js'
import {
  acceptsPrint,
  type Bar,
  beginOutage,
  endOutage,
  guardedBar,
  type MarketInput,
  missInterval,
  newPrintGuard,
  type PrintGuard,
} from '../../market/index.js'
import { demandsSame, type InstrumentRules, type TradingRules } from '../../trading/index.js'
import type { LiveInput } from '../mycelial/live-inputs.js'
import type { OperatorRecord } from '../mycelial/operator.js'
import { isFromBefore } from '../mycelial/watched.js'

/** The state of a live run, as plain data. A simulated run has none. */
export interface NetLive {
  warming: boolean
  clockOffSince: TimeMs | undefined
  linkDownSince: TimeMs | null
  /** Since when this process watches again; undefined: it always has. */
  watchedSince: TimeMs | undefined
  /** Which prints and bars of a pair are believed. */
  readonly guards: Map<string, PrintGuard>
  /** By pair: until when bars of it are lost to this run. */
  readonly unseen: Map<string, TimeMs>
}

export function newNetLive(): NetLive {
  return {
    warming: false,
    clockOffSince: undefined,
    linkDownSince: null,
    watchedSince: undefined,
    guards: new Map(),
    unseen: new Map(),
  }
}

/** The latency model, as the live market needs it. */
export interface LiveNet {
  live?: NetLive
  operator?: OperatorRecord
  readonly now: TimeMs
  readonly barMs: number
  readonly pairs: readonly string[]
  readonly rules: Map<string, InstrumentRules>
  readonly traders: Iterable<LiveTrader>
  /** Whether the user wrote the rules of its orders. */
  isOwnInstrument(pair: string): boolean
}

interface LiveTrader {
  demand(pair: string, rules: InstrumentRules): void
  missedBar(bar: Bar): void
}

/** The bar as far as it may be believed; a simulated market is believed as it is. */
export function believedBar({ live }: Pick<LiveNet, 'live'>, bar: Bar): Bar {
  const guard = live?.guards.get(bar.pair)
  return guard === undefined ? bar : guardedBar(guard, bar)
}

/** Takes what a live market brings besides its bars. A trade only says which bars are believed: orders fill at the open of bars. */
export function takeLiveMarket(model: LiveNet, input: LiveInput | MarketInput): void {
  if (input.kind === 'revision' || input.kind === 'signal') return
  model.live ??= newNetLive()
  const { live, now } = model
  switch (input.kind) {
    case 'warmup':
      live.warming = input.on
      for (const guard of guardsOf(model)) setOutage(guard, input.on ? 0 : null, now)
      return
    case 'clock':
      live.clockOffSince = input.since ?? undefined
      return
    case 'link':
      live.linkDownSince = input.since
      return
    case 'unwatched':
      live.watchedSince = now
      for (const pair of model.pairs) live.unseen.set(pair, now)
      for (const guard of guardsOf(model)) missInterval(guard, input.since, now)
      return
    case 'gap':
      live.unseen.set(input.pair, input.to)
      return missInterval(guardOf(model, live, input.pair), input.from, input.to)
    case 'trade':
      if (!isFromBefore({ now, watchedSince: live.watchedSince }, input.trade))
        acceptsPrint(guardOf(model, live, input.trade.pair), input.trade)
      return
    case 'history':
      for (const bar of input.bars) {
        const believed = guardedBar(guardOf(model, live, bar.pair), bar)
        for (const trader of model.traders) trader.missedBar(believed)
      }
      return
    case 'rules':
      return demand(model, input.pair, input.rules)
  }
}

/** Whether nobody has data of the pair: its guard waits for two prints that agree, once they flow again. */
export function pairStale({ live, now }: Pick<LiveNet, 'live' | 'now'>, pair: string, since: TimeMs | null): void {
  const guard = live?.guards.get(pair)
  if (guard !== undefined) setOutage(guard, since, now)
}

function setOutage(guard: PrintGuard, since: TimeMs | null, now: TimeMs): void {
  if (since === null) endOutage(guard, now)
  else beginOutage(guard, since)
}

function guardsOf(model: LiveNet): PrintGuard[] {
  const { live } = model
  return live === undefined ? [] : model.pairs.map(pair => guardOf(model, live, pair))
}

function guardOf({ barMs }: Pick<LiveNet, 'barMs'>, { guards }: NetLive, pair: string): PrintGuard {
  const guard = guards.get(pair) ?? newPrintGuard(barMs)
  guards.set(pair, guard)
  return guard
}

/** Orders from now on obey what the exchange demands; what the user wrote of an instrument stays in force. */
function demand(model: LiveNet, pair: string, demanded: TradingRules): void {
  const { rules, traders } = model
  const before = rules.get(pair)
  if (before === undefined || demandsSame(before, demanded) || model.isOwnInstrument(pair)) return
  const after = { ...demanded, ...(before.session === undefined ? {} : { session: before.session }) }
  rules.set(pair, after)
  for (const trader of traders) trader.demand(pair, after)
}
