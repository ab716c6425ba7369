/** The decision graph on what a user has: an archive of snapshots, prices and news in files. Paper alone, as if it had been traded then. */

import { Desk, type DeskFill, type DeskInputs, type DeskPolicy } from '../../agents/index.js'
import { MINUTE_MS, OperatorError, type TimeMs } from '../../core/index.js'
import {
  type NewsRow,
  readHistoricalTrades,
  readNewsSignals,
  readTimeSeries,
  type SeriesRow,
  tableText,
} from '../../feed/index.js'
import { ArchiveReader, requireArchive } from '../../storage/index.js'
import { curveMetrics, newPerformance, sampleEquity } from '../../trading/index.js'
import { type TokenPolicyRequest, tokenPolicy } from './live-tokens.js'
import { ArchiveView } from './seen.js'

export interface DecideRequest extends TokenPolicyRequest {
  readonly archive: string
  /** `time-series.csv`, in the place of the prices in the snapshots where it has some. */
  readonly series?: string | undefined
  /** `news_signals.csv`, in the place of the news in the snapshots. */
  readonly news?: string | undefined
  /** `historical_trades.csv` of the user, to compare with. */
  readonly past?: string | undefined
  readonly afterMs?: number | undefined
  readonly onProgress?: ((cycle: number, of: number) => void) | undefined
}

/** What it came to; null: not known, `why` says why. */
export interface DecideResult {
  readonly cycles: number
  readonly trades: number
  readonly open: number
  /** Annual, of whole UTC days; of trades: mean ÷ standard deviation of what one gained of its cost. */
  readonly sharpe: number | null
  readonly tradeSharpe: number | null
  readonly maxDrawdown: number | null
  readonly winRate: number | null
  readonly meanPnlSol: number | null
  readonly equitySol: number
  readonly startSol: number
  readonly skips: Readonly<Record<string, number>>
  readonly why: Readonly<Record<string, string>>
  readonly fills: readonly DeskFill[]
  /** What the past trades of the user came to; null: none were given. */
  readonly past: TradeFigures | null
}

/** Of trades that have ended. */
export interface TradeFigures {
  readonly trades: number
  readonly winRate: number | null
  readonly meanPnlSol: number | null
}

/** Prices in a file are SOL for a token; those of a snapshot lamports for a millionth of it. */
const LAMPORTS_A_UNIT = 1e3
const SOL = 1e9
/** Minutes of prices that a decision sees. */
const MINUTES_SEEN = 60

export function decideArchive(request: DecideRequest): DecideResult {
  const { archive: folder, series: seriesFile, news: newsFile, past: pastFile, afterMs = 5 * MINUTE_MS, onProgress } = request
  const policy = tokenPolicy(request)
  const series = new Series(seriesFile === undefined ? [] : readTimeSeries(tableText(seriesFile), seriesFile))
  const news = newsFile === undefined ? null : readNewsSignals(tableText(newsFile), newsFile)
  const past = pastFile === undefined ? null : pastFigures(readHistoricalTrades(tableText(pastFile), pastFile))
  requireArchive(folder)
  const archive = ArchiveReader.open(folder)
  try {
    return { ...decided(archive, { policy, series, news, afterMs, onProgress }), past }
  } finally {
    archive.close()
  }
}

interface Deciding {
  readonly policy: DeskPolicy
  readonly series: Series
  readonly news: readonly NewsRow[] | null
  readonly afterMs: number
  readonly onProgress: DecideRequest['onProgress']
}

function decided(archive: ArchiveReader, { policy, series, news, afterMs, onProgress }: Deciding): Omit<DecideResult, 'past'> {
  const desk = new Desk(policy)
  const view = new ArchiveView()
  const fills: DeskFill[] = []
  const skips: Record<string, number> = {}
  const curve: { time: TimeMs; equity: number; gross: number; stake: number }[] = []
  const note = (time: TimeMs) => curve.push({ time, ...desk.equity() })
  const times = cycleTimes(archive, afterMs)
  if (times.length === 0) throw new OperatorError({ what: 'the archive', expected: 'snapshots', got: 'none' })
  const rows = archive.rows('snapshots')
  let row = rows.next()
  for (const [i, time] of times.entries()) {
    for (; row.done !== true && row.value.time + afterMs <= time; row = rows.next()) view.take(row.value)
    for (const [at, prices] of series.upTo(time)) {
      desk.mark(at, prices)
      note(at)
    }
    const output = desk.cycle(withFiles(view.inputs(time), series, news))
    fills.push(...output.fills)
    for (const [reason, n] of Object.entries(output.skips)) skips[reason] = (skips[reason] ?? 0) + n
    note(time)
    onProgress?.(i + 1, times.length)
  }
  for (const [at, prices] of series.upTo(Number.POSITIVE_INFINITY)) {
    desk.mark(at, prices)
    note(at)
  }
  return { cycles: times.length, skips, fills, ...figuresOf(desk, fills, curve) }
}

/** A cycle a fetch: snapshots that were made within a minute of each other are one. */
function cycleTimes(archive: ArchiveReader, afterMs: number): TimeMs[] {
  const times: TimeMs[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const { time } of archive.rows('snapshots')) {
    if (time < last)
      throw new OperatorError({
        what: 'the archive',
        expected: 'snapshots in the order of their times',
        got: 'an older one behind a newer',
      })
    if (time - last > MINUTE_MS) times.push(time + afterMs)
    else times[times.length - 1] = time + afterMs
    last = time
  }
  return times
}

/** Prices of files by instant, taken in order. */
class Series {
  private readonly byMint = new Map<string, SeriesRow[]>()
  private next = 0

  constructor(private readonly rows: readonly SeriesRow[]) {
    for (const row of rows) this.byMint.set(row.token_mint, [...(this.byMint.get(row.token_mint) ?? []), row])
  }

  /** The instants up to a time that were not given yet, each with its prices. */
  *upTo(time: TimeMs): Generator<[TimeMs, Map<string, number>]> {
    while (this.next < this.rows.length && (this.rows[this.next] as SeriesRow).time < time) {
      const at = (this.rows[this.next] as SeriesRow).time
      const prices = new Map<string, number>()
      for (; this.rows[this.next]?.time === at; this.next++) {
        const { token_mint, price } = this.rows[this.next] as SeriesRow
        prices.set(token_mint, price * LAMPORTS_A_UNIT)
      }
      yield [at, prices]
    }
  }

  /** The last rows of a token before a time. */
  before(mint: string, time: TimeMs): readonly SeriesRow[] {
    const rows = this.byMint.get(mint) ?? []
    const end = rows.findIndex(row => row.time > time)
    return rows.slice(0, end < 0 ? rows.length : end).slice(-MINUTES_SEEN)
  }
}

/** What was seen, with prices and news of the files where they have some. */
function withFiles(inputs: DeskInputs, series: Series, news: readonly NewsRow[] | null): DeskInputs {
  const { time } = inputs
  const tokens = inputs.tokens.map(token => {
    const rows = series.before(token.mint, time)
    const last = rows.at(-1)
    const newest = news?.findLast(each => each.token_mint === token.mint && each.time <= time)
    const heard = newest === undefined ? null : { mood: newest.mood, time: newest.time, form: 'whole' as const }
    const heardOf = news === null ? token : { ...token, news: heard }
    if (last === undefined) return heardOf
    const closes = rows.map(({ price }) => price * LAMPORTS_A_UNIT)
    // The curve that was read stood at another price.
    return {
      ...heardOf,
      price: last.price * LAMPORTS_A_UNIT,
      fetchedAt: last.time,
      closes,
      volumes: rows.map(r => r.volume * SOL),
      reserves: null,
    }
  })
  return { ...inputs, tokens }
}

interface Sample {
  readonly time: TimeMs
  readonly equity: number
  readonly gross: number
  readonly stake: number
}

function figuresOf(desk: Desk, fills: readonly DeskFill[], curve: readonly Sample[]) {
  const { stake, equity } = desk.equity()
  const performance = newPerformance(stake)
  let lastTime = Number.NEGATIVE_INFINITY
  for (const { time, equity: at, gross, stake: had } of curve) {
    if (time <= lastTime) continue
    lastTime = time
    // Users who came later had their money all along.
    sampleEquity(performance, { time, equityE6: at + stake - had, grossE6: gross, halted: false })
  }
  const { values, reasons } = curveMetrics(performance, { feesUsd: 0, slippageUsd: 0, interestUsd: 0 })
  const sales = fills.filter(({ action }) => action === 'sell')
  const pnls = sales.map(({ pnl }) => pnl ?? 0)
  const shares = sales.map(({ pnl, lamports }) => (pnl ?? 0) / Math.max(1, lamports - (pnl ?? 0)))
  const why: Record<string, string> = {}
  if (values.sharpe === null) why.sharpe = reasons.sharpe ?? 'not computable'
  if (sales.length === 0) why.winRate = 'no trade has ended'
  const open = [...desk.users.values()].reduce((sum, { positions }) => sum + positions.size, 0)
  return {
    ...tradeFigures(pnls),
    open,
    sharpe: values.sharpe,
    tradeSharpe: ratioOf(shares),
    maxDrawdown: values.maxDrawdown,
    equitySol: equity / SOL,
    startSol: stake / SOL,
    why,
  }
}

/** Of trades by what each gained, in lamports. */
function tradeFigures(pnls: readonly number[]): TradeFigures {
  const n = pnls.length
  if (n === 0) return { trades: 0, winRate: null, meanPnlSol: null }
  const sum = pnls.reduce((all, pnl) => all + pnl, 0)
  return { trades: n, winRate: pnls.filter(pnl => pnl > 0).length / n, meanPnlSol: sum / n / SOL }
}

function pastFigures(trades: readonly { readonly pnl: number | null }[]): TradeFigures {
  return tradeFigures(trades.flatMap(({ pnl }) => (pnl === null ? [] : [pnl])))
}

/** Mean ÷ standard deviation; null of fewer than two, or where they are all the same. */
function ratioOf(values: readonly number[]): number | null {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return values.length < 2 || squares === 0 ? null : mean / Math.sqrt(squares / (values.length - 1))
}
