/** `mycelia data import`: rewrites candle files of any known format into one folder in Kraken's OHLCVT layout. */

import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { type CandleSeries, ohlcvtLine, standardInstruments } from '../market/index.js'
import { ohlcvtFileName } from './file-names.js'
import { type ChosenFile, type LoadCandlesOptions, loadCandles } from './files.js'
import { readable } from './read-text.js'

export interface ImportCandlesOptions extends LoadCandlesOptions {
  /** The folder to write into; made where absent. A file already there is never overwritten. */
  readonly into: string
}

export interface ImportedFile {
  readonly pair: string
  readonly path: string
  readonly rows: number
  readonly source: ChosenFile
}

export interface ImportedCandles {
  readonly files: readonly ImportedFile[]
  readonly missing: readonly string[]
}

/** Picks files as `loadCandles` does and writes one `XBTUSD_60.csv` a pair; an unknown number of trades stays empty. */
export async function importCandles(options: ImportCandlesOptions): Promise<ImportedCandles> {
  const { barMs, series, files: sources, missing } = await loadCandles(options)
  const { instruments = standardInstruments } = options
  const files = sources.map(source => {
    const { pair, quote } = source
    const candles = series.get(pair)
    return { pair, source, candles, path: join(options.into, ohlcvtFileName(instruments.instrument(pair), barMs, quote)) }
  })
  for (const { path } of files) await refuseExisting(path)
  const written: ImportedFile[] = []
  for (const { pair, path, source, candles } of files) {
    if (candles === undefined) continue
    await writeCandleFile(path, candles)
    written.push({ pair, path, rows: candles.length, source })
  }
  return { files: written, missing }
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
