/** What a run of the latency system says of its signals: which there were, how right they came to be, and what trading on them earned. */

import { join } from 'node:path'
import { type Cell, fromUsdE6, HOUR_MS } from '../../core/index.js'
import { type Columns, readTable } from '../../storage/index.js'
import { type Calibration, kindOf, learnOutcome, type NetSignal, signalsNeeded } from '../../trading/index.js'

const described = [
  'signal_id',
  'type',
  'posted',
  'host',
  'pair',
  'direction',
  'strength',
  'confidence',
  'decided_at',
  'expires_at',
] as const
type SignalRow = { readonly [column in (typeof described)[number]]: Cell } & { readonly state: Cell }

/** Signals of one answer at most: the newest. */
const signalsShown = 1_000
/** The share of right signals that the system aims at. */
const aim = 0.55

/** The newest signals that are at least so sure, each in its last state. */
export async function signalsOf(run: string, minConfidence: number): Promise<SignalRow[]> {
  const latest = await latestOf(run)
  const sure = [...latest.values()].filter(({ confidence }) => Number(confidence) >= minConfidence)
  return sure.slice(-signalsShown).reverse()
}

/** The last row of each signal. */
async function latestOf(run: string): Promise<Map<Cell, SignalRow>> {
  const rows = rowsOf<SignalRow>(await tableOf(run, 'latency_signals', [...described, 'state']))
  return new Map(rows.map(row => [row.signal_id, row]))
}

export interface SignalAccuracy {
  /** Share of right ones among those whose horizon was over within these hours; null: there was none. */
  readonly accuracy: number | null
  readonly matured: number
  /** How many it takes to tell what the system aims at from chance. */
  readonly needed: number
  /** Of the trades that were closed within these hours, USD. */
  readonly total_pnl: number
  readonly trades: number
}

/** Of the last hours of the run; signals that other places posted are left out. */
export async function accuracyOf(run: string, hours: number): Promise<SignalAccuracy> {
  const { time = [] } = await tableOf(run, 'model', ['time'])
  const since = Number(time.at(-1) ?? 0) - hours * HOUR_MS
  const outcomes = rowsOf<{ time: number; right: boolean; posted: boolean }>(
    await tableOf(run, 'signal_outcomes', ['time', 'right', 'posted']),
  )
  const trades = rowsOf<{ exit_time: number; pnl_e6: number }>(await tableOf(run, 'trades', ['exit_time', 'pnl_e6']))
  const matured = outcomes.filter(outcome => outcome.time > since && !outcome.posted)
  const closed = trades.filter(trade => trade.exit_time > since)
  const right = matured.filter(outcome => outcome.right).length
  return {
    accuracy: matured.length === 0 ? null : right / matured.length,
    matured: matured.length,
    needed: signalsNeeded(aim),
    total_pnl: fromUsdE6(closed.reduce((sum, { pnl_e6 }) => sum + pnl_e6, 0)),
    trades: closed.length,
  }
}

/** What came of a run's signals, by kind; nothing where there is no run. */
export async function calibrationOf(run: string | undefined): Promise<Calibration> {
  const calibration: Calibration = new Map()
  if (run === undefined) return calibration
  const signals = await latestOf(run)
  const outcomes = rowsOf<{ signal_id: string; right: boolean }>(await tableOf(run, 'signal_outcomes', ['signal_id', 'right']))
  for (const { signal_id, right } of outcomes) {
    const signal = signals.get(signal_id)
    if (signal !== undefined) learnOutcome(calibration, kindOf(signal as unknown as NetSignal), right)
  }
  return calibration
}

/** No columns where the run has no such table. */
async function tableOf(run: string, table: string, columns: readonly string[]): Promise<Columns> {
  return (await readTable(join(run, `${table}.parquet`), columns)) ?? {}
}

function rowsOf<R>(columns: Columns): R[] {
  const names = Object.keys(columns)
  const [first = []] = Object.values(columns)
  return first.map((_, i) => Object.fromEntries(names.map(name => [name, columns[name]?.[i] ?? null])) as R)
}
