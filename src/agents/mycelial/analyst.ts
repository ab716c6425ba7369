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

  /** Judges every bar, and publishes an idea where the judgement is not neutral: once a bar, and never on a bar of the past. */
  private bar(bar: Bar): void {
    if ((bar.flags & BarFlag.filled) !== 0) return
    const { direction, confidence, expectedMove, horizonBars } = this.judge(bar)
    if (direction === 0 || this.isPast(bar)) return
    const { model } = this
    this.publish(BaselineIdeas, {
      id: this.idOf(bar),
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

  /** True of the bars of a warm-up and of those that an outage held back: a view of them is over before it can be acted on. */
  private isPast({ time, barMs }: Bar): boolean {
    const { warming, now } = this.model
    return warming || now >= time + 2 * barMs
  }

  /** A bar that comes after its end, as in a live run, may share its step with the next one: its end tells the two ideas apart. */
  private idOf({ time, barMs }: Bar): string {
    const { steps, now } = this.model
    const id = `${this.key}:${steps + 1}`
    return now === time + barMs ? id : `${id}:${time + barMs}`
  }
}
