/** MarketExplorer: ranks the pairs for its team's horizon by liquidity, volatility and quality of trend. */

import { DAY_MS, MINUTE_MS } from '../core/index.js'
import { type Bar, BarFlag } from '../market/index.js'
import { Agent } from '../model/index.js'
import { MarketData, Recommendations, type Team } from '../trading/index.js'
import type { SwarmModel } from './ports.js'

/** What a team looks for: how far back (bars), its holding period, and the weights of the three qualities. */
const mandates: Readonly<
  Record<Team, { lookbackBars: number; holdMs: number; liquidity: number; volatility: number; trend: number }>
> = {
  HFT: { lookbackBars: 24, holdMs: 5 * MINUTE_MS, liquidity: 0.6, volatility: 0.4, trend: 0 },
  DAY: { lookbackBars: 72, holdMs: DAY_MS, liquidity: 0.34, volatility: 0.33, trend: 0.33 },
  SWING: { lookbackBars: 240, holdMs: 7 * DAY_MS, liquidity: 0.2, volatility: 0.2, trend: 0.6 },
}

export class MarketExplorer extends Agent<SwarmModel> {
  team: Team = 'DAY'
  /** Members of a team look back differently far, so that agreement means something. */
  member = 0
  close = new Float64Array(0)
  /** Exponentially weighted means per pair: turnover (USD), |return|, return. */
  turnover = new Float64Array(0)
  movement = new Float64Array(0)
  drift = new Float64Array(0)
  seen = new Uint32Array(0)

  wire(): void {
    if (this.close.length === 0) this.makeRoom(this.model.pairs.length)
    this.on(MarketData, this.bar)
  }

  bar(bar: Bar): void {
    if ((bar.flags & BarFlag.filled) !== 0) return
    const i = this.model.pairIndex(bar.pair)
    const last = this.close[i] as number
    this.close[i] = bar.close
    if (last === 0) return
    const weight = 2 / (1 + mandates[this.team].lookbackBars * 2 ** (this.member - 1))
    const change = bar.close / last - 1
    this.turnover[i] = (this.turnover[i] as number) + weight * (bar.close * bar.volume - (this.turnover[i] as number))
    this.movement[i] = (this.movement[i] as number) + weight * (Math.abs(change) - (this.movement[i] as number))
    this.drift[i] = (this.drift[i] as number) + weight * (change - (this.drift[i] as number))
    this.seen[i] = (this.seen[i] as number) + 1
  }

  step(): void {
    const { model } = this
    if (model.steps % model.params.reviewBars !== 0) return
    const pairs = this.ranked().slice(0, model.params.recommendPairs)
    this.publish(Recommendations, {
      explorer: this.key,
      team: this.team,
      pairs,
      coarse: mandates[this.team].holdMs < model.barMs,
    })
  }

  /** Pairs with something seen, best first: weighted sum of the three qualities' ranks. */
  private ranked(): string[] {
    const { liquidity, volatility, trend } = mandates[this.team]
    const known = this.model.pairs.map((pair, i) => ({ pair, i, score: 0 })).filter(({ i }) => (this.seen[i] as number) > 1)
    this.addRanks(known, liquidity, i => this.turnover[i] as number)
    this.addRanks(known, volatility, i => this.movement[i] as number)
    this.addRanks(known, trend, i => Math.abs(this.drift[i] as number) / ((this.movement[i] as number) || 1))
    return known.sort((a, b) => b.score - a.score || a.i - b.i).map(k => k.pair)
  }

  private addRanks(known: { i: number; score: number }[], weight: number, quality: (i: number) => number): void {
    const order = [...known].sort((a, b) => quality(a.i) - quality(b.i) || b.i - a.i)
    order.forEach((k, rank) => {
      k.score += weight * rank
    })
  }

  private makeRoom(pairs: number): void {
    this.close = new Float64Array(pairs)
    this.turnover = new Float64Array(pairs)
    this.movement = new Float64Array(pairs)
    this.drift = new Float64Array(pairs)
    this.seen = new Uint32Array(pairs)
  }
}
