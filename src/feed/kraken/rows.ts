/** Reads responses of Kraken's REST interface: rows of candles and of trades, each accepted or refused with a reason. */

import type { TimeMs } from '../../core/index.js'
import { type Candle, checkCandleNumbers, parseDecimal, type RejectReason, whyNoNumber } from '../../market/index.js'
import { type ExchangeTrade, isTradeId, tradeProblem } from './frame.js'

export interface Rows<T> {
  readonly rows: readonly T[]
  /** Where the next page begins, as Kraken gave it. */
  readonly last: string | undefined
  readonly rejected: readonly (RejectReason | 'bad-shape' | 'bad-trade-id')[]
}

/** `{result: {ID: [[t, "o", "h", "l", "c", "vwap", "volume", count], …], last}}`; the last row is the candle in progress. */
export function readCandleRows(answer: unknown, id: string): Rows<Candle> {
  return readRows(answer, id, row => {
    if (row.length < 8) return 'bad-shape'
    const [time, count] = [Number(row[0]) * 1000, Number(row[7])]
    const values = [row[1], row[2], row[3], row[4], row[6]].map(decimalOf)
    const wrong = values.find(v => typeof v === 'string')
    if (wrong !== undefined) return wrong
    const [open, high, low, close, volume] = values as [number, number, number, number, number]
    const problem = checkCandleNumbers(time, open, high, low, close, volume, count)
    return problem ?? { time, open, high, low, close, volume, trades: count }
  })
}

/** `{result: {ID: [["price", "volume", seconds, "b"|"s", "l"|"m", "", id], …], last}}`. */
export function readTradeRows(answer: unknown, id: string): Rows<ExchangeTrade> {
  return readRows(answer, id, row => {
    if (row.length < 7) return 'bad-shape'
    const price = decimalOf(row[0])
    const volume = decimalOf(row[1])
    const time = Math.floor(Number(row[2]) * 1000)
    if (typeof price === 'string') return price
    if (typeof volume === 'string') return volume
    if (!Number.isSafeInteger(time) || time <= 0) return 'bad-time'
    const tradeId = row[6]
    if (!isTradeId(tradeId)) return 'bad-trade-id'
    return tradeProblem(price, volume) ?? { id: tradeId, time, price, volume }
  })
}

function readRows<T extends object>(
  answer: unknown,
  id: string,
  read: (row: readonly unknown[]) => T | Rows<T>['rejected'][number],
): Rows<T> {
  const result = (answer as { result?: Record<string, unknown> } | null)?.result
  const raw = result?.[id]
  if (!Array.isArray(raw)) return { rows: [], last: undefined, rejected: ['bad-shape'] }
  const rows: T[] = []
  const rejected: Rows<T>['rejected'][number][] = []
  for (const row of raw) {
    const got = Array.isArray(row) ? read(row) : 'bad-shape'
    if (typeof got === 'string') rejected.push(got)
    else rows.push(got)
  }
  return { rows, last: result?.last === undefined ? undefined : String(result.last), rejected }
}

/** Kraken writes prices and volumes as text here. */
function decimalOf(value: unknown): number | RejectReason {
  if (typeof value !== 'string') return value === null || value === undefined ? 'null' : 'text'
  const parsed = parseDecimal(value, 0, value.length)
  return Number.isNaN(parsed) ? whyNoNumber(value, 0, value.length) : parsed
}

/** Candles of `barMs` put together from smaller ones, oldest first. */
export function gatherCandles(candles: readonly Candle[], barMs: number): Candle[] {
  const gathered: Candle[] = []
  for (const c of candles) {
    const time: TimeMs = c.time - (c.time % barMs)
    const last = gathered.at(-1)
    if (last === undefined || last.time !== time) gathered.push({ ...c, time })
    else gathered[gathered.length - 1] = joined(last, c)
  }
  return gathered
}

/** Intervals without a trade repeat an older close, which is used as a price of this bar only where no trade gives one. */
function joined(a: Candle, b: Candle): Candle {
  if (b.volume === 0) return a
  if (a.volume === 0) return { ...b, time: a.time }
  return {
    time: a.time,
    open: a.open,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
    trades: (a.trades ?? 0) + (b.trades ?? 0),
  }
}
