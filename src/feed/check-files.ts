/** `mycelia data check`: reads candle files row by row, and reports what a run would find in them and whether sources agree. */

import { OperatorError } from '../core/index.js'
import {
  type CandleFormat,
  CandleReader,
  type CandleSeries,
  defaultPairs,
  formatTime,
  formatTimeframe,
  type InstrumentTable,
  type RejectCounts,
  severalObstacles,
  standardInstruments,
  sumRejects,
} from '../market/index.js'
import { type Agreement, agreementOf } from './agreement.js'
import { CandleTally, type Extreme, type VolumeCheck } from './candle-tally.js'
import { conversionOf, isCandleFileName, type NamedCandleFile, readCandleFileName } from './file-names.js'
import { preferred, type UnreadFile, whyUnread } from './files.js'
import { joinSeries } from './join-series.js'
import { inferBarMs, type ReadingOptions, readCandleFile, shapeOf, tooManyRejected } from './read-candles.js'
import { listFiles, readText } from './read-text.js'
import { localTimeOf } from './time-zone.js'

/** What `checkData` found in one file. */
export interface FileCheck {
  readonly path: string
  /** Undefined where the name says no pair: a run then skips the file. */
  readonly pair: string | undefined
  /** The currency that the name says. */
  readonly quote: string | undefined
  /** True where the pair is not one of the 18, so that a run reads the file only where its options name the pair. */
  readonly outside: boolean
  readonly format: CandleFormat | undefined
  /** From the name, else the most frequent distance between the first rows. */
  readonly timeframe: string | undefined
  readonly sha256: string | undefined
  /** Usable rows, and the first and last of them. */
  readonly rows: number
  readonly from: string | undefined
  readonly to: string | undefined
  /** Share of the bars between them that are there. */
  readonly coverage: number | undefined
  /** Runs of missing rows, and rows missing in them; hours in which a market is closed are none. */
  readonly gaps: number
  readonly missingRows: number
  /** The longest of them: where it begins, and its rows. */
  readonly longestGap: Extreme | undefined
  /** Rows at ten times the close before, or a tenth of it: a run flags them and enters nothing on them. */
  readonly outliers: number
  /** The largest change from one close to the next, as a share. */
  readonly largestMove: Extreme | undefined
  /** Usable rows without volume. */
  readonly zeroVolume: number
  readonly volume: VolumeCheck
  readonly rejected: RejectCounts
  /** Up to 20 rejected rows as file:line:column: reason. */
  readonly examples: readonly string[]
  /** Why a run would refuse the file: all obstacles with file:line:column, or undefined. */
  readonly problem: string | undefined
}

/** Two sources of one pair: a file, and the files that stand before it. */
export interface SourceCheck extends Agreement {
  readonly pair: string
  readonly timeframe: string
  readonly path: string
  readonly others: readonly string[]
}

/** What `checkData` found in a file or folder. */
export interface DataCheck {
  readonly files: readonly FileCheck[]
  /** Files of one pair and timeframe that share bars. */
  readonly sources: readonly SourceCheck[]
  /** CSV and JSON files of the folder whose names say no pair: they were not checked. */
  readonly unnamed: readonly string[]
  /** Files of formats or endings that are not read. */
  readonly unread: readonly UnreadFile[]
  /** True where no file has a problem (rejected rows, gaps and sources that differ are no problems). */
  readonly ok: boolean
}

/** How files are checked. */
export interface CheckOptions {
  /** The zone of times without an offset, e.g. `Europe/Berlin`; default: that of the pair's session, else UTC. */
  readonly timezone?: string | undefined
  /** Where file names are looked up, and sessions; default: the table of 18 and generic rules. */
  readonly instruments?: InstrumentTable | undefined
}

/**
 * Checks one file of any known format, whatever its name, in constant memory. A path that cannot be read is its `problem`.
 */
export async function checkFile(path: string, options: CheckOptions = {}): Promise<FileCheck> {
  const { instruments = standardInstruments } = options
  const named = readCandleFileName(path, instruments)
  const how = readingOf(named, options)
  const barMs = named?.barMs ?? (await inferBarMs(path, how).catch(() => undefined))
  const tally = new CandleTally(path, barMs, how.calendar)
  const reader = new CandleReader(path, tally, { localTime: localTimeOf(how.timezone ?? how.calendar?.timeZone) })
  const obstacles: OperatorError[] = []
  let sha256: string | undefined
  try {
    sha256 = await readText(path, piece => reader.push(piece))
    obstacles.push(...shapeOf(reader))
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    obstacles.push(error)
  }
  const unusable = unusableRows(tally)
  if (unusable !== undefined) obstacles.push(unusable)
  const { rows, gaps, missingRows, longestGap, outliers, largestMove, rejected, examples, coverage, volumeCheck: volume } = tally
  return {
    path,
    pair: named?.pair,
    quote: named?.quote,
    outside: named !== undefined && !isDefaultPair(named.pair),
    format: reader.format,
    timeframe: barMs === undefined ? undefined : formatTimeframe(barMs),
    sha256,
    rows,
    from: rows === 0 ? undefined : formatTime(tally.from),
    to: rows === 0 ? undefined : formatTime(tally.to),
    coverage,
    gaps,
    missingRows,
    longestGap,
    outliers,
    largestMove,
    zeroVolume: volume.zero,
    volume,
    rejected,
    examples,
    problem: obstacles.length === 0 ? undefined : severalObstacles(path, obstacles).message,
  }
}

function readingOf(named: NamedCandleFile | undefined, { timezone, instruments }: CheckOptions): ReadingOptions {
  return { timezone, calendar: named && instruments?.calendar(named.pair) }
}

function isDefaultPair(pair: string): boolean {
  return defaultPairs.some(known => known === pair)
}

function unusableRows(tally: CandleTally): OperatorError | undefined {
  const rejected = sumRejects(tally.rejected)
  if (rejected === 0 || !tooManyRejected(tally.rows, tally.rejected)) return undefined
  const first = tally.examples[0] === undefined ? '' : `, the first at ${tally.examples[0]}`
  const all = tally.rows + rejected
  const what = tally.rows === 0 ? `No usable row: all ${rejected} were rejected` : `${rejected} of ${all} rows were rejected`
  return new OperatorError({ what: what + first, next: 'A run takes a file with at most a tenth.' })
}

/** Checks one file, or every file under a folder whose name says a pair. No such file is an `OperatorError`. */
export async function checkData(path: string, options: CheckOptions = {}): Promise<DataCheck> {
  const listed = await listFiles(path)
  const found = listed.filter(file => file === path || isCandleFileName(file))
  const other = listed.find(file => conversionOf(file) !== undefined)
  if (other !== undefined && found.every(file => file === other)) throw notRead(other)
  const isNamed = (file: string) => file === path || readCandleFileName(file, options.instruments) !== undefined
  const files: FileCheck[] = []
  for (const file of found.filter(isNamed)) files.push(await checkFile(file, options))
  const unnamed = found.filter(file => !isNamed(file))
  const ok = files.every(f => f.problem === undefined)
  const { instruments = standardInstruments } = options
  const unread = listed.filter(file => !found.includes(file)).flatMap(file => whyUnread(file, instruments))
  if (files.length > 0) return { files, sources: await compareSources(files, options), unnamed, unread, ok }
  throw new OperatorError({
    what: path,
    expected: 'candle files named by pair, e.g. XBTUSD_60.csv',
    got: `${unnamed.length} CSV or JSON files, none so named`,
    next: 'Give one file to check it whatever its name.',
  })
}

/** Compares each file with those of its pair and timeframe that a run prefers, where they share bars. */
async function compareSources(files: readonly FileCheck[], options: CheckOptions): Promise<SourceCheck[]> {
  const { instruments = standardInstruments } = options
  const groups = new Map<string, FileCheck[]>()
  for (const file of files) {
    if (file.problem !== undefined || file.pair === undefined || file.timeframe === undefined) continue
    const key = `${file.pair} ${file.timeframe}`
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  const sources: SourceCheck[] = []
  for (const group of groups.values())
    if (overlaps(group)) sources.push(...(await compareGroup(group, { ...options, instruments })))
  return sources
}

/** True where two files of a group may share a bar. */
function overlaps(group: readonly FileCheck[]): boolean {
  const spans = group.map(({ from = '', to = '' }) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1))
  return spans.some(({ from }, i) => i > 0 && spans.slice(0, i).some(before => before.to >= from))
}

async function compareGroup(
  group: readonly FileCheck[],
  options: CheckOptions & { readonly instruments: InstrumentTable },
): Promise<SourceCheck[]> {
  const read: { named: NamedCandleFile; series: CandleSeries; barMs: number }[] = []
  for (const { path } of group) {
    const named = readCandleFileName(path, options.instruments)
    if (named === undefined) continue
    const how = readingOf(named, options)
    const barMs = named.barMs ?? (await inferBarMs(path, how))
    if (barMs !== undefined) read.push({ named, barMs, series: (await readCandleFile(path, barMs, how)).series })
  }
  read.sort((a, b) => preferred(a, b, options.instruments))
  const sources: SourceCheck[] = []
  let joined = read[0]?.series
  for (const [i, { named, series, barMs }] of read.entries()) {
    if (i === 0 || joined === undefined) continue
    const agreement = agreementOf(joined, series, barMs)
    const others = read.slice(0, i).map(before => before.named.path)
    const { pair, path } = named
    if (agreement !== undefined) sources.push({ pair, timeframe: formatTimeframe(barMs), path, others, ...agreement })
    joined = joinSeries([joined, series]).series
  }
  return sources
}

function notRead(path: string): OperatorError {
  const how = conversionOf(path) ?? ''
  const next = `${how.charAt(0).toUpperCase()}${how.slice(1)}.`
  return new OperatorError({ what: path, expected: 'CSV or JSON, gzipped or zipped', next })
}
