/** Interprets a scenario's `worlds.run` and the operator's wishes: a synthetic market, or candle files replayed. */

import { statSync } from 'node:fs'
import { z } from 'zod'
import { OperatorError } from '../core/index.js'
import type { LoadedCandles } from '../feed/index.js'
import {
  formatTimeframe,
  type InstrumentTable,
  type MarketSource,
  parseTime,
  type RejectCounts,
  replayMarket,
  ScansBeside,
  type SessionCalendar,
  scanLimits,
  scenarioMarket,
  sumRejects,
} from '../market/index.js'
import { JournalMarket } from './recorded/journal-market.js'
import { readScanFile } from './recorded/scan-file.js'
import { RecordedMarket } from './recorded-market.js'
import type { MarketRequest } from './run-request.js'

/** The options of a market of files in a scenario. */
const filesSchema = z.strictObject({
  kind: z.literal('files'),
  path: z.string().min(1),
  moats: z.string().min(1).optional(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
  timezone: z.string().min(1).optional(),
})

/** A market ready to run, with its description for the manifest and notes for the operator. */
export interface PreparedMarket {
  readonly source: RecordedMarket
  readonly kind: 'synthetic' | 'files'
  /** SHA-256 of every input file, by path, in the order in which they enter the digest. */
  readonly inputs: Readonly<Record<string, string>>
  readonly rejected: RejectCounts
  readonly rejectedInputs: number
  /** Number of ticks; undefined where the market does not end. */
  readonly ticks: number | undefined
  readonly notes: readonly string[]
}

export interface MarketSettings {
  readonly seed: number
  readonly pairs: readonly string[]
  readonly barMs: number
  readonly instruments: InstrumentTable
  readonly streams?: Parameters<typeof replayMarket>[0]['streams']
}

/** Reads files and checks every option; writes nothing. */
export async function prepareMarket(
  spec: Record<string, unknown>,
  request: MarketRequest,
  settings: MarketSettings,
): Promise<PreparedMarket> {
  if (request.scans !== undefined) return prepareScans({ ...request, scans: request.scans }, settings)
  if (request.market !== undefined) return prepareFiles({ ...request, path: request.market }, settings)
  if (spec.kind === 'files') {
    const { path, ...rest } = parseFiles(spec)
    const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
    return prepareFiles({ ...rest, ...given, path }, settings)
  }
  for (const option of ['moats', 'from', 'to', 'timezone'] as const) {
    if (request[option] !== undefined) throw needsFiles(option)
  }
  return prepareSynthetic(spec, settings)
}

function prepareSynthetic(described: Record<string, unknown>, settings: MarketSettings): PreparedMarket {
  const { seed, pairs, barMs } = settings
  const none = { inputs: {}, rejected: {}, rejectedInputs: 0, ticks: undefined, notes: [] }
  return { source: new RecordedMarket(scenarioMarket(described, { seed, pairs, barMs })), kind: 'synthetic', ...none }
}

/** A live run is its own market; a file of scans needs the prices of its time. */
async function prepareScans(
  { scans: path, ...request }: MarketRequest & { readonly scans: string },
  settings: MarketSettings,
): Promise<PreparedMarket> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    for (const option of ['market', 'moats', 'from', 'to', 'timezone'] as const)
      if (request[option] !== undefined) throw besideRun(option)
    const journal = JournalMarket.open(path)
    const none = { rejected: {}, rejectedInputs: 0, ticks: undefined, notes: [] }
    return { source: new RecordedMarket(journal), kind: 'files', inputs: { [path]: journal.head }, ...none }
  }
  const { market } = request
  if (market === undefined)
    throw new OperatorError({
      what: '`scans`',
      expected: '`market` beside a file of scans, with the prices of its time',
      got: path,
    })
  if (settings.barMs > scanLimits.clockMs) throw barsTooLong(settings.barMs)
  const { scans, sha256, rejected } = await readScanFile(path)
  const prices = await prepareFiles({ ...request, path: market }, settings, source => new ScansBeside(source, scans))
  const note = rejected === 0 ? [] : [`Left out: ${rejected} lines of ${path} that hold no scan.`]
  return {
    ...prices,
    inputs: { ...prices.inputs, [path]: sha256 },
    rejectedInputs: prices.rejectedInputs + rejected,
    notes: [...prices.notes, ...note],
  }
}

/** A scan comes with its bar, and one that is older than the clock may be off is not believed. */
function barsTooLong(barMs: number): OperatorError {
  return new OperatorError({
    what: 'a file of `scans`',
    expected: `bars of ${formatTimeframe(scanLimits.clockMs)} at most, so that its scans come in time`,
    got: `bars of ${formatTimeframe(barMs)}`,
    next: 'Set `timeframe` to 5m or less, and give `market` candles of that length.',
  })
}

function besideRun(option: string): OperatorError {
  return new OperatorError({
    what: `\`${option}\` beside \`scans\` of a live run`,
    expected: 'the prices that it had',
    next: 'Leave it out.',
  })
}

async function prepareFiles(
  { path, moats, from, to, timezone }: MarketRequest & { readonly path: string },
  { seed, pairs, barMs, streams, instruments }: MarketSettings,
  beside: (market: MarketSource) => MarketSource = market => market,
): Promise<PreparedMarket> {
  const { loadCandles, loadingNotes, loadMoats, rejectNotes } = await import('../feed/index.js')
  const candles = await loadCandles({ path, timeframe: formatTimeframe(barMs), pairs, instruments, from, to, timezone })
  const signals = moats === undefined ? undefined : await loadMoats(moats)
  const chosen = [...candles.files, ...(signals?.files ?? [])]
  const rejected = total(chosen.map(file => file.rejected))
  const facts = { files: candles.files, moatFiles: signals?.files ?? [], missing: candles.missing, rejected }
  const calendars = calendarsOf(candles.series.keys(), instruments)
  const market = replayMarket({
    series: candles.series,
    barMs,
    calendars,
    seed,
    moats: signals?.series,
    streams,
    from,
    to,
    facts,
  })
  return {
    source: new RecordedMarket(beside(market)),
    kind: 'files',
    inputs: Object.fromEntries(chosen.map(file => [file.path, file.sha256])),
    rejected,
    rejectedInputs: sumRejects(rejected),
    ticks: ticksOf(market),
    notes: [
      ...loadingNotes(candles, instruments),
      ...rejectNotes(total((signals?.files ?? []).map(file => file.rejected))),
      ...clockNotes(candles, market, { from, to }),
    ],
  }
}

function calendarsOf(pairs: Iterable<string>, instruments: InstrumentTable): ReadonlyMap<string, SessionCalendar> {
  const calendars = new Map<string, SessionCalendar>()
  for (const pair of pairs) {
    const calendar = instruments.calendar(pair)
    if (calendar !== undefined) calendars.set(pair, calendar)
  }
  return calendars
}

/** Bars that the clock of a replay leaves out where no range was asked for, and signals from before its first bar. */
function clockNotes(candles: LoadedCandles, market: MarketSource, { from, to }: Pick<MarketRequest, 'from' | 'to'>): string[] {
  const said = market.describe()
  const { skippedSignals } = said
  const [first, last] = [parseTime(String(said.from)), parseTime(String(said.to))]
  let [before, after] = [0, 0]
  for (const series of candles.series.values()) {
    before += series.indexAt(first)
    after += series.length - series.indexAt(last + 1)
  }
  const notes: string[] = []
  const fewer = 'where fewer than two thirds of the pairs have candles'
  if (from === undefined && before > 0) notes.push(`Not used: ${before} bars before ${said.from}, ${fewer}.`)
  if (to === undefined && after > 0) notes.push(`Not used: ${after} bars after ${said.to}, ${fewer}.`)
  if (Number(skippedSignals) > 0) notes.push(`Not used: ${skippedSignals} values of moat streams from before the first bar.`)
  return notes
}

function ticksOf(market: MarketSource): number | undefined {
  const { ticks } = market.describe()
  return typeof ticks === 'number' ? ticks : undefined
}

function total(parts: readonly RejectCounts[]): RejectCounts {
  const sum: Record<string, number> = {}
  for (const part of parts) for (const [reason, n] of Object.entries(part)) sum[reason] = (sum[reason] ?? 0) + n
  return sum
}

function parseFiles(spec: Record<string, unknown>): z.output<typeof filesSchema> {
  const parsed = filesSchema.safeParse(spec)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new OperatorError({
    what: `the scenario's worlds.run.market${issue?.path.length ? `.${issue.path.join('.')}` : ''}`,
    expected: "{ kind: 'files', path, moats?, from?, to?, timezone? }",
    next: issue?.message ?? '',
  })
}

function needsFiles(option: string): OperatorError {
  return new OperatorError({
    what: `\`${option}\``,
    expected: 'a market of files',
    got: 'a synthetic one',
    next: 'Give `market` too.',
  })
}
