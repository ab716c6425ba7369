/** The futures portfolio as the risk gate sees it: equity with margins, exposures at the mark, and the leverage that stands behind them. */

import { UNIT, type UsdE6 } from '../../core/index.js'
import { type PerpAccount, type PerpMarket, perpEquityE6, valueE6 } from '../../exchange/index.js'
import type { Account, HeldPosition, PairMarket } from '../../trading/index.js'
import type { SpotFuturesModel } from './ports.js'

/** What is read of the agent. */
export interface PerpOwner {
  readonly model: SpotFuturesModel
  readonly market: PerpMarket
  readonly account: PerpAccount
  readonly open: ReadonlyMap<string, { readonly entryTime: number; readonly closesAt: number }>
}

export class FuturesAccount implements Account {
  readonly startE6: UsdE6

  constructor(
    private readonly owner: PerpOwner,
    startE6: UsdE6,
  ) {
    this.startE6 = startE6
  }

  get leverage(): number {
    return this.account.leverage
  }

  equityE6(): UsdE6 {
    return perpEquityE6(this.account, this.owner.market)
  }

  grossE6(): UsdE6 {
    let sum = 0
    this.eachExposure((_, valueE6) => {
      sum += Math.abs(valueE6)
    })
    return sum
  }

  openCount(): number {
    let waiting = 0
    for (const { reduces } of this.owner.market.orders.live.values()) if (!reduces) waiting++
    return this.account.positions.size + waiting
  }

  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void {
    const { contracts, orders } = this.owner.market
    for (const [pair, { way, qtyE8 }] of this.account.positions) {
      const markE8 = contracts.get(pair)?.markE8 ?? 0
      visit(pair, markE8 > 0 ? way * valueE6(markE8, qtyE8) : Number.NaN)
    }
    for (const { pair, side, qtyE8, reduces, referenceUsd } of orders.live.values())
      if (!reduces) visit(pair, (side === 'buy' ? 1 : -1) * Math.round((referenceUsd * qtyE8) / 100))
  }

  market(pair: string): PairMarket | undefined {
    const view = this.owner.model.views.get(pair)
    if (view === undefined) return undefined
    const { barTime, barMs, flags } = view
    return { priceUsd: (this.owner.market.contracts.get(pair)?.markE8 ?? Number.NaN) / UNIT, barTime, barMs, flags }
  }

  position(pair: string): HeldPosition | null {
    const held = this.account.positions.get(pair)
    const open = this.owner.open.get(pair)
    return held === undefined || open === undefined ? null : { direction: held.way, ...open }
  }

  doubt(pair: string): string | null {
    return this.owner.model.stale.has(pair) ? 'stalePair' : null
  }

  private get account(): PerpAccount {
    return this.owner.account
  }
}
