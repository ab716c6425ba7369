/** Watches a run for its controls: bars, ideas and trades as they are published. */

import type { Swarm } from '../../agents/index.js'
import { type Bar, BarFlag } from '../../market/index.js'
import type { Simulation } from '../../model/index.js'
import {
  BaselineIdeas,
  ControlRecorder,
  type Idea,
  MarketData,
  MycelialIdeas,
  type PortfolioName,
  type Trade,
  TradeConfirmations,
} from '../../trading/index.js'

/** Begins to record; read the recorder once the run has finished. */
export function recordControls(sim: Simulation<Swarm>): ControlRecorder {
  const recorder = new ControlRecorder(sim.model.params.collisionWindowMs)
  sim.tap((topic, message) => {
    if (topic.family === MarketData) noteBar(recorder, message as Bar)
    else if (topic === BaselineIdeas || topic === MycelialIdeas) recorder.idea(message as Idea)
    else if (topic === TradeConfirmations) noteTrade(recorder, message as Trade)
  })
  return recorder
}

function noteBar(recorder: ControlRecorder, { pair, time, open, flags }: Bar): void {
  if ((flags & BarFlag.filled) === 0) recorder.bar(pair, time, open)
}

function noteTrade(recorder: ControlRecorder, trade: Trade): void {
  const portfolio = trade.portfolio as PortfolioName
  recorder.trade({ ...trade, portfolio, net: trade.pnlE6 / trade.entryNotionalE6, ideaId: trade.ideaIds[0] ?? '' })
}
