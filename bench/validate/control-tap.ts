/** Watches a run for its controls: bars, ideas and trades as they are published. */

import type { Simulation } from 'mycelia'
import {
  type Bar,
  BaselineIdeas,
  type Idea,
  MarketData,
  MycelialIdeas,
  type PortfolioName,
  type Swarm,
  type Trade,
  TradeConfirmations,
} from 'mycelia/market'
import { hashName, Rng, rootOf } from '../../src/core/index.js'
import { BarFlag } from '../../src/market/index.js'
import { ControlRecorder, type Controls, controlsOf } from '../../src/trading/index.js'

/** Begins to record; call the result once the run has finished. */
export function controlTap(sim: Simulation<Swarm>, seed: number): () => Controls {
  const recorder = new ControlRecorder(sim.model.params.collisionWindowMs)
  sim.tap((topic, message) => {
    if (topic.family === MarketData) noteBar(recorder, message as Bar)
    else if (topic === BaselineIdeas || topic === MycelialIdeas) recorder.idea(message as Idea)
    else if (topic === TradeConfirmations) noteTrade(recorder, message as Trade)
  })
  return () => controlsOf(recorder, sim.model.params, Rng.derive(rootOf(seed), hashName('controls'), 0))
}

function noteBar(recorder: ControlRecorder, { pair, time, open, flags }: Bar): void {
  if ((flags & BarFlag.filled) === 0) recorder.bar(pair, time, open)
}

function noteTrade(recorder: ControlRecorder, trade: Trade): void {
  const portfolio = trade.portfolio as PortfolioName
  recorder.trade({ ...trade, portfolio, net: trade.pnlE6 / trade.entryNotionalE6, ideaId: trade.ideaIds[0] ?? '' })
}
