/** A squeeze: a crowd is levered one way, somebody buys, and each liquidation moves the price to the next one. */

import { math, type QtyE8, toUsdE6, UNIT, type UsdE6 } from '../../core/index.js'
import {
  type Clearing,
  type ClearingHouse,
  countUp,
  gainE6,
  type HouseEvent,
  type IndexPrice,
  moveBy,
  newClearingHouse,
  newPerpMarket,
  type OrderEvent,
  openPerpAccount,
  type PerpAccount,
  type PerpContract,
  type PerpEvent,
  type PerpInput,
  type PerpMarket,
  type PerpPosition,
  perpClearing,
  perpVenue,
  type Quote,
  takeEnds,
  takeLast,
  toPriceE8,
  usualPerp,
  type Way,
} from '../../exchange/index.js'
import { Model, type Source } from '../../model/index.js'
import { Slots } from '../launch/slots.js'
import { type MarginEvent, MarginEvents } from '../spot-futures/topics.js'
import { LeveredTrader } from './levered-trader.js'
import type { SqueezeWorld } from './ports.js'
import type { squeezeSchema } from './squeeze-parameters.js'

/** The one future. */
export const squeezed = 'SQZUSD'
/** Who buys. It pays in full, so that nothing ends it. */
const buyer = 'buyer'

const clearings = new WeakMap<Squeeze, Clearing<PerpEvent>>()

/** A levered crowd, a buyer, and a price that each trade moves. */
export class Squeeze extends Model<typeof squeezeSchema> implements SqueezeWorld {
  /** @internal */
  market: PerpMarket = newPerpMarket([squeezed], usualPerp, 0, { kappa: this.params.kappa, depthUsd: this.params.depthUsd })
  /** @internal */
  house: ClearingHouse = newClearingHouse(usualPerp, toUsdE6(this.params.insuranceUsd))
  indexUsd = this.params.startPriceUsd
  lastUsd = this.params.startPriceUsd
  /** @internal Orders that came to nothing, by reason. */
  lost: Record<string, number> = {}
  /** Notional that was liquidated so far, by side of the position. */
  liquidatedE6 = { long: 0, short: 0 }
  /** @internal */
  readonly traders = this.agentsOf(LeveredTrader)

  setup(): void {
    const { params } = this
    takeLast(this.contract, toPriceE8(params.startPriceUsd) ?? 1)
    const shorts = Math.round(params.traders * params.shortShare)
    const traders = this.spawn(params.traders, LeveredTrader, i => ({ way: i < shorts ? (-1 as const) : (1 as const) }))
    const chance = this.stream('capital')
    for (const trader of traders)
      openPerpAccount(this.house, trader.key, toUsdE6(params.capitalUsd * (0.5 + chance.float())), params.leverage)
    openPerpAccount(this.house, buyer, toUsdE6(2 * params.shockUsd), 1)
  }

  /** The index moves, and the mark with it, which may liquidate; then what was ordered fills at the last price, each order moving it. */
  step(): void {
    this.moveIndex()
    this.advance({ kind: 'index', priceUsd: this.indexUsd, asOf: this.now })
    perpVenue.advance(this.market, { kind: 'time', time: this.now }, this.clearing)
    this.advance({ kind: 'quote', priceUsd: this.contract.lastE8 / UNIT, reachedBy: this.now })
    this.others()
    // Nobody records single orders here.
    takeEnds(this.market.orders)
    this.lastUsd = this.contract.lastE8 / UNIT
    this.buy()
    this.traders.shuffleDo(trader => trader.step())
  }

  override source(): Source {
    return new Slots(this.params.stepMs)
  }

  override summary(): Record<string, unknown> {
    const { liquidations, deleveragings, fundE6, feesE6 } = this.house
    const ruined = [...this.house.accounts.values()].filter(({ cashE6, positions }) => cashE6 < 1e6 && positions.size === 0)
    return {
      price: this.lastUsd,
      liquidations,
      deleveragings,
      liquidatedUsd: { long: this.liquidatedE6.long / 1e6, short: this.liquidatedE6.short / 1e6 },
      ruined: ruined.length,
      insuranceFund: fundE6 / 1e6,
      fees: feesE6 / 1e6,
      lost: { ...this.lost },
    }
  }

  /** @internal */
  accountOf(name: string): PerpAccount {
    const account = this.house.accounts.get(name)
    if (account === undefined) throw new Error(`no account ${name}`)
    return account
  }

  /** @internal */
  gainOf(pair: string, position: PerpPosition): UsdE6 {
    const markE8 = this.market.contracts.get(pair)?.markE8 ?? 0
    return markE8 > 0 ? gainE6(position, markE8) : 0
  }

  /** @internal */
  submit(account: string, way: Way, qtyE8: QtyE8, reduces: boolean): void {
    const { now: submittedAt, params } = this
    perpVenue.submit(this.market, {
      account,
      clientId: `${account}:${this.steps}`,
      pair: squeezed,
      side: way === 1 ? 'buy' : 'sell',
      qtyE8,
      limitUsd: null,
      referenceUsd: this.lastUsd,
      reduces,
      submittedAt,
      expiresAt: submittedAt + 2 * params.stepMs,
    })
  }

  /** @internal */
  get contract(): PerpContract {
    const contract = this.market.contracts.get(squeezed)
    if (contract === undefined) throw new Error('the market has its one future')
    return contract
  }

  private advance(input: Omit<IndexPrice, 'pair' | 'time'> | Omit<Quote, 'pair' | 'time'>): void {
    perpVenue.advance(this.market, { ...input, pair: squeezed, time: this.now } as PerpInput, this.clearing)
  }

  /** Others close a part of the gap between the future and its index. */
  private others(): void {
    const { pull, kappa, depthUsd } = this.params
    const last = this.contract.lastE8 / UNIT
    if (kappa === 0) return
    const gap = pull * math.log(this.indexUsd / last)
    moveBy(this.market, this.contract, Math.round(((gap * depthUsd) / kappa / last) * UNIT))
  }

  /** Spot follows the future, with noise of its own. */
  private moveIndex(): void {
    const { follow, noise } = this.params
    const last = this.contract.lastE8 / UNIT
    this.indexUsd *= math.exp(follow * math.log(last / this.indexUsd) + noise * this.stream('index').normal())
  }

  private buy(): void {
    const { shockStep, shockSteps, shockUsd } = this.params
    if (this.steps < shockStep || this.steps >= shockStep + shockSteps || shockUsd === 0) return
    this.submit(buyer, 1, Math.max(1, Math.round((shockUsd / shockSteps / this.lastUsd) * UNIT)), false)
  }

  private get clearing(): Clearing<PerpEvent> {
    let clearing = clearings.get(this)
    if (clearing === undefined) {
      clearing = perpClearing(this.market, this.house, { refuses: () => null, on: event => this.happened(event) })
      clearings.set(this, clearing)
    }
    return clearing
  }

  private happened(event: OrderEvent | PerpEvent | HouseEvent): void {
    if (event.kind === 'cancelled') countUp(this.lost, event.reason, 16)
    if (event.kind === 'liquidated') {
      const { account, pair, way, qtyE8, markE8, lossE6, feeE6, fromFundE6 } = event
      this.liquidatedE6[way === 1 ? 'long' : 'short'] += Math.round((markE8 / UNIT) * qtyE8) / 100
      this.note({ kind: 'liquidation', portfolio: account, pair, qtyE8, costE6: lossE6, toFundE6: feeE6, fromFundE6 })
    }
    if (event.kind === 'deleveraged') {
      const { account, pair, qtyE8, gainE6: gain } = event
      this.note({ kind: 'deleveraging', portfolio: account, pair, qtyE8, costE6: -gain, toFundE6: 0, fromFundE6: 0 })
    }
    if (event.kind === 'funded') {
      const { account, pair, paidE6 } = event
      const qtyE8 = this.accountOf(account).positions.get(pair)?.qtyE8 ?? 0
      this.note({ kind: 'funding', portfolio: account, pair, qtyE8, costE6: paidE6, toFundE6: 0, fromFundE6: 0 })
    }
  }

  private note(event: Omit<MarginEvent, 'time' | 'markUsd'>): void {
    this.publish(MarginEvents, { ...event, time: this.now, markUsd: this.contract.markE8 / UNIT })
  }
}
