/** Symbols of pairs in no table, read as base asset and quote currency. */

/** Currencies that a symbol may end in, longer names before those they begin with. */
export const quotes = ['USDT', 'USDC', 'USD', 'EUR', 'GBP', 'AUD', 'CAD', 'CHF', 'JPY'] as const

/** `XRPUSD`; a base of one letter is too likely to be part of a word. */
const joined = new RegExp(`^([A-Z0-9]{2,16}?)(${quotes.join('|')})$`)
/** `XRP/USD`, `XRP_USDT`, `T-EUR`. */
const separated = new RegExp(`^([A-Z0-9]{1,16})[/_\\-: ](${quotes.join('|')})$`)
/** Kraken's older ids: `XXRPZEUR`. */
const kraken = /^X([A-Z0-9]{3})Z(USD|EUR|GBP|AUD|CAD|JPY)$/

/** The base and quote that a symbol says, or undefined where it says none. */
export function readSymbol(name: string): { readonly base: string; readonly quote: string } | undefined {
  const upper = name.toUpperCase()
  const [, base, quote] = kraken.exec(upper) ?? separated.exec(upper) ?? joined.exec(upper) ?? []
  return base === undefined || quote === undefined ? undefined : { base, quote }
}
