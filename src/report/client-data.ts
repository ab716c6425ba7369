/** What the page's script is given: the lines, on the one axis they share. */

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
  /** Shares at which entries pause and may go on. */
  readonly thresholds: number[]
  readonly patterns: Record<string, Numbers>
  /** Prices have an axis of their own, with more points, because they are looked at closely. */
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
