/** Builder: deploys an asset's analyst when an explorer team agrees, and retires the analyst with the worst record. */

import { fromUsdE6 } from '../../core/index.js'
import { Agent } from '../../model/index.js'
import {
  type Recommendation,
  Recommendations,
  type Style,
  type Team,
  type Trade,
  TradeConfirmations,
} from '../../trading/index.js'
import type { DeployedAnalyst, SwarmModel } from './ports.js'

/** An asset's measured record: what its baseline trades earned. */
interface AssetRecord {
  trades: number
  pnlUsd: number
}

/** Trades a record needs before it is judged. */
const judgedTrades = 5
/** A record counts as if so many more trades had earned nothing: a few long trades say little. */
const doubtTrades = 10

export class Builder extends Agent<SwarmModel> {
  /** Latest recommendations: explorer → pairs. */
  latest = new Map<string, { team: Team; pairs: readonly string[]; coarse: boolean }>()
  records = new Map<string, AssetRecord>()
  deployed = 0
  retired = 0

  wire(): void {
    this.on(Recommendations, this.recommended)
    this.on(TradeConfirmations, this.traded)
  }

  recommended({ explorer, team, pairs, coarse }: Recommendation): void {
    this.latest.set(explorer, { team, pairs, coarse })
  }

  traded(trade: Trade): void {
    if (trade.portfolio !== 'baseline') return
    const record = this.records.get(trade.pair) ?? { trades: 0, pnlUsd: 0 }
    record.trades++
    record.pnlUsd += fromUsdE6(trade.pnlE6)
    this.records.set(trade.pair, record)
  }

  step(): void {
    const { model } = this
    if (model.steps % model.params.reviewBars !== 0) return
    const active = new Map([...model.analysts].map(ta => [ta.pair, ta]))
    for (const [pair, style] of this.agreed()) {
      if (active.has(pair)) continue
      if (active.size >= model.params.maxAssets && !this.retireWorst(active, pair)) continue
      active.set(pair, model.spawn(model.analystType, { pair, style }))
      this.deployed++
    }
  }

  /** Pairs that at least two of a team's three name, with the style of the first team that agrees. */
  private agreed(): Map<string, Style> {
    const votes = new Map<string, number>()
    const agreed = new Map<string, Style>()
    for (const { team, pairs, coarse } of this.latest.values()) {
      for (const pair of pairs) {
        const proposal = `${team} ${pair}`
        const n = (votes.get(proposal) ?? 0) + 1
        votes.set(proposal, n)
        if (n === 2 && !agreed.has(pair)) agreed.set(pair, coarse ? 'GENERIC' : team)
      }
    }
    return agreed
  }

  /** Makes room by retiring the asset with the worst losing record, unless the candidate's own record is worse. */
  private retireWorst(active: Map<string, DeployedAnalyst>, candidate: string): boolean {
    let worst: DeployedAnalyst | undefined
    let least = Math.min(0, this.mean(candidate))
    for (const [pair, analyst] of active) {
      const mean = this.mean(pair)
      if (mean >= least) continue
      least = mean
      worst = analyst
    }
    if (worst === undefined) return false
    active.delete(worst.pair)
    worst.remove()
    this.retired++
    return true
  }

  /** Mean P&L per trade in USD, drawn towards 0 by `doubtTrades`; 0 while unjudged. */
  private mean(pair: string): number {
    const record = this.records.get(pair)
    return record === undefined || record.trades < judgedTrades ? 0 : record.pnlUsd / (record.trades + doubtTrades)
  }
}
