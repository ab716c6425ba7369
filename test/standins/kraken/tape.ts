/** Everything that was traded at the stand-in: the one truth its REST and its socket both tell from. */

import type { Candle } from '../../../src/market/index.js'

export interface TapeTrade {
  readonly id: number
  readonly time: number
  readonly price: number
  readonly volume: number
  readonly side: 'buy' | 'sell'
}

const kept = 20_000

export class Tape {
  private readonly trades = new Map<string, TapeTrade[]>()
  private readonly nextId = new Map<string, number>()
  private readonly written = new Map<string, Map<number, Candle>>()

  add(symbol: string, time: number, price: number, volume: number, side: 'buy' | 'sell' = 'buy'): TapeTrade {
    const id = this.nextId.get(symbol) ?? 1_000
    this.nextId.set(symbol, id + 1)
    const trade = { id, time, price, volume, side }
    const list = this.list(symbol)
    list.push(trade)
    if (list.length > kept) list.shift()
    return trade
  }

  /** Candles of before the first trade, or instead of those made of trades. */
  write(symbol: string, intervalMs: number, candles: readonly Candle[]): void {
    const key = `${symbol}/${intervalMs}`
    const map = this.written.get(key) ?? new Map<number, Candle>()
    this.written.set(key, map)
    for (const c of candles) map.set(c.time, c)
  }

  list(symbol: string): TapeTrade[] {
    const list = this.trades.get(symbol) ?? []
    this.trades.set(symbol, list)
    return list
  }

  last(symbol: string): TapeTrade | undefined {
    return this.list(symbol).at(-1)
  }

  since(symbol: string, time: number, limit = 1000): TapeTrade[] {
    return this.list(symbol)
      .filter(t => t.time > time)
      .slice(0, limit)
  }

  candle(symbol: string, intervalMs: number, time: number): Candle | undefined {
    const written = this.written.get(`${symbol}/${intervalMs}`)?.get(time)
    if (written !== undefined) return written
    const inside = this.list(symbol).filter(t => t.time >= time && t.time < time + intervalMs)
    const first = inside[0]
    if (first === undefined) return undefined
    return {
      time,
      open: first.price,
      high: Math.max(...inside.map(t => t.price)),
      low: Math.min(...inside.map(t => t.price)),
      close: inside.at(-1)?.price ?? first.price,
      volume: inside.reduce((sum, t) => sum + t.volume, 0),
      trades: inside.length,
    }
  }

  /** The last `count` intervals up to and with the one holding `now`; empty ones repeat the close, as Kraken's REST does. */
  candles(symbol: string, intervalMs: number, now: number, count = 720): Candle[] {
    const end = now - (now % intervalMs)
    const out: Candle[] = []
    for (let time = end - (count - 1) * intervalMs; time <= end; time += intervalMs) {
      const c = this.candle(symbol, intervalMs, time)
      const before = out.at(-1)
      if (c !== undefined) out.push(c)
      else if (before !== undefined) out.push(flat(time, before.close))
    }
    return out
  }
}

function flat(time: number, close: number): Candle {
  return { time, open: close, high: close, low: close, close, volume: 0, trades: 0 }
}
