/** A portfolio as the risk gate sees it. */

import { notionalE6, type UsdE6 } from '../core/index.js'
import type { Account, HeldPosition, PairMarket } from './gate/index.js'
import { equityE6, grossE6, type Portfolio, reservedE6, type WaitingEntry } from './portfolio.js'

/** Why no entry may be made in a pair, whatever the limits are: a code; null: there is no reason. */
export type Doubt = (pair: string) => string | null

export class PortfolioAccount implements Account {
  constructor(
    private readonly portfolio: Portfolio,
    readonly doubt: Doubt,
  ) {}

  get startE6(): UsdE6 {
    return this.portfolio.startE6
  }

  equityE6(): UsdE6 {
    return equityE6(this.portfolio)
  }

  grossE6(): UsdE6 {
    return grossE6(this.portfolio) + reservedE6(this.portfolio)
  }

  openCount(): number {
    let n = 0
    for (const { position, entry } of this.portfolio.instruments.values()) if (position !== null || entry !== null) n++
    return n
  }

  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void {
    for (const { pair, position } of this.portfolio.held)
      if (position !== null) visit(pair, position.signal.direction * position.markE6)
    for (const entry of this.portfolio.entries.values()) visit(entry.order.pair, signedCostE6(entry))
  }

  market(pair: string): PairMarket | undefined {
    return this.portfolio.instruments.get(pair)
  }

  position(pair: string): HeldPosition | null {
    const position = this.portfolio.instruments.get(pair)?.position ?? null
    if (position === null) return null
    const { signal, entryTime, closesAt } = position
    return { direction: signal.direction, entryTime, closesAt }
  }
}

/** What a waiting entry will add: at most what its fill may cost, or else its cost at the price of its decision. */
function signedCostE6({ order, signal, boundE6 }: WaitingEntry): UsdE6 {
  return signal.direction * (boundE6 ?? notionalE6(order.referenceUsd, order.qtyE8))
}
