/** The 18 pairs of the model by every name they go by, with what an order must respect. */

import { OperatorError, unknownName } from '../core/index.js'
import { defaultPairs } from './candle.js'

/** One market: its names, its grid of prices and quantities, and its fees. */
export interface Instrument {
  /** The model's name for it, used in topics, tables and ids. */
  readonly pair: string
  readonly base: string
  /** Kraken's REST id, its short name, its WebSocket (v1) name, and ccxt's (and WebSocket v2's) symbol. */
  readonly krakenId: string
  readonly altname: string
  readonly wsname: string
  readonly ccxtSymbol: string
  /** Every name of the base asset, its later ones included (MATIC became POL, EOS became A), upper case. */
  readonly bases: readonly string[]
  /** The asset that took over, under which the exchange may list the pair today. */
  readonly successor?: string
  /** Smallest price step, USD. */
  readonly tickSize: number
  /** Decimals of a quantity. */
  readonly lotDecimals: number
  /** Smallest order, in units of the base asset and in USD. */
  readonly orderMin: number
  readonly costMinUsd: number
  /** Fractions of the notional at the lowest volume tier. */
  readonly takerFee: number
  readonly makerFee: number
  /** True where the name is in no table and the figures are defaults. */
  readonly generic: boolean
}

/** What a file, message or person may write after the base asset. */
export type Quote = 'USD' | 'USDT'

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

const common = { lotDecimals: 8, costMinUsd: 0.5, takerFee: 0.004, makerFee: 0.0025 } as const

/** The 18, in the model's order. */
export const instruments: readonly Instrument[] = defaultPairs.map(pair => {
  const { base, others = [], successor, kraken = base, id = `${kraken}USD`, decimals, orderMin } = rows[pair]
  return {
    pair,
    base,
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

interface Named {
  readonly instrument: Instrument
  readonly base: string
  readonly quote: Quote
}

const byName = new Map<string, Named>()
for (const instrument of instruments) {
  for (const base of instrument.bases) {
    const named = (quote: Quote): Named => ({ instrument, base, quote })
    for (const usd of ['', 'USD', 'ZUSD']) byName.set(base + usd, named('USD'))
    byName.set(`${base}USDT`, named('USDT'))
  }
}

/** Reads a name in any spelling (`XXBTZUSD`, `xbt/usd`, `BTC_USDT`, `BTC`) as instrument, base as written, and quote. */
export function readPairName(name: string): Named | undefined {
  return byName.get(name.toUpperCase().replace(/[/_\-: ]/g, ''))
}

/** The instrument of a name in any spelling, or undefined where no table row has it. */
export function findInstrument(name: string): Instrument | undefined {
  return readPairName(name)?.instrument
}

/** The instrument of a name in any spelling; an unknown one throws an `OperatorError` with the nearest known name. */
export function instrument(name: string): Instrument {
  const found = findInstrument(name)
  if (found === undefined) throw unknownName('pair', name, [...defaultPairs, ...byName.keys()])
  return found
}

const genericName = /^[A-Z0-9]{2,16}USD$/

/**
 * As `instrument`, but a name in no table (`SYN019USD`: models with more than 18 made pairs) gets a plain instrument:
 * tick 0.0001, eight lot decimals, no smallest quantity, 0.50 USD smallest order, the usual fees.
 */
export function instrumentFor(pair: string): Instrument {
  const known = findInstrument(pair)
  if (known !== undefined) return known
  if (!genericName.test(pair)) {
    throw new OperatorError({ what: 'pair', expected: 'capital letters and digits ending in USD, e.g. SYN019USD', got: pair })
  }
  const base = pair.slice(0, -3)
  return {
    pair,
    base,
    krakenId: pair,
    altname: pair,
    wsname: `${base}/USD`,
    ccxtSymbol: `${base}/USD`,
    bases: [base],
    tickSize: 1e-4,
    orderMin: 0,
    ...common,
    generic: true,
  }
}
