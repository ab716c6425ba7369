/** The option `market`: finds candle files, joins those of a pair, and says what was read, refused and left out. */

import { OperatorError, type TimeMs } from '../core/index.js'
import {
  CandleSeries,
  defaultPairs,
  formatTime,
  formatTimeframe,
  type InstrumentTable,
  parseTimeframe,
  type RejectCounts,
  standardInstruments,
} from '../market/index.js'
import { conversionOf, isCandleFileName, type NamedCandleFile, readCandleFileName, saysMonths } from './file-names.js'
import { joinSeries } from './join-series.js'
import { type CandleFileContent, inferBarMs, type ReadingOptions, readCandleFile } from './read-candles.js'
import { listFiles } from './read-text.js'
import { isZip } from './zip.js'

/** Which candle files are loaded. */
export interface LoadCandlesOptions {
  /** A folder, searched with its subfolders, or one file. */
  readonly path: string
  /** As written, e.g. `1h`. */
  readonly timeframe: string
  /** In any spelling; default: every pair the path holds, the model's 18 first. */
  readonly pairs?: readonly string[] | undefined
  /** Where pairs and file names are looked up; default: the table of 18 and generic rules. */
  readonly instruments?: InstrumentTable | undefined
  /** Starts of bars, inclusive. */
  readonly from?: TimeMs | undefined
  readonly to?: TimeMs | undefined
  /** The zone of times without an offset, e.g. `Europe/Berlin`; default: that of the pair's session, else UTC. */
  readonly timezone?: string | undefined
}

/** A file of a pair, with its hash for the manifest. */
export interface ChosenFile {
  readonly pair: string
  readonly path: string
  /** The currency the file's name says. */
  readonly quote: string
  /** SHA-256 of the file as found, hex. */
  readonly sha256: string
  /** Usable rows of the whole file, and its first and last bar. */
  readonly rows: number
  readonly from: string
  readonly to: string
  /** Usable rows of volume 0: intervals without trades. None where no row of the file has a volume. */
  readonly silent: number
  readonly rejected: RejectCounts
  /** Bars of it that stand in the pair's series: those no file before it has. */
  readonly bars: number
  /**
   * Bars of it for which a file before has other prices or another volume, which stand; the times of the first few; and all of them, from
   * the first to the last of those that follow one another.
   */
  readonly differing: number
  readonly firstDiffering: readonly string[]
  readonly differingRanges: readonly { readonly from: string; readonly to: string }[]
}

/** A file that is not read, and why. */
export interface UnreadFile {
  readonly path: string
  readonly why: string
}

/** Files of another timeframe than the one asked for. */
export interface OtherTimeframe {
  readonly timeframe: string
  readonly paths: readonly string[]
}

/** A candle file of a pair that was not chosen. */
export interface OutsideFile {
  readonly pair: string
  readonly path: string
}

/** Candles by pair, and what was read and passed over. */
export interface LoadedCandles {
  readonly barMs: number
  readonly series: ReadonlyMap<string, CandleSeries>
  readonly files: readonly ChosenFile[]
  /** Requested pairs (default: the model's 18) without a file in the range. */
  readonly missing: readonly string[]
  /** Files of the timeframe whose pair was not requested: they are not read. */
  readonly outside: readonly OutsideFile[]
  /** Files of other timeframes: they are not read. */
  readonly otherTimeframes: readonly OtherTimeframe[]
  /** Files of pairs that have no bar in the range asked for. */
  readonly outOfRange: readonly ChosenFile[]
  /** Files of other formats, and candle files whose names say no pair. */
  readonly unread: readonly UnreadFile[]
  /** Rejected rows of the chosen files, by reason. */
  readonly rejected: RejectCounts
}

/**
 * The files of a pair are joined. Where two have a bar of the same time, Kraken USD stands, then the pair's own quote, then the
 * asset's own name over its successor's, then the file with more rows.
 * Throws an `OperatorError` for an unknown path or pair, no file of the timeframe, and files of the wrong shape.
 */
export async function loadCandles(options: LoadCandlesOptions): Promise<LoadedCandles> {
  const barMs = parseTimeframe(options.timeframe)
  const { path, instruments = standardInstruments, timezone } = options
  const chosenPairs = options.pairs?.map(pair => instruments.instrument(pair).pair)
  const { named, unread } = await findNamed(path, chosenPairs, instruments)
  const reading = { instruments, timezone }
  const { candidates, others } = await findCandidates(path, barMs, reading, named, chosenPairs)
  const order = chosenPairs ?? [...defaultPairs, ...candidates.map(c => c.pair).sort()]
  const read = { barMs, ...reading }
  const series = new Map<string, CandleSeries>()
  const files: ChosenFile[] = []
  const unused: ChosenFile[] = []
  const missing: string[] = []
  for (const pair of new Set(order)) {
    const ofPair = candidates.filter(c => c.pair === pair)
    const joined = ofPair.length === 0 ? undefined : await join(ofPair, read)
    const part = joined && within(joined.series, options.from, options.to)
    if (joined !== undefined) (part?.length === 0 ? unused : files).push(...joined.files)
    if (part === undefined || part.length === 0) missing.push(pair)
    else series.set(pair, part)
    if (part !== undefined) part.onlyTraded = true
  }
  if (series.size === 0) throw outsideRange(options, unused)
  const outside = outsideOf(named, chosenPairs, barMs)
  const otherTimeframes = timeframesOf([...others, ...named.filter(f => (f.barMs ?? barMs) !== barMs)])
  return { barMs, series, files, missing, outside, otherTimeframes, outOfRange: unused, unread, rejected: total(files) }
}

/** Files whose pair was not requested, one a pair; files of another timeframe are left out. */
function outsideOf(named: readonly NamedCandleFile[], chosenPairs: readonly string[] | undefined, barMs: number): OutsideFile[] {
  const outside = new Map<string, OutsideFile>()
  for (const { pair, path, barMs: own = barMs } of named) {
    if (chosenPairs?.includes(pair) === false && own === barMs && !outside.has(pair)) outside.set(pair, { pair, path })
  }
  return [...outside.values()]
}

/** Files of the timeframe for the requested pairs; without any, an error that lists the files found. */
async function findCandidates(
  path: string,
  barMs: number,
  reading: Reading,
  named: readonly NamedCandleFile[],
  chosenPairs: readonly string[] | undefined,
): Promise<{ candidates: readonly NamedCandleFile[]; others: readonly NamedCandleFile[] }> {
  const wanted = chosenPairs === undefined ? named : named.filter(f => chosenPairs.includes(f.pair))
  const known: (NamedCandleFile & { barMs: number })[] = []
  for (const f of wanted) known.push({ ...f, barMs: f.barMs ?? (await inferBarMs(f.path, readingOf(f.pair, reading))) ?? barMs })
  const candidates = known.filter(f => f.barMs === barMs)
  if (candidates.length > 0) return { candidates, others: known.filter(f => f.barMs !== barMs) }
  const frames = [...new Set(known.map(f => f.barMs))].sort((a, b) => a - b).map(formatTimeframe)
  throw new OperatorError({
    what: path,
    expected: `candles of ${formatTimeframe(barMs)}${chosenPairs === undefined ? '' : ` for ${chosenPairs.join(', ')}`}`,
    got: frames.length === 0 ? 'none' : `only ${frames.join(', ')}`,
    next: frames.length === 0 ? `The path serves ${pairsOf(named)}: name them as the pairs.` : `Try \`timeframe\` ${frames[0]}.`,
  })
}

/** Files by timeframe, each once, the shortest bars first. */
function timeframesOf(files: readonly NamedCandleFile[]): OtherTimeframe[] {
  const paths = new Map<number, Set<string>>()
  for (const { path, barMs = 0 } of files) paths.set(barMs, (paths.get(barMs) ?? new Set()).add(path))
  return [...paths].sort(([a], [b]) => a - b).map(([barMs, found]) => ({ timeframe: formatTimeframe(barMs), paths: [...found] }))
}

function pairsOf(named: readonly NamedCandleFile[]): string {
  return [...new Set(named.map(f => f.pair))].join(', ') || 'no pair'
}

/** Every file whose name says its pair. The name of a single file may say none where `pairs` names one pair. */
async function findNamed(
  path: string,
  chosenPairs: readonly string[] | undefined,
  instruments: InstrumentTable,
): Promise<{ named: readonly NamedCandleFile[]; unread: readonly UnreadFile[] }> {
  const files = await listFiles(path)
  const named = files.map(file => readCandleFileName(file, instruments)).filter(f => f !== undefined)
  const unread = files.flatMap(file => whyUnread(file, instruments))
  if (named.length > 0) return { named, unread }
  const only = files.length === 1 && (files[0] === path || isZip(path)) ? files[0] : undefined
  if (only !== undefined && conversionOf(only) === undefined && chosenPairs?.length === 1 && chosenPairs[0] !== undefined) {
    const { pair, quote } = instruments.instrument(chosenPairs[0])
    return { named: [{ path: only, pair, quote, successor: false, krakenUsd: false, barMs: undefined }], unread: [] }
  }
  throw noneNamed(path, files, unread)
}

/** Why a run would not read a file that seems to hold candles; nothing for all other files. */
export function whyUnread(path: string, instruments: InstrumentTable): UnreadFile[] {
  const conversion = conversionOf(path)
  if (conversion !== undefined) return [{ path, why: `its format is not read; ${conversion}` }]
  const renamed = path.replace(/\.(?:txt|tsv|dat|data)$/i, '.csv')
  if (renamed !== path && readCandleFileName(renamed, instruments) !== undefined)
    return [{ path, why: 'its name does not end in .csv or .json; rename it' }]
  const unnamed = isCandleFileName(path) && readCandleFileName(path, instruments) === undefined
  if (!unnamed) return []
  return [{ path, why: saysMonths(path) ? 'its bars are months, and a run has none of months' : 'its name says no pair' }]
}

function noneNamed(path: string, files: readonly string[], unread: readonly UnreadFile[]): OperatorError {
  const what = path
  const expected = 'candle files named by pair, e.g. XBTUSD_60.csv, BTC_USDT-1h.json.gz'
  const other = unread.find(file => conversionOf(file.path) !== undefined)
  if (other !== undefined) return new OperatorError({ what, expected, got: other.path, next: sentenceOf(other) })
  if (files.length === 1 && files[0] === path)
    return new OperatorError({ what, expected, got: 'another name', next: 'Rename the file, or give its pair as `pairs`.' })
  const got = `${files.filter(isCandleFileName).length} CSV or JSON files, none so named`
  return new OperatorError({ what, expected, got, next: 'Rename the files, or give one file and its pair as `pairs`.' })
}

function sentenceOf({ why }: UnreadFile): string {
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}.`
}

interface Reading {
  readonly instruments: InstrumentTable
  readonly timezone: string | undefined
}

/** How the times of a pair's files are read. */
function readingOf(pair: string, { instruments, timezone }: Reading): ReadingOptions {
  return { timezone, calendar: instruments.calendar(pair) }
}

/** A file of a pair beside others. */
interface Rival {
  readonly named: NamedCandleFile
  readonly series: CandleSeries
}

/** The order in which files of one pair stand: Kraken USD, the pair's own quote, the asset's own name, the longest. */
export function preferred(a: Rival, b: Rival, instruments: InstrumentTable): number {
  const rank = ({ named: { krakenUsd, quote, pair, successor } }: Rival) =>
    (krakenUsd ? 0 : 4) + (quote === instruments.instrument(pair).quote ? 0 : 2) + (successor ? 1 : 0)
  return rank(a) - rank(b) || b.series.length - a.series.length
}

/** Reads the files of one pair and joins them in order of preference. */
async function join(
  files: readonly NamedCandleFile[],
  { barMs, ...reading }: Reading & { readonly barMs: number },
): Promise<{ files: ChosenFile[]; series: CandleSeries }> {
  const read: (Rival & { readonly content: CandleFileContent })[] = []
  for (const named of files) {
    const content = await readCandleFile(named.path, barMs, readingOf(named.pair, reading))
    read.push({ named, content, series: content.series })
  }
  read.sort((a, b) => preferred(a, b, reading.instruments))
  const { series, contributions } = joinSeries(read.map(({ content }) => content.series))
  const chosen = read.map(({ named: { pair, path, quote }, content: { series: own, rows, silent, sha256, rejected } }, i) => {
    const { bars = 0, differing = 0, firstDiffering: first = [], ranges = [] } = contributions[i] ?? {}
    const [from, to] = [formatTime(own.from), formatTime(own.to)]
    const differingRanges = ranges.map(range => ({ from: formatTime(range.from), to: formatTime(range.to) }))
    const joined = { bars, differing, firstDiffering: first.map(formatTime), differingRanges }
    return { pair, path, quote, sha256, rows, silent, from, to, rejected, ...joined }
  })
  return { files: chosen, series }
}

/** The candles whose bars begin in the range. */
function within(all: CandleSeries, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): CandleSeries {
  const first = all.indexAt(from)
  const end = all.indexAt(to + 1)
  if (first === 0 && end === all.length) return all
  const part = new CandleSeries(Math.max(0, end - first))
  for (let i = first; i < end; i++) part.pushFrom(all, i)
  return part
}

function outsideRange({ path, from, to }: LoadCandlesOptions, files: readonly ChosenFile[]): OperatorError {
  const range = [from, to].map(t => (t === undefined ? '…' : formatTime(t))).join(' to ')
  const there = files.map(f => `${f.pair} ${f.from} to ${f.to}`).slice(0, 3)
  return new OperatorError({ what: path, expected: `candles from ${range}`, got: 'none', next: `There is ${there.join('; ')}.` })
}

function total(files: readonly ChosenFile[]): RejectCounts {
  const sum: Record<string, number> = {}
  for (const { rejected } of files) for (const [reason, n] of Object.entries(rejected)) sum[reason] = (sum[reason] ?? 0) + n
  return sum
}
