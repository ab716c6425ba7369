/** `mycelia data import`: rewrites candle files of any known format into one folder in Kraken's OHLCVT layout. */

import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { type CandleSeries, ohlcvtLine, standardInstruments } from '../market/index.js'
import { ohlcvtFileName } from './file-names.js'
import { type ChosenFile, type LoadCandlesOptions, loadCandles } from './files.js'
import { loadingNotes } from './loading-notes.js'
import { readable } from './read-text.js'

/** Which files are imported, and where to. */
export interface ImportCandlesOptions extends LoadCandlesOptions {
  /** The folder to write into; made where absent. A file already there is never overwritten. */
  readonly into: string
}

/** One file that an import wrote. */
export interface ImportedFile {
  readonly pair: string
  readonly path: string
  readonly rows: number
  /** The files that were joined in it, the one that stands first. */
  readonly sources: readonly ChosenFile[]
}

/** The files that an import wrote. */
export interface ImportedCandles {
  readonly files: readonly ImportedFile[]
  readonly missing: readonly string[]
  /** What was read, joined, refused and passed over, a line each. */
  readonly notes: readonly string[]
}

/**
 * Picks and joins files as `loadCandles` does and writes one `XBTUSD_60.csv` a pair, named in the currency of the file that stands first;
 * an unknown number of trades stays empty.
 */
export async function importCandles(options: ImportCandlesOptions): Promise<ImportedCandles> {
  const loaded = await loadCandles(options)
  const { instruments = standardInstruments, into } = options
  const files = [...loaded.series].map(([pair, candles]): ImportedFile & { candles: CandleSeries } => {
    const sources = loaded.files.filter(file => file.pair === pair)
    const name = ohlcvtFileName(instruments.instrument(pair), loaded.barMs, sources[0]?.quote)
    return { pair, path: join(into, name), rows: candles.length, sources, candles }
  })
  for (const { path } of files) await refuseExisting(path)
  const written: ImportedFile[] = []
  for (const { candles, ...file } of files) {
    await writeCandleFile(file.path, candles)
    written.push(file)
  }
  return { files: written, missing: loaded.missing, notes: [...loadingNotes(loaded, instruments), ...volumeNotes(files)] }
}

/** A joined file cannot say of which of its rows the volumes are unknown. */
function volumeNotes(files: readonly { readonly path: string; readonly candles: CandleSeries }[]): string[] {
  return files.flatMap(({ path, candles }) => {
    const unknown = candles.silentRows
    return unknown === 0 ? [] : [`${path}: a run takes its ${unknown} rows of unknown volume for intervals without trades.`]
  })
}

async function refuseExisting(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return
  throw new OperatorError({
    what: path,
    expected: 'a new file',
    got: 'one that exists',
    next: 'Choose another folder or remove it.',
  })
}

const LINES_PER_WRITE = 4096

/** Writes one OHLCVT file beside its name and then renames it, so that a half-written file never has the name. */
export async function writeCandleFile(path: string, candles: CandleSeries): Promise<void> {
  const half = `${path}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(half, 'w')
    try {
      for (let i = 0; i < candles.length; i += LINES_PER_WRITE) await file.write(lines(candles, i))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(half, path)
  } catch (error) {
    await rm(half, { force: true }).catch(() => undefined)
    throw readable(error, path)
  }
}

function lines(candles: CandleSeries, from: number): string {
  const to = Math.min(candles.length, from + LINES_PER_WRITE)
  let text = ''
  for (let i = from; i < to; i++) text += ohlcvtLine(candles, i)
  return text
}
