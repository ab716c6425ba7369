/** What a portfolio answers the broker at a fill: whether it may trade, what it can pay for, and what the fill changes. */

import { assert, notionalE6, type TimeMs, type UsdE6 } from '../core/index.js'
import {
  type Acceptance,
  type Clearing,
  type Filled,
  lotsWithin,
  type Offer,
  type Order,
  type OrderEvent,
  tooSmall,
} from '../exchange/index.js'
import { lockedProfitE6, lockOn, tradeSizeE6 } from './gate/index.js'
import { equityE6, grossE6, type InstrumentState, type Portfolio, type PortfolioEvents, type WaitingEntry } from './portfolio.js'
import { type CancelReason, forgetEntry } from './portfolio-orders.js'
import { openPosition, settleExit } from './settlement.js'

/** Exits need no permission; an entry has the portfolio's locks, its idea's horizon and its room against it. */
export class PortfolioClearing implements Clearing {
  constructor(
    private readonly portfolio: Portfolio,
    private readonly events: PortfolioEvents,
    /** The room under the gross limit of a position that has just left at this price. */
    private readonly freedE6: UsdE6 = 0,
  ) {}

  refuses({ id, pair }: Order, time: TimeMs): CancelReason | null {
    const entry = this.portfolio.entries.get(id)
    if (entry === undefined) return null
    if (lockOn(this.portfolio.gate.locks, pair) !== undefined) return 'halted'
    return time > entry.signal.expiresAt || time >= entry.signal.closesAt ? 'ideaExpired' : null
  }

  affords({ id, pair }: Order, offer: Offer): Acceptance {
    const entry = this.portfolio.entries.get(id)
    if (entry === undefined) return { qtyE8: offer.qtyE8, code: null }
    const { position, rules } = this.instrument(pair)
    if (position !== null) return extension
    const { leastE6, mostE6 } = tradeSizeE6(this.portfolio.gate.limits)
    const { boundE6 = Number.POSITIVE_INFINITY } = entry
    const roomE6 = this.roomE6(offer)
    const qtyE8 = Math.min(offer.qtyE8, lotsWithin(Math.min(roomE6, mostE6, boundE6), offer.priceUsd, rules))
    const costE6 = notionalE6(offer.priceUsd, qtyE8)
    const code = boundE6 < Math.min(roomE6, mostE6) ? 'fillBound' : mostE6 < roomE6 ? 'tradeSize' : 'grossLimit'
    if (qtyE8 < offer.qtyE8 && tooSmall(qtyE8, costE6, rules)) return { qtyE8: 0, code }
    if (costE6 < leastE6) return { qtyE8: 0, code: 'tradeSize' }
    return { qtyE8, code: qtyE8 < offer.qtyE8 ? code : null }
  }

  on(event: OrderEvent): void {
    if (event.kind === 'filled') return this.filled(event)
    if (event.kind !== 'cancelled' && event.kind !== 'expired') return
    const entry = this.portfolio.entries.get(event.orderId)
    const instrument = this.instrument(event.pair)
    // The position is still leaving: its exit is submitted again at the next price.
    if (instrument.exit?.id === event.orderId) instrument.exit = null
    if (entry === undefined) return
    forgetEntry(this.portfolio, instrument)
    if (event.kind === 'cancelled' && event.reason === extension.code) extend(this.portfolio, instrument, entry)
  }

  private filled(event: Filled): void {
    const { portfolio, events } = this
    const instrument = this.instrument(event.pair)
    const context = { portfolio, instrument, events }
    const entry = portfolio.entries.get(event.orderId)
    if (entry !== undefined) {
      forgetEntry(portfolio, instrument)
      return openPosition(context, event, entry.signal)
    }
    assert(instrument.position !== null, 'only a position is left')
    settleExit(context, instrument.position, event)
  }

  /**
   * What an entry may cost now. The gross limit is measured with the marks of the last step, when the order was decided, so that
   * no fill depends on later prices. The latest marks only ensure that positions never exceed equity, nor what of it is not locked.
   */
  private roomE6({ priceUsd, marketUsd }: Offer): UsdE6 {
    const { portfolio } = this
    const room = portfolio.stepLimitE6 - portfolio.stepGrossE6 + this.freedE6 - portfolio.filledSinceStepE6
    const margin = equityE6(portfolio) - lockedProfitE6(portfolio.gate, portfolio.startE6) - grossE6(portfolio)
    // An entry pays its fee and loses spread and slippage at once. What is left must still cover it, rounding included.
    const costs = portfolio.settings.feeRate + 2 * Math.abs(marketUsd / priceUsd - 1)
    const most = Math.min(room, Math.floor(margin / (1 + costs)) - 4)
    // NaN, where a held pair or the one that has just left has no price, is no room.
    return most > 0 ? most : 0
  }

  private instrument(pair: string): InstrumentState {
    const instrument = this.portfolio.instruments.get(pair)
    assert(instrument !== undefined, 'a portfolio has orders in its own pairs alone')
    return instrument
  }
}

/** An entry that meets a position of its direction renews it and buys nothing. */
const extension = { qtyE8: 0, code: 'extended' } as const

function extend(portfolio: Portfolio, { position }: InstrumentState, { signal }: WaitingEntry): void {
  assert(position?.signal.direction === signal.direction, 'an entry extends a position of its own direction')
  position.closesAt = signal.closesAt
  portfolio.extended++
}
