/** Reads one WebSocket frame of Kraken (v2). It accepts the whole frame or refuses it with a reason, and never throws. */

import type { TimeMs } from '../../core/index.js'
import { type Candle, checkCandleNumbers, checkNumber, parseTime, type RejectReason } from '../../market/index.js'
import { feedLimits } from '../limits.js'

/** Why a frame was refused besides the values no candle may hold. */
export const frameRejectReasons = [
  'too-long',
  'unparseable',
  'not-an-object',
  'unknown-kind',
  'bad-shape',
  'unknown-symbol',
  'mixed-symbols',
  'future',
  'long-ago',
  'bad-trade-id',
] as const
export type FrameRejectReason = (typeof frameRejectReasons)[number] | RejectReason

/** A trade as the exchange reports it. */
export interface ExchangeTrade {
  /** Kraken numbers the trades of a pair one by one. */
  readonly id: number
  readonly time: TimeMs
  readonly price: number
  readonly volume: number
}

export type Frame =
  | { readonly kind: 'trades'; readonly symbol: string; readonly snapshot: boolean; readonly trades: readonly ExchangeTrade[] }
  | { readonly kind: 'candles'; readonly symbol: string; readonly snapshot: boolean; readonly candles: readonly Candle[] }
  | { readonly kind: 'ticker'; readonly symbol: string; readonly time: TimeMs | undefined }
  | { readonly kind: 'refused'; readonly symbol: string | undefined; readonly error: string }
  | { readonly kind: 'control'; readonly time: TimeMs | undefined }

export interface FrameContext {
  knows(symbol: string): boolean
  /** True for a stamp too far ahead of the clock. */
  isFuture(stamp: TimeMs): boolean
  /** Minutes of the candles subscribed to. */
  readonly interval: number | undefined
}

export type FrameReading = { readonly frame: Frame } | { readonly reject: FrameRejectReason }

/** Kraken opened in 2011; nothing it reports is older. */
const longAgoMs = 1_293_840_000_000
/** Longer runs of digits are no measurement, and a double could not hold them. */
const endlessDigits = /\d{31}|\d\.\d{30}/

class Refusal {
  constructor(readonly reason: FrameRejectReason) {}
}
type Fields = Readonly<Record<string, unknown>>

export function readFrame(raw: string, context: FrameContext): FrameReading {
  try {
    return { frame: read(raw, context) }
  } catch (error) {
    if (error instanceof Refusal) return { reject: error.reason }
    throw error
  }
}

function refuse(reason: FrameRejectReason): never {
  throw new Refusal(reason)
}

function read(raw: string, context: FrameContext): Frame {
  if (raw.length > feedLimits.frameLength) refuse('too-long')
  const message = parse(raw)
  if (typeof message !== 'object' || message === null || Array.isArray(message)) refuse('not-an-object')
  if (endlessDigits.test(raw)) refuse('too-many-digits')
  const fields = message as Fields
  if (fields.channel !== undefined) return readChannel(fields, context)
  return readReply(fields)
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return refuse('unparseable')
  }
}

function readChannel(fields: Fields, context: FrameContext): Frame {
  const channel = fields.channel
  if (channel === 'heartbeat' || channel === 'status') return { kind: 'control', time: undefined }
  if (channel !== 'trade' && channel !== 'ohlc' && channel !== 'ticker') refuse('unknown-kind')
  const snapshot = fields.type === 'snapshot'
  if (!snapshot && fields.type !== 'update') refuse('bad-shape')
  const entries = entriesOf(fields.data)
  const symbol = symbolOf(entries, context)
  if (channel === 'trade') return { kind: 'trades', symbol, snapshot, trades: entries.map(e => readTrade(e, context)) }
  if (channel === 'ohlc') return { kind: 'candles', symbol, snapshot, candles: entries.map(e => readCandle(e, context)) }
  return { kind: 'ticker', symbol, time: readTicker(entries[0] ?? {}, context) }
}

/** Answers to our own messages: acknowledgements, refusals, pongs. */
function readReply(fields: Fields): Frame {
  const method = fields.method
  if (method !== 'subscribe' && method !== 'unsubscribe' && method !== 'pong' && method !== 'ping') refuse('unknown-kind')
  if (fields.success === false || typeof fields.error === 'string') {
    const symbol = typeof fields.symbol === 'string' ? fields.symbol : undefined
    return { kind: 'refused', symbol, error: String(fields.error).slice(0, 200) }
  }
  return { kind: 'control', time: typeof fields.time_out === 'string' ? readStamp(fields.time_out) : undefined }
}

function entriesOf(data: unknown): readonly Fields[] {
  if (!Array.isArray(data) || data.length === 0 || data.length > feedLimits.entriesPerFrame) refuse('bad-shape')
  for (const entry of data) if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) refuse('bad-shape')
  return data
}

/** Kraken sends one symbol a frame, and ccxt looks at the first alone. */
function symbolOf(entries: readonly Fields[], context: FrameContext): string {
  const symbol = entries[0]?.symbol
  if (typeof symbol !== 'string' || !context.knows(symbol)) refuse('unknown-symbol')
  if (entries.some(e => e.symbol !== symbol)) refuse('mixed-symbols')
  return symbol
}

function readTrade(entry: Fields, context: FrameContext): ExchangeTrade {
  const price = number(entry.price)
  const volume = number(entry.qty)
  const time = stamp(entry.timestamp, context)
  const id = entry.trade_id
  if (!isTradeId(id)) refuse('bad-trade-id')
  const problem = tradeProblem(price, volume)
  if (problem !== undefined) refuse(problem)
  return { id, time, price, volume }
}

function readCandle(entry: Fields, context: FrameContext): Candle {
  const time = stamp(entry.interval_begin, context)
  const [open, high, low, close] = [number(entry.open), number(entry.high), number(entry.low), number(entry.close)]
  const volume = number(entry.volume)
  const trades = entry.trades === undefined ? Number.NaN : number(entry.trades)
  if (context.interval === undefined || entry.interval !== context.interval) refuse('bad-shape')
  const problem = checkCandleNumbers(time, open, high, low, close, volume, trades)
  if (problem !== undefined) refuse(problem)
  if (time % (context.interval * 60_000) !== 0) refuse('off-grid')
  return { time, open, high, low, close, volume, ...(Number.isNaN(trades) ? {} : { trades }) }
}

/** A ticker only shows that data arrive; its figures are not used. A malformed one is counted all the same. */
function readTicker(entry: Fields, context: FrameContext): TimeMs | undefined {
  const last = number(entry.last)
  const volume = number(entry.volume)
  const problem = last === 0 && volume === 0 ? undefined : tickerProblem(last, volume)
  if (problem !== undefined) refuse(problem)
  return entry.timestamp === undefined ? undefined : stamp(entry.timestamp, context)
}

function tickerProblem(last: number, volume: number): FrameRejectReason | undefined {
  return checkCandleNumbers(0, last, last, last, last, volume, Number.NaN)
}

/** Why no trade can have this price and volume; the volume of a trade is above zero. */
export function tradeProblem(price: number, volume: number): RejectReason | undefined {
  return checkCandleNumbers(0, price, price, price, price, volume, Number.NaN) ?? (volume > 0 ? undefined : 'negative-volume')
}

export function isTradeId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0
}

function number(value: unknown): number {
  const problem = checkNumber(value)
  if (problem !== undefined) refuse(problem)
  return value as number
}

function stamp(value: unknown, context: FrameContext): TimeMs {
  const time = readStamp(value)
  if (time === undefined) return refuse('bad-time')
  if (time < longAgoMs) refuse('long-ago')
  if (context.isFuture(time)) refuse('future')
  return time
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** Kraken's stamps: UTC, up to nine decimals of a second, cut to the millisecond. */
export function readStamp(value: unknown): TimeMs | undefined {
  if (typeof value !== 'string' || !rfc3339.test(value)) return undefined
  const time = parseTime(value.length > 24 ? `${value.slice(0, 23)}Z` : value)
  return Number.isFinite(time) ? time : undefined
}
