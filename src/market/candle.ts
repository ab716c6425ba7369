/** A candle as every source gives it, and the bar message made of it. */

import type { TimeMs } from '../core/index.js'

/** One interval [time, time + barMs). Prices in USD per unit, volume in units of the base asset. */
export interface Candle {
  /** Start of the interval. */
  readonly time: TimeMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Number of trades, where the source knows it. */
  readonly trades?: number
}

/** What a bar is besides its numbers; a set of bits. */
export const BarFlag = {
  /** No trade in the interval: previous close, volume 0. For display only: no observation, no fill price, not an existing bar. */
  filled: 1,
  /** The source has been silent for longer than it should. */
  stale: 2,
  /** A move so large that entries wait (×10, /10). */
  outlier: 8,
  /** A price in it was not believed, and was brought back to what accepted prints show. */
  corrected: 16,
  /** Nobody watched the market for all of it: what was reached in it is left later, at a price that somebody saw. */
  unwatched: 32,
} as const

/** A closed bar as a DataMiner publishes it, at `time + barMs`. */
export interface Bar extends Candle {
  readonly pair: string
  readonly barMs: number
  readonly flags: number
}

/** A single trade of the market (live: ticks too). */
export interface MarketTrade {
  readonly pair: string
  /** The exchange's number of the trade, where it has one: it tells two trades of one instant apart. */
  readonly id?: number
  readonly time: TimeMs
  readonly price: number
  readonly volume: number
}

/** One value of a moat stream. */
export interface MoatSignal<M extends OutsideMoat = Moat> {
  readonly moat: M
  /** The stream's key on its channel: a language, region or sector. */
  readonly stream: string
  readonly time: TimeMs
  readonly value: number
  /** Noise standing in for a stream without data: any discovery in it is false. */
  readonly placebo: boolean
}

/** The four moats beside finance. */
export const moats = ['code', 'logistics', 'government', 'corporations'] as const
/** One of the four families of data from outside the market. */
export type Moat = (typeof moats)[number]

/** A family of data from outside the market, or the network, whose values are made of scans. */
export type OutsideMoat = Moat | 'network'
export const outsideMoats: readonly OutsideMoat[] = [...moats, 'network']

/** The moats' default streams: the last part of their channels. */
export const moatStreams: Readonly<Record<Moat, readonly string[]>> = {
  code: ['Python', 'Rust', 'TypeScript', 'Solidity', 'Go'],
  logistics: ['US-West', 'US-East', 'Europe', 'Asia', 'Gulf'],
  government: ['US-Federal', 'US-Treasury', 'EU', 'UK', 'Asia'],
  corporations: ['Tech', 'Finance', 'Energy', 'Retail', 'Industry'],
}

/** The 18 pairs of the model. */
export const defaultPairs = [
  'XXBTZUSD',
  'XETHZUSD',
  'SOLUSD',
  'ADAUSD',
  'DOTUSD',
  'MATICUSD',
  'UNIUSD',
  'LINKUSD',
  'DOGEUSD',
  'AAVEUSD',
  'ATOMUSD',
  'ALGOUSD',
  'XLMUSD',
  'EOSUSD',
  'TRXUSD',
  'XTZUSD',
  'NEARUSD',
  'FILUSD',
] as const

/** An interval without trades: the previous close, volume 0, flagged; for display only. */
export function filledBar(pair: string, time: TimeMs, previousClose: number, barMs: number): Bar {
  const p = previousClose
  return { pair, time, barMs, open: p, high: p, low: p, close: p, volume: 0, flags: BarFlag.filled }
}
