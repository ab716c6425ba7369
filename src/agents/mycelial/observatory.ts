/** What the model itself watches on the bus, once for all agents of a process: bars, cross-moat signals, confirmations. */

import {
  type ApprovalVerdict,
  FinanceSignals,
  type KeySpace,
  KeyStage,
  type StageTable,
  setStage,
  stageTable,
  Tape,
} from '../../discovery/index.js'
import { type Bar, BarFlag } from '../../market/index.js'
import { type AnalysisState, analysisNext, analysisState, type CrossMoatSignal } from '../../trading/index.js'

/** Plain data and kernel objects. */
export interface Observatory {
  readonly tape: Tape
  readonly finance: FinanceSignals
  readonly stages: StageTable
  /** By pair number. */
  readonly analyses: AnalysisState[]
  readonly pairs: Map<string, number>
  /** Driver → transform → tape column. */
  readonly columns: Map<string, Map<string, number>>
  readonly placebos: Set<string>
  /** This step's existing bars by pair number: close (NaN: none) and turnover, USD. */
  readonly closes: Float64Array
  readonly turnovers: Float64Array
}

export function observatory(keys: KeySpace): Observatory {
  const columns = new Map<string, Map<string, number>>()
  keys.signals.forEach(({ driver, transform, own }, i) => {
    if (own) return
    const known = columns.get(driver) ?? new Map<string, number>()
    columns.set(driver, known.set(transform, keys.columnOf(i, 0)))
  })
  return {
    tape: new Tape(keys),
    finance: new FinanceSignals(keys),
    stages: stageTable(keys),
    analyses: keys.pairs.map(() => analysisState()),
    pairs: new Map(keys.pairs.map((pair, i) => [pair, i])),
    columns,
    placebos: new Set(),
    closes: new Float64Array(keys.pairs.length).fill(Number.NaN),
    turnovers: new Float64Array(keys.pairs.length),
  }
}

/** A filled or revised bar is no observation: filled bars have no trade, a revision came after the fact. */
export function observeBar({ tape, finance, analyses, pairs, closes, turnovers }: Observatory, bar: Bar): void {
  const pair = pairs.get(bar.pair)
  if (pair === undefined || (bar.flags & BarFlag.revised) !== 0) return
  if ((bar.flags & BarFlag.filled) !== 0) return finance.miss(pair)
  tape.putClose(pair, bar.close)
  closes[pair] = bar.close
  turnovers[pair] = bar.close * bar.volume
  finance.see(tape, pair, bar.close, bar.volume)
  analysisNext(analyses[pair] as AnalysisState, bar)
}

/** Bars of a pair are missing for good: no return spans them. */
export function observeGap({ tape, finance, pairs }: Observatory, name: string): void {
  const pair = pairs.get(name)
  if (pair === undefined) return
  tape.breakOff(pair)
  finance.miss(pair)
}

export function observeSignal(
  { tape, columns, placebos }: Observatory,
  { driver, transform, z, placebo }: CrossMoatSignal,
): void {
  const column = columns.get(driver)?.get(transform)
  if (column === undefined) return
  tape.putZ(column, z)
  if (placebo) placebos.add(driver)
  else placebos.delete(driver)
}

export function observeDuty({ stages }: Observatory, key: number): void {
  setStage(stages, key, KeyStage.confirming)
}

export function observeConfirmation({ stages }: Observatory, { key, confirmed }: { key: number; confirmed: boolean }): void {
  setStage(stages, key, confirmed ? KeyStage.studied : KeyStage.free)
}

export function observeApproval({ stages }: Observatory, { key, approved }: ApprovalVerdict): void {
  setStage(stages, key, approved ? KeyStage.approved : KeyStage.free)
}

export function observeRetirement({ stages }: Observatory, key: number): void {
  setStage(stages, key, KeyStage.free)
}
