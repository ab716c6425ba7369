/** Downloads candles of Kraken or another exchange into a folder that the option `market` reads; an interrupted download continues where it stopped. */

import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/index.js'
import {
  exchangeFileName,
  type Fetched,
  type FetchProgress,
  fetchCandles,
  fetchExchangeCandles,
  krakenEndpoints,
  type OlderPart,
  ohlcvtFileName,
} from '../feed/index.js'
import { type Candle, defaultPairs, type InstrumentTable, parseTimeframe } from '../market/index.js'
import { withRetry } from '../storage/index.js'
import { instrumentTable } from './pairs.js'
import { rateLimitsIn } from './rate-limits.js'

/** Which candles are to be fetched, and where to. */
export interface FetchRequest {
  /** In any spelling, each in the currency that it names; default: the model's 18. */
  readonly pairs?: readonly string[] | undefined
  readonly timeframe: string
  readonly into: string
  /** `kraken` (default), or any other exchange by ccxt's name. */
  readonly exchange?: string | undefined
  /** Your own instruments, whose pairs may be named. */
  readonly instruments?: Readonly<Record<string, unknown>> | undefined
  readonly from?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** The files that a fetch wrote or extended. */
export interface FetchedFiles extends Fetched {
  readonly files: Readonly<Record<string, string>>
}

/** What a download asks of the files it goes into. */
interface Files {
  readonly fileOf: (pair: string) => string
  readonly fetch: (sink: Sink) => Promise<Fetched>
}

type Sink = Pick<Parameters<typeof fetchCandles>[0], 'barMs' | 'write' | 'resumeAt' | 'before' | 'from' | 'until' | 'onProgress'>

/** Fetches candles into files; what a file already holds is not fetched again. */
export async function fetchFiles(request: FetchRequest): Promise<FetchedFiles> {
  const { into, from, signal, onProgress } = request
  const barMs = parseTimeframe(request.timeframe)
  const { fileOf, fetch } = (request.exchange ?? 'kraken') === 'kraken' ? krakenFiles(request) : exchangeFiles(request)
  const made = makeFolder(into)
  let written = 0
  const append = (path: string, candles: readonly Candle[]) => {
    const rows = candles.map(row).join('')
    withRetry(path, 'writing', rows.length, () => appendFileSync(path, rows))
    written++
  }
  try {
    const fetched = await fetch({
      barMs,
      write: (pair, candles) => append(fileOf(pair), candles),
      resumeAt: pair => endOf(fileOf(pair), barMs),
      before: pair => olderPart(fileOf(pair), from, barMs, append),
      ...(from === undefined ? {} : { from }),
      ...(signal === undefined ? {} : { until: signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    const files = Object.keys(fetched.candles).map(pair => [pair, fileOf(pair)])
    return { ...fetched, files: Object.fromEntries(files) }
  } finally {
    if (made !== undefined && written === 0) rmSync(made, { recursive: true })
  }
}

/** Kraken's files, named as its archive names them. */
function krakenFiles({ into, timeframe, environment = process.env, ...request }: FetchRequest): Files {
  const table = instrumentTable(request.instruments)
  const barMs = parseTimeframe(timeframe)
  const pairs = [...new Set((request.pairs ?? defaultPairs).map(name => labelOf(name, table)))]
  const endpoints = krakenEndpoints(environment)
  const limits = rateLimitsIn(environment).kraken
  return {
    fileOf: pair => join(into, ohlcvtFileName(table.instrument(pair), barMs, table.read(pair)?.quote)),
    fetch: sink => fetchCandles({ ...sink, pairs, endpoints, ...limits }),
  }
}

/** The model's name of a pair, or the name in the currency that is asked for. */
function labelOf(name: string, table: InstrumentTable): string {
  const { pair, base, quote: own } = table.instrument(name)
  const quote = table.read(name)?.quote ?? own
  return quote === own ? pair : `${base}${quote}`
}

function exchangeFiles({ into, timeframe, exchange = '', environment = process.env, ...request }: FetchRequest): Files {
  const instruments = instrumentTable(request.instruments)
  for (const pair of request.pairs ?? []) instruments.instrument(pair)
  const barMs = parseTimeframe(timeframe)
  const restUrl = environment.EXCHANGE_REST_URL || undefined
  const limits = rateLimitsIn(environment).exchange
  return {
    fileOf: label => join(into, exchangeFileName(exchange, label, barMs)),
    fetch: sink => fetchExchangeCandles({ ...sink, exchange, pairs: request.pairs, instruments, restUrl, ...limits }),
  }
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

/** Kraken's own layout: time in seconds, open, high, low, close, volume, trades; an unknown number of trades stays empty. */
function row({ time, open, high, low, close, volume, trades = '' }: Omit<Candle, 'trades'> & { trades?: number | '' }): string {
  return `${time / 1000},${open},${high},${low},${close},${volume},${trades}\n`
}

/**
 * What is wanted before a file's first candle. It is gathered in a file beside, so that an interrupted download continues there as well,
 * and then put in front.
 */
function olderPart(
  path: string,
  from: number | undefined,
  barMs: number,
  append: (path: string, candles: readonly Candle[]) => void,
): OlderPart | undefined {
  const to = startOf(path)
  if (from === undefined || to === undefined || from + barMs > to) return undefined
  const beside = `${path}.older`
  const gathered = startOf(beside)
  if (gathered !== undefined && gathered >= to) rmSync(beside)
  return {
    from: endOf(beside, barMs) ?? from,
    to,
    write: candles => append(beside, candles),
    done: () => putInFront(beside, path),
  }
}

function putInFront(older: string, path: string): void {
  if (!existsSync(older)) return
  const half = `${path}.part`
  copyFileSync(older, half)
  appendFileSync(half, readFileSync(path))
  renameSync(half, path)
  rmSync(older)
}

/** Start of a file's first candle; undefined where it has none. */
function startOf(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(64)
    const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0))
    const seconds = text.includes(',') ? Number.parseFloat(text) : Number.NaN
    return Number.isFinite(seconds) ? seconds * 1000 : undefined
  } finally {
    closeSync(fd)
  }
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
