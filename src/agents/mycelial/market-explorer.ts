/** MarketExplorer: ranks the pairs for its team's horizon by liquidity, volatility and quality of trend. */

import { DAY_MS, MINUTE_MS, math } from '../../core/index.js'
import { Agent } from '../../model/index.js'
import { Recommendations, type Team } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/** The mandate of a team: how far back (bars), its holding period, and the weights of the three qualities. */
const mandates: Readonly<
  Record<Team, { lookbackBars: number; holdMs: number; liquidity: number; volatility: number; trend: number }>
> = {
  HFT: { lookbackBars: 24, holdMs: 5 * MINUTE_MS, liquidity: 0.6, volatility: 0.4, trend: 0 },
  DAY: { lookbackBars: 72, holdMs: DAY_MS, liquidity: 0.34, volatility: 0.33, trend: 0.33 },
  SWING: { lookbackBars: 240, holdMs: 7 * DAY_MS, liquidity: 0.2, volatility: 0.2, trend: 0.6 },
}

export class MarketExplorer extends Agent<SwarmModel> {
  team: Team = 'DAY'
  /** Members of a team have different lookbacks, so that their agreement is evidence. */
  member = 0
  close = new Float64Array(0)
  /** Exponentially weighted means per pair: turnover (USD), |return|, return. */
  turnover = new Float64Array(0)
  movement = new Float64Array(0)
  drift = new Float64Array(0)
  seen = new Uint32Array(0)

  step(): void {
    const { model } = this
    this.measure(model.closes, model.turnovers)
    if (model.steps % model.params.reviewBars !== 0) return
    const pairs = this.ranked().slice(0, model.params.recommendPairs)
    this.publish(Recommendations, {
      explorer: this.key,
      team: this.team,
      pairs,
      coarse: mandates[this.team].holdMs < model.barMs,
    })
  }

  /** Takes this step's bars into the three qualities. */
  private measure(closes: Float64Array, turnovers: Float64Array): void {
    if (this.close.length === 0) this.makeRoom(closes.length)
    const { close, turnover, movement, drift, seen } = this
    const weight = 2 / (1 + mandates[this.team].lookbackBars * math.pow(2, this.member - 1))
    for (let i = 0; i < closes.length; i++) {
      const now = closes[i] as number
      const last = close[i] as number
      if (Number.isNaN(now)) continue
      close[i] = now
      if (last === 0) continue
      const change = now / last - 1
      turnover[i] = (turnover[i] as number) + weight * ((turnovers[i] as number) - (turnover[i] as number))
      movement[i] = (movement[i] as number) + weight * (Math.abs(change) - (movement[i] as number))
      drift[i] = (drift[i] as number) + weight * (change - (drift[i] as number))
      seen[i] = (seen[i] as number) + 1
    }
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
