/** The frames of Kraken's WebSocket v2, as text. */

import type { Candle } from '../../../src/market/index.js'
import type { TapeTrade } from './tape.js'

type Kind = 'snapshot' | 'update'

/** Kraken writes microseconds. */
export const stampOf = (time: number): string => new Date(time).toISOString().replace('Z', '000Z')

export function statusFrame(): string {
  return frame('status', 'update', [{ version: '2.0.10', system: 'online', api_version: 'v2', connection_id: 6447481662169813 }])
}

export const heartbeatFrame = JSON.stringify({ channel: 'heartbeat' })

export function pongFrame(requestId: unknown, now: number): string {
  return JSON.stringify({ method: 'pong', req_id: requestId, time_in: stampOf(now), time_out: stampOf(now) })
}

export function acknowledgement(channel: string, symbol: string, requestId: unknown, now: number): string {
  const times = { time_in: stampOf(now), time_out: stampOf(now) }
  return JSON.stringify({
    method: 'subscribe',
    result: { channel, symbol, snapshot: true },
    success: true,
    ...times,
    req_id: requestId,
  })
}

export function refusal(symbol: string, requestId: unknown, now: number): string {
  const error = `Currency pair not supported ${symbol}`
  return JSON.stringify({
    error,
    method: 'subscribe',
    req_id: requestId,
    success: false,
    symbol,
    time_in: stampOf(now),
    time_out: stampOf(now),
  })
}

export function tradeFrame(kind: Kind, symbol: string, trades: readonly TapeTrade[]): string {
  return frame(
    'trade',
    kind,
    trades.map(t => ({
      symbol,
      side: t.side,
      price: t.price,
      qty: t.volume,
      ord_type: 'market',
      trade_id: t.id,
      timestamp: stampOf(t.time),
    })),
  )
}

export function tickerFrame(kind: Kind, symbol: string, last: number, now: number): string {
  const tick = { symbol, bid: last, bid_qty: 2.5, ask: last, ask_qty: 3.2, last, volume: 100, vwap: last, low: last, high: last }
  return frame('ticker', kind, [{ ...tick, change: 0, change_pct: 0, timestamp: stampOf(now) }])
}

export function candleFrame(kind: Kind, symbol: string, interval: number, candles: readonly Candle[]): string {
  return frame(
    'ohlc',
    kind,
    candles.map(c => ({
      symbol,
      open: c.open,
      high: c.high,
      low: c.low,
      close: c.close,
      trades: c.trades ?? 0,
      volume: c.volume,
      vwap: c.close,
      interval_begin: stampOf(c.time).replace('000Z', '000000Z'),
      interval,
    })),
  )
}

function frame(channel: string, type: Kind, data: unknown[]): string {
  return JSON.stringify({ channel, type, data })
}
