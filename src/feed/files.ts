/** The option `market`: finds candle files, picks one per pair, and reads them, saying what was picked and what was refused. */

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
import { isCandleFileName, type NamedCandleFile, readCandleFileName } from './file-names.js'
import { type CandleFileContent, inferBarMs, readCandleFile } from './read-candles.js'
import { listFiles } from './read-text.js'

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
}

/** The file chosen for a pair, with its hash for the manifest. */
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
  readonly rejected: RejectCounts
  /** Other files of the pair and timeframe. */
  readonly passedOver: readonly string[]
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
  /** Rejected rows of the chosen files, by reason. */
  readonly rejected: RejectCounts
}

/**
 * Of several files for a pair, Kraken USD wins, then the asset's own name over its successor's, then the most rows.
 * Throws an `OperatorError` for an unknown path or pair, no file of the timeframe, and files of the wrong shape.
 */
export async function loadCandles(options: LoadCandlesOptions): Promise<LoadedCandles> {
  const barMs = parseTimeframe(options.timeframe)
  const { path, instruments = standardInstruments } = options
  const chosenPairs = options.pairs?.map(pair => instruments.instrument(pair).pair)
  const named = await findNamed(path, chosenPairs, instruments)
  const candidates = await findCandidates(path, barMs, named, chosenPairs)
  const order = chosenPairs ?? [...defaultPairs, ...candidates.map(c => c.pair).sort()]
  const series = new Map<string, CandleSeries>()
  const files: ChosenFile[] = []
  const unused: ChosenFile[] = []
  const missing: string[] = []
  for (const pair of new Set(order)) {
    const chosen = await choose(
      candidates.filter(c => c.pair === pair),
      barMs,
    )
    const part = chosen === undefined ? undefined : within(chosen.series, options.from, options.to)
    if (chosen !== undefined) (part?.length === 0 ? unused : files).push(chosen.file)
    if (part === undefined || part.length === 0) missing.push(pair)
    else series.set(pair, part)
  }
  if (series.size === 0) throw outsideRange(options, unused)
  const outside = outsideOf(named, chosenPairs, barMs)
  return { barMs, series, files, missing, outside, rejected: total(files) }
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
  named: readonly NamedCandleFile[],
  chosenPairs: readonly string[] | undefined,
): Promise<NamedCandleFile[]> {
  const wanted = chosenPairs === undefined ? named : named.filter(f => chosenPairs.includes(f.pair))
  const known: (NamedCandleFile & { barMs: number })[] = []
  for (const f of wanted) known.push({ ...f, barMs: f.barMs ?? (await inferBarMs(f.path)) ?? barMs })
  const candidates = known.filter(f => f.barMs === barMs)
  if (candidates.length > 0) return candidates
  const frames = [...new Set(known.map(f => f.barMs))].sort((a, b) => a - b).map(formatTimeframe)
  throw new OperatorError({
    what: path,
    expected: `candles of ${formatTimeframe(barMs)}${chosenPairs === undefined ? '' : ` for ${chosenPairs.join(', ')}`}`,
    got: frames.length === 0 ? 'none' : `only ${frames.join(', ')}`,
    next: frames.length === 0 ? `The path serves ${pairsOf(named)}: name them as the pairs.` : `Try \`timeframe\` ${frames[0]}.`,
  })
}

function pairsOf(named: readonly NamedCandleFile[]): string {
  return [...new Set(named.map(f => f.pair))].join(', ') || 'no pair'
}

/** Every file whose name says its pair. The name of a single file may say none where `pairs` names one pair. */
async function findNamed(
  path: string,
  chosenPairs: readonly string[] | undefined,
  instruments: InstrumentTable,
): Promise<NamedCandleFile[]> {
  const files = await listFiles(path)
  const named = files.map(file => readCandleFileName(file, instruments)).filter(f => f !== undefined)
  if (named.length > 0) return named
  const only = files.length === 1 && files[0] === path ? path : undefined
  if (only !== undefined && chosenPairs?.length === 1 && chosenPairs[0] !== undefined) {
    const { pair, quote } = instruments.instrument(chosenPairs[0])
    return [{ path, pair, quote, successor: false, krakenUsd: false, barMs: undefined }]
  }
  throw new OperatorError({
    what: path,
    expected: 'candle files named by pair, e.g. XBTUSD_60.csv, BTC_USDT-1h.json.gz',
    got: only === undefined ? `${files.filter(isCandleFileName).length} CSV or JSON files, none so named` : 'another name',
    next:
      only === undefined
        ? 'Rename the files, or give one file and its pair as `pairs`.'
        : 'Rename the file, or give its pair as `pairs`.',
  })
}

async function choose(
  files: readonly NamedCandleFile[],
  barMs: number,
): Promise<{ file: ChosenFile; series: CandleSeries } | undefined> {
  const rank = (f: NamedCandleFile) => (f.krakenUsd ? 0 : 2) + (f.successor ? 1 : 0)
  const best = Math.min(...files.map(rank))
  let chosen: { named: NamedCandleFile; content: CandleFileContent } | undefined
  for (const named of files.filter(f => rank(f) === best)) {
    const content = await readCandleFile(named.path, barMs)
    if (chosen === undefined || content.series.length > chosen.content.series.length) chosen = { named, content }
  }
  if (chosen === undefined) return undefined
  const { named, content } = chosen
  const { path, series, sha256, rejected } = content
  const passedOver = files.map(f => f.path).filter(p => p !== path)
  const [from, to] = [formatTime(series.from), formatTime(series.to)]
  const { pair, quote } = named
  return { series, file: { pair, path, quote, sha256, rows: series.length, from, to, rejected, passedOver } }
}

/** The candles whose bars begin in the range. */
function within(all: CandleSeries, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): CandleSeries {
  const first = all.indexAt(from)
  const end = all.indexAt(to + 1)
  if (first === 0 && end === all.length) return all
  const part = new CandleSeries(Math.max(0, end - first))
  for (let i = first; i < end; i++) {
    part.push(
      all.time[i] as number,
      all.open[i] as number,
      all.high[i] as number,
      all.low[i] as number,
      all.close[i] as number,
      all.volume[i] as number,
      all.trades[i],
    )
  }
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
