/** Analyst: one asset's publisher of standing views as baseline ideas; a strategy is a subclass with one method, `judge`. */

import { type Bar, BarFlag } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import { BaselineIdeas, featuresOf, MarketData, type Style, type Vote } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/**
 * A strategy’s base: publishes its view as an idea on each bar on which `judge` is not neutral. Which of them the baseline enters is
 * decided by its entry rule (the parameter `baselineRule`).
 */
export abstract class Analyst extends Agent<SwarmModel> {
  /** The asset; set by Builder, which deploys one analyst an asset. */
  pair = ''
  style: Style = 'GENERIC'

  /**
   * Direction (0: neutral) and confidence after a closed, existing bar, and where the strategy knows them the expected move and the
   * horizon. May use `this.model.analysis(this.pair)`.
   */
  abstract judge(bar: Bar): Vote

  override wire(): void {
    this.on(MarketData.at(this.pair), this.bar)
  }

  /** Publishes an idea on every bar where the judgement is not neutral. */
  private bar(bar: Bar): void {
    if ((bar.flags & BarFlag.filled) !== 0) return
    const { direction, confidence, expectedMove, horizonBars } = this.judge(bar)
    if (direction === 0) return
    const { model } = this
    this.publish(BaselineIdeas, {
      id: `${this.key}:${model.steps + 1}`,
      source: 'baseline',
      agent: this.key,
      pair: this.pair,
      direction,
      confidence,
      decidedAt: model.now,
      expiresAt: model.barFromNow(this.pair, 1),
      horizonBars: horizonBars ?? model.params.baselineHorizonBars,
      barMs: bar.barMs,
      style: this.style,
      pattern: null,
      moats: [],
      prediction: expectedMove === undefined ? null : direction * expectedMove,
      features: featuresOf(model.analysis(this.pair)),
    })
  }
}
