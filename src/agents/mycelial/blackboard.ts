/** What the model observes on the bus once for all agents of a process: bars, cross-moat signals, confirmations. */

import {
  type ApprovalVerdict,
  FinanceSignals,
  type HypothesisSpace,
  HypothesisStage,
  RollingWindow,
  type StageTable,
  setStage,
  stageTable,
} from '../../discovery/index.js'
import { type Bar, BarFlag } from '../../market/index.js'
import {
  type AnalysisState,
  analysisNext,
  analysisState,
  type CrossMoatSignal,
  type PairHistory,
  type TrendState,
  trendNext,
} from '../../trading/index.js'

/** Plain data and kernel objects. */
export interface Blackboard {
  readonly rollingWindow: RollingWindow
  readonly finance: FinanceSignals
  readonly stages: StageTable
  /** By pair number. */
  readonly analyses: AnalysisState[]
  /** The trends that analysts follow; null where they vote instead. */
  readonly trend: TrendState | null
  readonly pairs: Map<string, number>
  /** Driver → transform → column of the rolling window. */
  readonly columns: Map<string, Map<string, number>>
  readonly placebos: Set<string>
  /** This step's existing bars by pair number: close (NaN: none) and turnover, USD. */
  readonly closes: Float64Array
  readonly turnovers: Float64Array
}

export function blackboard(hypotheses: HypothesisSpace, trend: TrendState | null): Blackboard {
  const columns = new Map<string, Map<string, number>>()
  hypotheses.signals.forEach(({ driver, transform, own }, i) => {
    if (own) return
    const known = columns.get(driver) ?? new Map<string, number>()
    columns.set(driver, known.set(transform, hypotheses.columnOf(i, 0)))
  })
  return {
    rollingWindow: new RollingWindow(hypotheses),
    finance: new FinanceSignals(hypotheses),
    stages: stageTable(hypotheses),
    analyses: hypotheses.pairs.map(() => analysisState()),
    trend,
    pairs: new Map(hypotheses.pairs.map((pair, i) => [pair, i])),
    columns,
    placebos: new Set(),
    closes: new Float64Array(hypotheses.pairs.length).fill(Number.NaN),
    turnovers: new Float64Array(hypotheses.pairs.length),
  }
}

/** A filled bar is no observation: it has no trade. */
export function observeBar(seen: Blackboard, bar: Bar): void {
  const { rollingWindow, finance, analyses, trend, pairs, closes, turnovers } = seen
  const pair = pairs.get(bar.pair)
  if (pair === undefined) return
  if ((bar.flags & BarFlag.filled) !== 0) return finance.miss(pair)
  rollingWindow.putClose(pair, bar.close)
  closes[pair] = bar.close
  turnovers[pair] = bar.close * bar.volume
  finance.see(rollingWindow, pair, bar.close, bar.volume)
  analysisNext(analyses[pair] as AnalysisState, bar)
  if (trend !== null) trendNext(trend, pair, bar.close)
}

/** Bars of the past, which follow on nothing that was seen before. */
export function observeHistory(seen: Blackboard, { pair, bars }: PairHistory): void {
  observeGap(seen, pair)
  for (const bar of bars) observeBar(seen, bar)
}

/** Bars of a pair are lost, so no return spans them. */
export function observeGap({ rollingWindow, finance, pairs }: Blackboard, name: string): void {
  const pair = pairs.get(name)
  if (pair === undefined) return
  rollingWindow.breakOff(pair)
  finance.miss(pair)
}

export function observeSignal(
  { rollingWindow, columns, placebos }: Blackboard,
  { driver, transform, z, placebo }: CrossMoatSignal,
): void {
  const column = columns.get(driver)?.get(transform)
  if (column === undefined) return
  rollingWindow.putZ(column, z)
  if (placebo) placebos.add(driver)
  else placebos.delete(driver)
}

export function observeConfirmationTask({ stages }: Blackboard, hypothesis: number): void {
  setStage(stages, hypothesis, HypothesisStage.confirming)
}

export function observeConfirmation(
  { stages }: Blackboard,
  { hypothesis, confirmed }: { hypothesis: number; confirmed: boolean },
): void {
  setStage(stages, hypothesis, confirmed ? HypothesisStage.studied : HypothesisStage.free)
}

export function observeApproval({ stages }: Blackboard, { hypothesis, approved }: ApprovalVerdict): void {
  setStage(stages, hypothesis, approved ? HypothesisStage.approved : HypothesisStage.free)
}

export function observeRetirement({ stages }: Blackboard, hypothesis: number): void {
  setStage(stages, hypothesis, HypothesisStage.free)
}
