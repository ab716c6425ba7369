/** Interprets a scenario's `worlds.run` and the operator's wishes: a synthetic market, or candle files replayed. */

import { z } from 'zod'
import { OperatorError } from '../core/index.js'
import {
  formatTimeframe,
  type MarketSource,
  type PlantedCause,
  type PlantedShock,
  type RejectCounts,
  replayMarket,
  type SyntheticOptions,
  sumRejects,
  syntheticMarket,
} from '../market/index.js'
import { RecordedMarket } from './recorded-market.js'
import type { MarketRequest } from './run-request.js'

/** What a market of files may say in a scenario. */
const filesSchema = z.strictObject({
  kind: z.literal('files'),
  path: z.string().min(1),
  moats: z.string().min(1).optional(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
})

const runWorldSchema = z.strictObject({ market: z.looseObject({ kind: z.enum(['synthetic', 'files']) }).optional() })

/** A market ready to run, and what the manifest and the operator should know of it. */
export interface PreparedMarket {
  readonly source: RecordedMarket
  readonly kind: 'synthetic' | 'files'
  /** SHA-256 of every input file, by path, in the order in which they enter the digest. */
  readonly inputs: Readonly<Record<string, string>>
  readonly rejected: RejectCounts
  readonly rejectedInputs: number
  /** Ticks there are, where the market ends. */
  readonly ticks: number | undefined
  readonly notes: readonly string[]
}

export interface MarketSettings {
  readonly seed: number
  readonly pairs: readonly string[]
  readonly barMs: number
  readonly streams?: Parameters<typeof replayMarket>[0]['streams']
}

/** The market a scenario runs in by itself, as plain data; undefined for models without one. */
export function marketOf(worlds: { run?: unknown } | undefined): Record<string, unknown> | undefined {
  if (worlds?.run === undefined) return undefined
  const parsed = runWorldSchema.safeParse(worlds.run)
  if (parsed.success) return parsed.data.market
  const issue = parsed.error.issues[0]
  throw new OperatorError({
    what: `the scenario's worlds.run${issue?.path.length ? `.${issue.path.join('.')}` : ''}`,
    expected: "{ market: { kind: 'synthetic', … } } or { market: { kind: 'files', path } }",
    next: issue?.message ?? '',
  })
}

/** Reads files and checks every option; touches nothing but what it reads. */
export async function prepareMarket(
  spec: Record<string, unknown>,
  asked: MarketRequest,
  settings: MarketSettings,
): Promise<PreparedMarket> {
  if (asked.market !== undefined) return prepareFiles({ ...asked, path: asked.market }, settings)
  if (spec.kind === 'files') {
    const { path, ...rest } = parseFiles(spec)
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
    return prepareFiles({ ...rest, ...given, path }, settings)
  }
  for (const option of ['moats', 'from', 'to'] as const) {
    if (asked[option] !== undefined) throw needsFiles(option)
  }
  return prepareSynthetic(spec as SyntheticOptions, settings)
}

function prepareSynthetic(options: SyntheticOptions, { seed, pairs, barMs }: MarketSettings): PreparedMarket {
  const market = syntheticMarket({ ...withinPairs(options, pairs), pairs, barMs, seed })
  const none = { inputs: {}, rejected: {}, rejectedInputs: 0, ticks: undefined, notes: [] }
  return { source: new RecordedMarket(market), kind: 'synthetic', ...none }
}

/** Where only some pairs are wanted, what was planted in the others goes too. */
function withinPairs(options: SyntheticOptions, pairs: readonly string[]): SyntheticOptions {
  const { causes = [], shocks = [], startPrices = {} } = options
  const known = (pair: string) => pairs.includes(pair)
  return {
    ...options,
    causes: (causes as readonly PlantedCause[]).filter(cause => known(cause.pair)),
    shocks: (shocks as readonly PlantedShock[]).flatMap(shock => shockWithin(shock, known)),
    startPrices: Object.fromEntries(Object.entries(startPrices).filter(([pair]) => known(pair))),
  }
}

function shockWithin(shock: PlantedShock, known: (pair: string) => boolean): PlantedShock[] {
  if (shock.kind === 'contagion') return known(shock.pair) ? [shock] : []
  if (shock.kind !== 'outage' || shock.pairs === undefined) return [shock]
  const pairs = shock.pairs.filter(known)
  return pairs.length === 0 ? [] : [{ ...shock, pairs }]
}

async function prepareFiles(
  { path, moats, from, to }: MarketRequest & { readonly path: string },
  { seed, pairs, barMs, streams }: MarketSettings,
): Promise<PreparedMarket> {
  const { loadCandles, loadMoats } = await import('../feed/index.js')
  const candles = await loadCandles({ path, timeframe: formatTimeframe(barMs), pairs, from, to })
  const signals = moats === undefined ? undefined : await loadMoats(moats)
  const chosen = [...candles.files, ...(signals?.files ?? [])]
  const rejected = total(chosen.map(file => file.rejected))
  const facts = { files: candles.files, moatFiles: signals?.files ?? [], missing: candles.missing, rejected }
  const market = replayMarket({ series: candles.series, barMs, seed, moats: signals?.series, streams, from, to, facts })
  return {
    source: new RecordedMarket(market),
    kind: 'files',
    inputs: Object.fromEntries(chosen.map(file => [file.path, file.sha256])),
    rejected,
    rejectedInputs: sumRejects(rejected),
    ticks: ticksOf(market),
    notes: notesOf(candles, rejected),
  }
}

function notesOf(
  { files, missing }: { files: readonly { pair: string; path: string; rows: number }[]; missing: readonly string[] },
  rejected: RejectCounts,
): string[] {
  const notes = files.map(file => `${file.pair}: ${file.path} (${file.rows} bars)`)
  if (missing.length > 0) notes.push(`No candles for ${missing.join(', ')}: their miners idle.`)
  for (const [reason, n] of Object.entries(rejected)) notes.push(`${n} rows rejected: ${reason}.`)
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
    expected: "{ kind: 'files', path, moats?, from?, to? }",
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
