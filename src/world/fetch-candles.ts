/** Downloads Kraken's candles into a folder that the option `market` reads; an interrupted download continues where it stopped. */

import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { type Fetched, fetchCandles, krakenEndpoints, ohlcvtFileName } from '../feed/index.js'
import { type Candle, instrument, parseTimeframe, standardInstruments } from '../market/index.js'
import { withRetry } from '../storage/index.js'
import { rateLimitsIn } from './rate-limits.js'

/** Which candles are to be fetched, and where to. */
export interface FetchRequest {
  readonly pairs: readonly string[]
  readonly timeframe: string
  readonly into: string
  readonly from?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { pair: string; upTo: number; candles: number }) => void) | undefined
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** The files that a fetch wrote or extended. */
export interface FetchedFiles extends Fetched {
  readonly files: Readonly<Record<string, string>>
}

/** Fetches candles into files; what a file already holds is not fetched again. */
export async function fetchFiles(request: FetchRequest): Promise<FetchedFiles> {
  const { into, from, signal, onProgress, environment = process.env } = request
  const barMs = parseTimeframe(request.timeframe)
  const pairs = request.pairs.map(pairToFetch)
  const fileOf = (pair: string) => join(into, ohlcvtFileName(instrument(pair), barMs))
  const endpoints = krakenEndpoints(environment)
  const limits = rateLimitsIn(environment).kraken
  const made = makeFolder(into)
  let written = 0
  const write = (pair: string, candles: readonly Candle[]) => {
    const rows = candles.map(row).join('')
    withRetry(fileOf(pair), 'writing', rows.length, () => appendFileSync(fileOf(pair), rows))
    written++
  }
  try {
    const fetched = await fetchCandles({
      pairs,
      barMs,
      endpoints,
      write,
      resumeAt: pair => endOf(fileOf(pair), barMs),
      ...(from === undefined ? {} : { from }),
      ...(signal === undefined ? {} : { until: signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...limits,
    })
    return { ...fetched, files: Object.fromEntries(Object.keys(fetched.candles).map(pair => [pair, fileOf(pair)])) }
  } finally {
    if (made !== undefined && written === 0) rmSync(made, { recursive: true })
  }
}

/** The model's name of a pair. A name in another currency than the pair's own is refused. */
function pairToFetch(name: string): string {
  const { instrument: found, quote } = standardInstruments.read(name) ?? { instrument: instrument(name), quote: undefined }
  if (quote === undefined || quote === found.quote) return found.pair
  throw new OperatorError({
    what: `pair "${name}"`,
    expected: `${found.base} in ${found.quote}`,
    got: `in ${quote}`,
    next: `To fetch ${found.base} in ${found.quote}, name ${found.pair}.`,
  })
}

/** Makes a folder; returns the first folder that was missing, or undefined where all existed. */
function makeFolder(path: string): string | undefined {
  try {
    const made = mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
    return made
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OperatorError({
      what: `\`into\` ${path}`,
      expected: 'a folder that can be written to',
      got: code,
      next: 'Name another one.',
    })
  }
}

/** Kraken's own layout: time in seconds, open, high, low, close, volume, trades. */
function row({ time, open, high, low, close, volume, trades = 0 }: Candle): string {
  return `${time / 1000},${open},${high},${low},${close},${volume},${trades}\n`
}

/** End of the last whole candle in a file; a partial last line, left by a killed download, is cut off. */
function endOf(path: string, barMs: number): number | undefined {
  if (!existsSync(path)) return undefined
  const tail = tailOf(path)
  const whole = tail.text.slice(0, tail.text.lastIndexOf('\n') + 1)
  if (whole.length < tail.text.length) truncateSync(path, tail.from + Buffer.byteLength(whole))
  const last = whole.trimEnd().split('\n').at(-1) ?? ''
  const seconds = Number.parseFloat(last)
  return Number.isFinite(seconds) ? seconds * 1000 + barMs : undefined
}

function tailOf(path: string): { text: string; from: number } {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const from = Math.max(0, size - 4_096)
    const bytes = Buffer.alloc(size - from)
    readSync(fd, bytes, 0, bytes.length, from)
    return { text: bytes.toString('utf8'), from }
  } finally {
    closeSync(fd)
  }
}
