/** TechnicalAnalysis: one asset's RSI, MACD, Bollinger and ATR vote on every closed bar; the swarm's benchmark, and a fair one. */

import { type Bar, BarFlag } from '../market/index.js'
import { Agent } from '../model/index.js'
import { BaselineIdeas, featuresOf, MarketData, type Style, technicalVote } from '../trading/index.js'
import type { SwarmModel } from './ports.js'

export class TechnicalAnalysis extends Agent<SwarmModel> {
  pair = ''
  style: Style = 'GENERIC'

  wire(): void {
    this.on(MarketData.at(this.pair), this.bar)
  }

  bar(bar: Bar): void {
    if ((bar.flags & BarFlag.filled) !== 0) return
    const { model } = this
    // A bar that comes more than a bar late tells of the past: it is learnt from, and no idea.
    if (model.now >= bar.time + 2 * bar.barMs) return
    const analysis = model.analysis(this.pair)
    const { direction, confidence } = technicalVote(analysis)
    if (direction === 0) return
    this.publish(BaselineIdeas, {
      id: `${this.key}:${model.steps + 1}`,
      source: 'baseline',
      agent: this.key,
      pair: this.pair,
      direction,
      confidence,
      decidedAt: model.now,
      expiresAt: model.now + bar.barMs,
      horizonBars: model.params.baselineHorizonBars,
      barMs: bar.barMs,
      style: this.style,
      pattern: null,
      moats: [],
      prediction: null,
      features: featuresOf(analysis),
    })
  }
}
