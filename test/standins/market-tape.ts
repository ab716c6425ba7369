/** Turns a market's ticks into trades as the stand-ins tell them: each bar of the market becomes one short bar of wall time. */

import { type Bar, BarFlag, type MarketSource } from '../../src/market/index.js'
import type { KrakenStandin } from './kraken/standin.js'
import type { MoatStandin } from './moats/standin.js'

export interface MarketTapeOptions {
  readonly source: MarketSource
  readonly kraken: KrakenStandin
  readonly moats?: MoatStandin
  /** Length of a bar in wall time: one market hour becomes one second. */
  readonly wallBarMs: number
}

/** Where in the bar its open, its extremes and its close are traded, as fractions. */
const moments = [0.05, 0.35, 0.6, 0.85]

/** Plays the source from the next whole wall bar on; the returned function stops it. */
export function playMarket(options: MarketTapeOptions): { stop(): void; readonly played: number } {
  const { source, kraken, moats, wallBarMs } = options
  const timers = new Set<NodeJS.Timeout>()
  const state = { stopped: false, played: 0 }
  const at = (time: number, act: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        if (!state.stopped) act()
      },
      Math.max(0, time - kraken.now()),
    )
    timers.add(timer)
  }
  const playBar = (start: number) => {
    at(start + wallBarMs, () => playBar(start + wallBarMs))
    const tick = source.next()
    if (tick === undefined) return
    state.played++
    for (const input of tick.inputs) {
      if (input.kind === 'signal') moats?.set(input.signal)
      if (input.kind === 'bar' && !(input.bar.flags & BarFlag.filled)) schedule(kraken, input.bar, start, wallBarMs, at)
    }
  }
  const now = kraken.now()
  const first = now - (now % wallBarMs) + wallBarMs
  at(first, () => playBar(first))
  return {
    stop() {
      state.stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
    get played() {
      return state.played
    },
  }
}

/** Four trades that walk open → nearer extreme → other extreme → close, so that the bar comes out as it was. */
function schedule(
  kraken: KrakenStandin,
  bar: Bar,
  start: number,
  wallBarMs: number,
  at: (time: number, act: () => void) => void,
): void {
  const symbol = kraken.symbolOf(bar.pair)
  if (symbol === undefined) return
  const upFirst = bar.close < bar.open
  const prices = [bar.open, upFirst ? bar.high : bar.low, upFirst ? bar.low : bar.high, bar.close]
  const volume = Math.max(bar.volume / prices.length, 1e-8)
  for (const [i, price] of prices.entries()) {
    const time = start + Math.floor((moments[i] ?? 0.5) * wallBarMs)
    // The exchange stamps a trade with its own time, however late a busy machine sends it.
    at(time, () => kraken.trade(symbol, price, volume, time))
  }
}
