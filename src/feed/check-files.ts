/** `mycelia data check`: reads candle files row by row in constant memory, and reports what a run would find in them. */

import { OperatorError, type TimeMs } from '../core/index.js'
import {
  type CandleFormat,
  CandleReader,
  candleTextLimits,
  countReject,
  defaultPairs,
  formatTime,
  formatTimeframe,
  onGrid,
  type RejectCounts,
  sumRejects,
} from '../market/index.js'
import { conversionOf, isCandleFileName, readCandleFileName } from './file-names.js'
import { countDistance, mostFrequent, tooManyRejected } from './read-candles.js'
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
  /** From the name, else the most frequent distance between rows. */
  readonly timeframe: string | undefined
  readonly sha256: string | undefined
  /** Usable rows, and the first and last of them. */
  readonly rows: number
  readonly from: string | undefined
  readonly to: string | undefined
  /** Runs of missing rows, and rows missing in them. */
  readonly gaps: number
  readonly missingRows: number
  /** Usable rows without volume. */
  readonly zeroVolume: number
  readonly rejected: RejectCounts
  /** Up to 20 rejected rows as file:line:column: reason. */
  readonly examples: readonly string[]
  /** Why a run would refuse the file: one sentence with file:line:column, or undefined. */
  readonly problem: string | undefined
}

/** What `checkData` found in a file or folder. */
export interface DataCheck {
  readonly files: readonly FileCheck[]
  /** CSV and JSON files of the folder whose names say no pair: they were not checked. */
  readonly unnamed: readonly string[]
  /** True where no file has a problem (rejected rows and gaps are no problems). */
  readonly ok: boolean
}

/** How files are checked. */
export interface CheckOptions {
  /** The zone of times without an offset, e.g. `Europe/Berlin`; default UTC. */
  readonly timezone?: string | undefined
}

const MAX_EXAMPLES = 20

/** The state of a check while it reads the rows of a file. */
class Tally {
  rows = 0
  zeroVolume = 0
  from: TimeMs = Number.NaN
  to: TimeMs = Number.NaN
  private last: TimeMs = Number.NaN
  readonly rejected: RejectCounts = {}
  readonly examples: string[] = []
  /** How often each distance between neighbouring rows occurs; past the limit, distances share the last entry. */
  readonly distances = new Map<number, number>()

  constructor(private readonly path: string) {}

  candle(time: TimeMs, _open: number, _high: number, _low: number, _close: number, volume: number): void {
    if (this.rows++ > 0) this.distance(Math.abs(time - this.last))
    this.last = time
    if (!(time >= this.from)) this.from = time
    if (!(time <= this.to)) this.to = time
    if (volume === 0) this.zeroVolume++
  }

  reject(reason: keyof RejectCounts, line: number, column: number): void {
    countReject(this.rejected, reason)
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(`${this.path}:${line}:${column}: ${reason}`)
  }

  /** Gaps and missing rows for bars of this length. */
  gaps(barMs: number): { gaps: number; missingRows: number } {
    let gaps = 0
    let missingRows = 0
    for (const [distance, n] of this.distances) {
      if (distance <= barMs) continue
      gaps += n
      missingRows += n * (Math.ceil(distance / barMs) - 1)
    }
    return { gaps, missingRows }
  }

  private distance(ms: number): void {
    const known = this.distances.has(ms) || this.distances.size < candleTextLimits.intervals
    countDistance(this.distances, known ? ms : Number.POSITIVE_INFINITY)
  }
}

/**
 * Checks one file of any known format, whatever its name, in constant memory. A path that cannot be read is its `problem`.
 * `timezone`: the zone of times without an offset; default UTC.
 */
export async function checkFile(path: string, { timezone }: CheckOptions = {}): Promise<FileCheck> {
  const tally = new Tally(path)
  const reader = new CandleReader(path, tally, { localTime: localTimeOf(timezone) })
  let sha256: string | undefined
  let problem: string | undefined
  try {
    sha256 = await readText(path, piece => reader.push(piece))
    reader.end()
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    problem = error.message
  }
  const named = readCandleFileName(path)
  const barMs = named?.barMs ?? mostFrequent(tally.distances)
  return {
    path,
    pair: named?.pair,
    quote: named?.quote,
    outside: named !== undefined && !isDefaultPair(named.pair),
    format: reader.format,
    timeframe: barMs === undefined ? undefined : formatTimeframe(barMs),
    sha256,
    rows: tally.rows,
    from: tally.rows === 0 ? undefined : formatTime(tally.from),
    to: tally.rows === 0 ? undefined : formatTime(tally.to),
    ...(barMs === undefined ? { gaps: 0, missingRows: 0 } : tally.gaps(barMs)),
    zeroVolume: tally.zeroVolume,
    rejected: tally.rejected,
    examples: tally.examples,
    problem: problem ?? unusable(tally, barMs),
  }
}

function isDefaultPair(pair: string): boolean {
  return defaultPairs.some(known => known === pair)
}

function unusable(tally: Tally, barMs: number | undefined): string | undefined {
  const rejected = sumRejects(tally.rejected)
  if (tally.rows === 0) return `No usable row: all ${rejected} were rejected.`
  if (tooManyRejected(tally.rows, tally.rejected)) {
    return `${rejected} of ${tally.rows + rejected} rows were rejected, the first at ${tally.examples[0]}; a run takes a file with at most a tenth.`
  }
  if (barMs === undefined || onGrid(tally.from, barMs)) return undefined
  return `Bars of ${formatTimeframe(barMs)} begin at ${formatTime(tally.from)}, which is no multiple of them.`
}

/** Checks one file, or every file under a folder whose name says a pair. No such file is an `OperatorError`. */
export async function checkData(path: string, options: CheckOptions = {}): Promise<DataCheck> {
  const listed = await listFiles(path)
  const found = listed.filter(file => file === path || isCandleFileName(file))
  const other = listed.find(file => conversionOf(file) !== undefined)
  if (other !== undefined && found.every(file => file === other)) throw notRead(other)
  const isNamed = (file: string) => file === path || readCandleFileName(file) !== undefined
  const files: FileCheck[] = []
  for (const file of found.filter(isNamed)) files.push(await checkFile(file, options))
  const unnamed = found.filter(file => !isNamed(file))
  if (files.length > 0) return { files, unnamed, ok: files.every(f => f.problem === undefined) }
  throw new OperatorError({
    what: path,
    expected: 'candle files named by pair, e.g. XBTUSD_60.csv',
    got: `${unnamed.length} CSV or JSON files, none so named`,
    next: 'Give one file to check it whatever its name.',
  })
}

function notRead(path: string): OperatorError {
  return new OperatorError({ what: path, expected: 'CSV or JSON, gzipped or zipped', next: `Convert it: ${conversionOf(path)}.` })
}
