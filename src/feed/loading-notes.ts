/** What an operator should know of candles that were loaded: what was read, joined, refused and passed over. */

import { basename } from 'node:path'
import type { CandleSeries, InstrumentTable, RejectCounts } from '../market/index.js'
import type { ChosenFile, LoadedCandles, OtherTimeframe, OutsideFile } from './files.js'

/** Most names listed one by one. */
const mostNamed = 8

/** A line for each file that was read, and for everything that was not. */
export function loadingNotes(loaded: LoadedCandles, instruments: InstrumentTable): string[] {
  const { files, missing, outside, otherTimeframes, outOfRange, unread, rejected } = loaded
  const notes = files.map(file => `${file.pair}: ${file.path} (${barsOf(file)}${inOtherQuote(file, instruments)})`)
  notes.push(
    ...outOfRange.map(file => `${file.pair}: ${file.path} has no bar in the range asked for (${file.from} to ${file.to})`),
  )
  for (const [pair, series] of loaded.series) notes.push(...volumeNotes(pair, series, files))
  if (missing.length > 0) notes.push(`No candles for ${missing.join(', ')}: their miners idle.`)
  if (outside.length > 0) notes.push(`Outside the chosen pairs, and not read: ${listed(outside)}.`)
  if (otherTimeframes.length > 0) notes.push(`Of another timeframe, and not read: ${timeframes(otherTimeframes)}.`)
  for (const { path, why } of unread.slice(0, mostNamed)) notes.push(`Not read: ${path}; ${why}.`)
  if (unread.length > mostNamed) notes.push(`Not read: ${unread.length - mostNamed} more files.`)
  return [...notes, ...rejectNotes(rejected)]
}

/** A line for each reason for which rows were rejected. */
export function rejectNotes(rejected: RejectCounts): string[] {
  return Object.entries(rejected).map(([reason, n]) => `${n} rows rejected: ${reason}.`)
}

/** How many bars of a file there are, how many of them stand where several files of the pair are joined, and where they differ. */
function barsOf({ rows, silent, bars, differing, firstDiffering }: ChosenFile): string {
  const used = bars === rows - silent ? `${rows} bars` : `${rows} bars, ${bars} of them in no file before`
  if (differing === 0) return used
  const more = differing > firstDiffering.length ? ', …' : ''
  return `${used}; its other prices or volumes at ${differing} times are not taken: ${firstDiffering.join(', ')}${more}`
}

/** A file may be quoted in another currency than its pair. Prices are not converted, so the operator gets a note. */
function inOtherQuote({ pair, quote }: ChosenFile, instruments: InstrumentTable): string {
  const own = instruments.instrument(pair).quote
  return quote === own ? '' : `, quoted in ${quote}: 1 ${quote} is taken for 1 ${own}`
}

/** A row without volume is an interval without trades, unless no row of its file has one: then the volumes are unknown. */
function volumeNotes(pair: string, series: CandleSeries, files: readonly ChosenFile[]): string[] {
  const silent = files.reduce((sum, file) => sum + (file.pair === pair ? file.silent : 0), 0)
  const unknown = series.volume.subarray(0, series.length).filter(volume => volume === 0).length
  const notes: string[] = []
  if (silent === 1) notes.push(`${pair}: 1 row of volume 0 is an interval without trades.`)
  if (silent > 1) notes.push(`${pair}: ${silent} rows of volume 0 are intervals without trades.`)
  if (unknown === series.length) notes.push(`${pair}: no row has a volume, so volumes are unknown.`)
  else if (unknown > 0) notes.push(`${pair}: ${unknown} bars are from files without volumes, so theirs are unknown.`)
  return notes
}

function listed(outside: readonly OutsideFile[]): string {
  const named = outside.slice(0, mostNamed).map(({ pair, path }) => `${pair} (${basename(path)})`)
  const more = outside.length - named.length
  return more > 0 ? `${named.join(', ')} and ${more} more pairs` : named.join(', ')
}

function timeframes(others: readonly OtherTimeframe[]): string {
  return others
    .map(({ timeframe, paths }) => `${paths.length === 1 ? basename(paths[0] ?? '') : `${paths.length} files`} of ${timeframe}`)
    .join(', ')
}
