/** The data of the page's script: lines on one common axis. */

import type { Halted, Lines, Numbers, ReportData, TradeMarks } from './data.js'
import { number } from './summary.js'

export interface ClientData {
  /** Whether `x` is seconds since 1970, else steps. */
  readonly timed: boolean
  readonly x: number[]
  readonly model: Record<string, Numbers>
  readonly equity: Record<string, Numbers>
  readonly drawdown: Record<string, Numbers>
  readonly contagion: Numbers
  /** Shares at which entries pause and resume. */
  readonly thresholds: number[]
  readonly patterns: Record<string, Numbers>
  /** Prices have an axis of their own with more points, because readers zoom into them. */
  readonly prices: Lines
  readonly halted: Halted[]
  readonly trades: TradeMarks | null
}

export function clientData({ manifest, model, trading, patterns, period }: ReportData): ClientData {
  const { contagionPause, contagionResume } = manifest.parameters
  return {
    timed: period !== null,
    x: model.x,
    model: model.lines,
    equity: trading?.equity.lines ?? {},
    drawdown: trading?.drawdown ?? {},
    contagion: trading?.contagion ?? [],
    thresholds: [contagionPause, contagionResume].flatMap(share => number(share) ?? []),
    patterns: patterns?.counts ?? {},
    prices: { x: trading?.prices.x ?? [], lines: trading?.prices.lines ?? {} },
    halted: trading?.halted ?? [],
    trades: trading?.trades ?? null,
  }
}
