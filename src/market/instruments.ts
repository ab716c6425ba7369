/** Instruments by every name they go by: the 18 of the model from a table, the user's own from data, all others by generic rules. */

import { unknownName } from '../core/index.js'
import { defaultPairs } from './candle.js'
import type { OwnInstruments } from './own-instruments.js'
import { type Session, type SessionCalendar, sessionCalendar } from './session.js'
import { readSymbol } from './symbol.js'

/** One market: its names, and its grid of prices and quantities. */
export interface Instrument {
  /** The model's name for it, used in topics, tables and ids. */
  readonly pair: string
  readonly base: string
  /** The currency of its prices. The portfolios count in USD and take an amount in any other for as many USD. */
  readonly quote: string
  /** Kraken's REST id, its short name, its WebSocket (v1) name, and ccxt's (and WebSocket v2's) symbol. */
  readonly krakenId: string
  readonly altname: string
  readonly wsname: string
  readonly ccxtSymbol: string
  /** Every name of the base asset, its later ones included (MATIC became POL, EOS became A), upper case. */
  readonly bases: readonly string[]
  /** The asset that took over, under which the exchange may list the pair today. */
  readonly successor?: string
  /** Smallest price step, in the quote currency; null: six significant digits of the price. */
  readonly tickSize: number | null
  /** Decimals of a quantity; null: so many that the smallest step costs at most 0.01. */
  readonly lotDecimals: number | null
  /** Smallest order, in units of the base asset and in the quote currency. */
  readonly orderMin: number
  readonly costMinUsd: number
  /** When the market is open; absent: always. */
  readonly session?: Session
  /** True where the name is in no table and the figures are defaults. */
  readonly generic: boolean
}

/** A name as it was read: the instrument it means, and the base asset and quote currency that it says. */
export interface NamedInstrument {
  readonly instrument: Instrument
  readonly base: string
  readonly quote: string
}

interface Row {
  readonly base: string
  readonly others?: readonly string[]
  readonly successor?: string
  /** Kraken's short name for the base, where it is not `base`. */
  readonly kraken?: string
  /** Where the id is not the short name. */
  readonly id?: string
  readonly decimals: number
  readonly orderMin: number
}

/**
 * Price decimals and smallest orders as Kraken listed them in 2025 (delisted pairs: as last listed). The live feed
 * reports what the exchange says today where it differs.
 */
const rows: Readonly<Record<(typeof defaultPairs)[number], Row>> = {
  XXBTZUSD: { base: 'BTC', kraken: 'XBT', id: 'XXBTZUSD', others: ['XXBT'], decimals: 1, orderMin: 0.00005 },
  XETHZUSD: { base: 'ETH', id: 'XETHZUSD', others: ['XETH'], decimals: 2, orderMin: 0.001 },
  SOLUSD: { base: 'SOL', decimals: 2, orderMin: 0.02 },
  ADAUSD: { base: 'ADA', decimals: 6, orderMin: 4.4 },
  DOTUSD: { base: 'DOT', decimals: 4, orderMin: 0.8 },
  MATICUSD: { base: 'MATIC', others: ['POL'], successor: 'POL', decimals: 4, orderMin: 12 },
  UNIUSD: { base: 'UNI', decimals: 3, orderMin: 0.5 },
  LINKUSD: { base: 'LINK', decimals: 5, orderMin: 0.2 },
  DOGEUSD: { base: 'DOGE', kraken: 'XDG', others: ['XXDG'], decimals: 7, orderMin: 50 },
  AAVEUSD: { base: 'AAVE', decimals: 2, orderMin: 0.02 },
  ATOMUSD: { base: 'ATOM', decimals: 4, orderMin: 0.6 },
  ALGOUSD: { base: 'ALGO', decimals: 5, orderMin: 20 },
  XLMUSD: { base: 'XLM', id: 'XXLMZUSD', others: ['XXLM'], decimals: 6, orderMin: 20 },
  EOSUSD: { base: 'EOS', others: ['A'], successor: 'A', decimals: 4, orderMin: 7 },
  TRXUSD: { base: 'TRX', decimals: 6, orderMin: 20 },
  XTZUSD: { base: 'XTZ', decimals: 4, orderMin: 8 },
  NEARUSD: { base: 'NEAR', decimals: 3, orderMin: 1.5 },
  FILUSD: { base: 'FIL', decimals: 3, orderMin: 1 },
}

const common = { lotDecimals: 8, costMinUsd: 0.5 } as const

/** What an order in an instrument of no table must respect: steps that suit a price of 0.000005 as well as one of 100,000. */
const genericRules = { tickSize: null, lotDecimals: null, orderMin: 0, costMinUsd: common.costMinUsd } as const

/** The 18, in the model's order. */
export const instruments: readonly Instrument[] = defaultPairs.map(pair => {
  const { base, others = [], successor, kraken = base, id = `${kraken}USD`, decimals, orderMin } = rows[pair]
  return {
    pair,
    base,
    quote: 'USD',
    krakenId: id,
    altname: `${kraken}USD`,
    wsname: `${kraken}/USD`,
    ccxtSymbol: `${base}/USD`,
    bases: [...new Set([base, kraken, ...others])],
    ...(successor === undefined ? {} : { successor }),
    tickSize: Number(`1e-${decimals}`),
    orderMin,
    ...common,
    generic: false,
  }
})

const byName = new Map<string, NamedInstrument>()
for (const instrument of instruments) {
  for (const base of instrument.bases) {
    const named = (quote: string): NamedInstrument => ({ instrument, base, quote })
    for (const usd of ['', 'USD', 'ZUSD']) byName.set(base + usd, named('USD'))
    byName.set(`${base}USDT`, named('USDT'))
  }
}

/** Finds instruments by name: the user's own first, then the 18, then any symbol by generic rules. */
export class InstrumentTable {
  private readonly own = new Map<string, NamedInstrument>()

  constructor(own: OwnInstruments = {}) {
    for (const [name, rules] of Object.entries(own)) {
      const instrument = ownInstrument(name, rules)
      this.own.set(plain(instrument.pair), { instrument, base: instrument.base, quote: instrument.quote })
    }
  }

  /** True where the pair's rules are the user's own, and not those of the table. */
  isOwn(pair: string): boolean {
    return this.own.has(plain(pair))
  }

  /** Reads a name in any spelling (`XXBTZUSD`, `xbt/usd`, `BTC_USDT`, `BTC`, `XRPEUR`); undefined if it names no pair. */
  read(name: string): NamedInstrument | undefined {
    const written = this.own.get(plain(name))
    const found = byName.get(plain(name)) ?? genericNamed(name)
    if (written !== undefined && written.instrument.pair !== found?.instrument.pair) return written
    const own = this.own.get(plain(found?.instrument.pair ?? name))
    if (own === undefined) return found
    return found === undefined || found.instrument.generic ? own : { ...found, instrument: own.instrument }
  }

  /** The instrument of a name in any spelling; any other name throws an `OperatorError` with the nearest known one. */
  instrument(name: string): Instrument {
    const found = this.read(name)?.instrument
    if (found === undefined) throw unknownName('pair', name, [...defaultPairs, ...this.own.keys(), ...byName.keys()])
    return found
  }

  /** The calendar of a pair whose market closes; undefined of one that is always open. */
  calendar(name: string): SessionCalendar | undefined {
    const session = this.read(name)?.instrument.session
    return session === undefined ? undefined : sessionCalendar(session)
  }
}

/** The table without the user's own instruments. */
export const standardInstruments = new InstrumentTable()

/** As `InstrumentTable.instrument`, without the user's own instruments. */
export function instrument(name: string): Instrument {
  return standardInstruments.instrument(name)
}

/** The model's name of a pair in any spelling; a name that is no pair's stays as it is. */
export function pairName(name: string): string {
  return standardInstruments.read(name)?.instrument.pair ?? name
}

/** True for the pairs that synthetic markets beyond the 18 are made of: `SYN019USD`. */
export function isMadePair(pair: string): boolean {
  return /^SYN\d{1,6}USD$/.test(pair)
}

function plain(name: string): string {
  return name.toUpperCase().replace(/[/_\-: ]/g, '')
}

function genericNamed(name: string): NamedInstrument | undefined {
  const symbol = readSymbol(name)
  if (symbol === undefined) return undefined
  const { base, quote } = symbol
  const asset = krakensOwn.get(base)
  const names = asset === undefined ? named(base + quote, base, quote) : renamed(asset, quote)
  return { instrument: { ...names, ...genericRules, generic: true }, base, quote }
}

/** The assets that Kraken calls otherwise, by each of their names: `XBT` and `BTC` are one in every currency. */
const krakensOwn: ReadonlyMap<string, Instrument> = new Map(
  instruments
    .filter(({ base, altname, quote }) => altname !== base + quote)
    .flatMap(asset => asset.bases.map(base => [base, asset] as [string, Instrument])),
)

/** An asset of the table in another currency. */
function renamed({ base, bases, altname, krakenId, quote: own }: Instrument, quote: string) {
  const kraken = altname.slice(0, -own.length)
  const id = krakenId === altname || quote.length > 3 ? kraken + quote : krakenId.slice(0, -own.length) + quote
  const names = { krakenId: id, altname: kraken + quote, wsname: `${kraken}/${quote}`, ccxtSymbol: `${base}/${quote}` }
  return { pair: base + quote, base, quote, ...names, bases }
}

/** A field that the user's data leaves out is taken from the table, or is generic. */
function ownInstrument(name: string, own: OwnInstruments[string]): Instrument {
  const read = standardInstruments.read(name)
  // LINK in euros, or with a session, is something else than the coin of that name.
  const isCoin = read !== undefined && (name === read.instrument.pair || name.endsWith(read.quote))
  const known = isCoin || (own.session === undefined && own.quote === undefined) ? read?.instrument : undefined
  const start = known ?? { ...named(name, baseOf(name, own.quote), 'USD'), ...genericRules }
  return {
    ...start,
    quote: own.quote ?? start.quote,
    tickSize: own.tickSize ?? start.tickSize,
    lotDecimals: own.lotDecimals ?? start.lotDecimals,
    orderMin: own.orderMin ?? start.orderMin,
    costMinUsd: own.costMin ?? start.costMinUsd,
    ...(own.session === undefined ? {} : { session: own.session }),
    generic: false,
  }
}

function baseOf(name: string, quote: string | undefined): string {
  return quote !== undefined && name.length > quote.length && name.endsWith(quote) ? name.slice(0, -quote.length) : name
}

function named(pair: string, base: string, quote: string) {
  return {
    pair,
    base,
    quote,
    krakenId: pair,
    altname: pair,
    wsname: `${base}/${quote}`,
    ccxtSymbol: `${base}/${quote}`,
    bases: [base],
  }
}
