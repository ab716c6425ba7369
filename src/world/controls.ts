/** The controls of a finished run's portfolios, from its spooled tables. */

import { BarFlag } from '../market/index.js'
import type { RunOutputs } from '../storage/index.js'
import {
  ControlRecorder,
  type Controls,
  controlsOf,
  type Direction,
  type PortfolioName,
  type TradeCosts,
} from '../trading/index.js'

/** Parameters that the controls depend on. */
export interface ControlParameters extends TradeCosts {
  readonly barMs: number
  readonly collisionWindowMs?: number
}

type Outputs = Pick<RunOutputs, 'blocks'>

/** Reads the tables `prices`, `ideas` and `trades` back block by block. */
export function runControls(outputs: Outputs, seed: number, { barMs, collisionWindowMs, ...costs }: ControlParameters): Controls {
  const recorder = new ControlRecorder(collisionWindowMs)
  readPrices(outputs, recorder, barMs)
  readIdeas(outputs, recorder)
  readTrades(outputs, recorder)
  return controlsOf(recorder, costs, seed)
}

function readPrices(outputs: Outputs, recorder: ControlRecorder, barMs: number): void {
  for (const { time, pair, open, flags } of outputs.blocks('prices')) {
    for (let i = 0; i < (pair?.length ?? 0); i++) {
      if ((Number(flags?.[i]) & BarFlag.filled) !== 0) continue
      recorder.bar(String(pair?.[i]), Number(time?.[i]) - barMs, Number(open?.[i]))
    }
  }
}

function readIdeas(outputs: Outputs, recorder: ControlRecorder): void {
  for (const { id, source, pair, direction, decided_at: decidedAt, bar_ms: barMs } of outputs.blocks('ideas')) {
    for (let i = 0; i < (id?.length ?? 0); i++)
      recorder.idea({
        id: String(id?.[i]),
        source: source?.[i] === 'mycelial' ? 'mycelial' : 'baseline',
        pair: String(pair?.[i]),
        direction: Number(direction?.[i]) as Direction,
        decidedAt: Number(decidedAt?.[i]),
        barMs: Number(barMs?.[i]),
      })
  }
}

function readTrades(outputs: Outputs, recorder: ControlRecorder): void {
  for (const row of outputs.blocks('trades')) {
    for (let i = 0; i < (row.pair?.length ?? 0); i++)
      recorder.trade({
        portfolio: String(row.portfolio?.[i]) as PortfolioName,
        pair: String(row.pair?.[i]),
        direction: Number(row.direction?.[i]) as Direction,
        entryTime: Number(row.entry_time?.[i]),
        exitTime: Number(row.exit_time?.[i]),
        net: Number(row.pnl_e6?.[i]) / Number(row.entry_notional_e6?.[i]),
        ideaId: String(row.idea_id?.[i]),
      })
  }
}
