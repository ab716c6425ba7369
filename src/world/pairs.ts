/** The pairs of a run: the table they are looked up in, and notes about them for the operator. */

import { z } from 'zod'
import { type Instrument, InstrumentTable, isMadePair, ownInstrumentsSchema, sessionCalendar } from '../market/index.js'
import { parseParameters } from '../model/index.js'
import type { CommonRequest } from './run-request.js'

/** The table that a run looks its pairs up in: its own instruments first. */
export function instrumentsOf(params: Record<string, unknown>): InstrumentTable {
  return new InstrumentTable(ownInstrumentsSchema.optional().parse(params.instruments))
}

/** The table with instruments as a file gives them, which are checked. */
export function instrumentTable(given: Readonly<Record<string, unknown>> | undefined): InstrumentTable {
  const schema = z.object({ instruments: ownInstrumentsSchema.optional() })
  return new InstrumentTable(parseParameters(schema, { instruments: given }).instruments)
}

/** A note for each pair that needs one; `params` are checked and complete. */
export function pairNotes({ pairs, params: given }: CommonRequest, params: Record<string, unknown>): string[] {
  const instruments = instrumentsOf(params)
  const names = pairs ?? (given?.pairs as readonly string[] | undefined) ?? (params.pairs as readonly string[] | undefined) ?? []
  return [...new Set(names)].flatMap(name => {
    const read = instruments.read(name)
    if (read === undefined) return []
    const { instrument, quote } = read
    return [
      ...genericNote(instrument),
      ...sessionNote(instrument),
      ...quoteNote(instrument),
      ...otherQuoteNote(name, quote, instrument),
    ]
  })
}

function genericNote({ pair, generic, tickSize, lotDecimals, costMinUsd, quote }: Instrument): string[] {
  if (!generic || isMadePair(pair)) return []
  const price = tickSize === null ? 'prices of six significant digits' : `price step ${tickSize}`
  const lot = lotDecimals === null ? `quantities in steps of at most 0.01 ${quote}` : `${lotDecimals} decimals of quantity`
  const rules = `${price}, ${lot}, orders from ${costMinUsd} ${quote}`
  return [`${pair} is in no table of instruments and trades by generic rules: ${rules}.`]
}

function sessionNote({ pair, session }: Instrument): string[] {
  if (session === undefined) return []
  const { timeZone, daysAYear } = sessionCalendar(session)
  const hours = session === 'NYSE' ? 'in the hours of NYSE' : `from ${session.open} to ${session.close}, ${timeZone}`
  return [`${pair} trades ${hours}: horizons count its bars, and annual figures ${daysAYear} days.`]
}

function quoteNote({ pair, quote }: Instrument): string[] {
  return quote === 'USD' ? [] : [`${pair} is quoted in ${quote}: the portfolios take 1 ${quote} for 1 USD.`]
}

function otherQuoteNote(name: string, quote: string, { pair, quote: own }: Instrument): string[] {
  return quote === own ? [] : [`${name} is taken as ${pair}, which is quoted in ${own} and not in ${quote}.`]
}
