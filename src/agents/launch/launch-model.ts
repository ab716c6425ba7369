/** The launch world: creators launch tokens on bonding curves, and everybody trades them against each other, slot by slot. */

import { HOUR_MS, MINUTE_MS, math, type Rng } from '../../core/index.js'
import {
  type Acceptance,
  type Clearing,
  type CurveMarket,
  type CurveTerms,
  costOf,
  countUp,
  curveVenue,
  type Filled,
  isComplete,
  type Lamports,
  launchCurve,
  newCurveMarket,
  type Offer,
  type Order,
  type OrderEvent,
  phaseOf,
  SOL,
  spotPrice,
  takeEnds,
} from '../../exchange/index.js'
import { Model, type Source, type TickInput } from '../../model/index.js'
import { newGate, type Portfolio } from '../../trading/index.js'
import type { OperatorCommand, OperatorRecord } from '../mycelial/operator.js'
import { Bundler } from './bundler.js'
import { drawCommunity } from './community.js'
import type { Consent } from './consent.js'
import type { Control } from './control.js'
import { CopyTrader } from './copy-trader.js'
import { Creator } from './creator.js'
import { isDormant, isMultiLaunch } from './creator-flags.js'
import { type Assignment, noteOutcome } from './experiment.js'
import { drawKind, isRug, type LaunchKind, manners } from './kinds.js'
import type { LaunchParameters, launchSchema } from './launch-parameters.js'
import { launchSummary } from './launch-summary.js'
import { launchLimits } from './limits.js'
import { MomentumTrader } from './momentum-trader.js'
import { NoiseTrader } from './noise-trader.js'
import { takeLaunchCommand } from './operator.js'
import { parseOrders } from './orders.js'
import type { LaunchOrder, LaunchWorld, Sender } from './ports.js'
import { judged, openScore } from './scoring.js'
import { inSlots, LAUNCH_START, Slots } from './slots.js'
import { Sniper } from './sniper.js'
import { Supporter } from './supporter.js'
import { endMinute, isQuiet, type LaunchToken, newToken, recordTrade } from './token.js'
import { Graduations, Launches, LaunchTrades, TokenScores } from './topics.js'
import { TradeAgent } from './trade-agent.js'
import type { Trader } from './trader.js'
import { User } from './user.js'
import { operatorLimitsOf, userGateRules, userLimitsOf } from './user-limits.js'
import { Whale } from './whale.js'

/** What each type of trader begins with, in SOL. All but users are filled up to it each hour. */
const stakes = {
  creator: 60,
  sniper: 40,
  bundler: 120,
  whale: 120,
  momentum: 8,
  copy: 20,
  noise: 6,
  supporter: 60,
  user: 10,
} as const
/** Slots in which an order can be executed once it has reached the first. */
const VALID_SLOTS = 20
/** A token that nobody trades for so long is dead. */
const QUIET_MS = 10 * MINUTE_MS

/** Launches on bonding curves as a model. */
export class LaunchModel extends Model<typeof launchSchema> implements LaunchWorld {
  /** @internal Tokens that are still traded, in order of launch. */
  living: LaunchToken[] = []
  /** @internal Those and the ones that are kept until their scores are judged, by pair. */
  tokens = new Map<string, LaunchToken>()
  /** @internal */
  market: CurveMarket = newCurveMarket()
  /** @internal What every curve is made by: one object, in a checkpoint too. */
  terms: CurveTerms = this.params.curve
  /** @internal Every account's trader. */
  owners = new Map<string, Trader>()
  /** @internal */
  kinds: LaunchKind[] = []
  /** Tokens launched, curves completed, and trades, so far. */
  launched = 0
  graduated = 0
  trades = 0
  /** Lamports that were paid into wallets, and those that left the world as fees or with dead tokens. */
  paidIn: Lamports = 0
  priorityFees: Lamports = 0
  buried: Lamports = 0
  /** @internal What operators said, and what came of it; absent before the first command. */
  declare operator?: OperatorRecord
  /** @internal Users have positions of their own, and no portfolios of the house. */
  readonly portfolios: readonly Portfolio[] = []
  /** @internal Launches that found too many living tokens. */
  refusedLaunches = 0
  /** @internal Orders that came to nothing, by reason. */
  lost: Record<string, number> = {}
  /** @internal */
  readonly creators = this.agentsOf(Creator)
  /** @internal */
  readonly bundlers = this.agentsOf(Bundler)
  /** @internal */
  readonly users = this.agentsOf(User)
  /** @internal */
  readonly tradeAgents = this.agentsOf(TradeAgent)

  setup(): void {
    const { params } = this
    const enter = (traders: Trader[], sol: number, wallets = 0) => {
      for (const trader of traders) this.open(trader, sol * SOL, wallets)
    }
    enter(
      this.spawn(params.creators, Creator, () => ({ bent: drawKind(params.kinds, this.stream('bents')) })),
      stakes.creator,
      Creator.wallets,
    )
    enter(this.spawn(params.snipers, Sniper), stakes.sniper)
    enter(this.spawn(params.bundlers, Bundler), stakes.bundler, Bundler.wallets)
    const whales = this.spawn(params.whales, Whale)
    enter(whales, stakes.whale)
    const crowd = this.spawn(params.momentumTraders, MomentumTrader)
    enter(crowd, stakes.momentum)
    enter(
      this.spawn(params.copyTraders, CopyTrader, i => ({ leader: leaderOf(i, params) })),
      stakes.copy,
    )
    const noise = this.spawn(params.noiseTraders, NoiseTrader)
    enter(noise, stakes.noise)
    const supporters = this.spawn(params.supporters, Supporter)
    enter(supporters, stakes.supporter)
    if (params.users > 0) this.enterUsers()
    for (const watcher of [...whales, ...crowd, ...noise, ...supporters])
      watcher.at(this.begin(watcher.rng.between(0, MINUTE_MS)), 'look')
    this.at(this.begin(this.stream('launches').exponential(1 / params.launchEveryMs)), 'launchNext')
    this.at(this.begin(HOUR_MS), 'fillUp')
  }

  step(): void {
    const clearing = this.clearing()
    curveVenue.advance(this.market, { kind: 'slot', time: this.now }, clearing)
    takeEnds(this.market.orders)
    for (const token of this.tokens.values()) if (this.now >= token.minuteFrom + MINUTE_MS) this.minuteOver(token)
  }

  override source(): Source {
    const { slotMs, orders } = this.params
    return new Slots(slotMs, orders === '' ? [] : parseOrders(orders, 'orders.csv'))
  }

  override receive(input: TickInput): void {
    const { kind, command } = input as TickInput & { command?: OperatorCommand }
    if (kind === 'operator' && command !== undefined) takeLaunchCommand(this, command)
  }

  /** The living tokens, which an operator may name. */
  get pairs(): readonly string[] {
    return this.living.map(({ pair }) => pair)
  }

  /** @internal What the trade-agent is controlled by. */
  get control(): Control | undefined {
    return this.tradeAgents.at(0)?.control
  }

  /** Launches a token of a creator drawn by chance, and plans the next launch. */
  launchNext(): void {
    const rng = this.stream('launches')
    this.after(inSlots(rng.exponential(1 / this.params.launchEveryMs), this.params.slotMs), 'launchNext')
    const creator = this.creators.random(rng)
    const leaks = rng.chance(this.params.leak)
    const kind = this.kindOf(leaks ? creator.bent : drawKind(this.params.kinds, rng))
    const looks = leaks ? kind : drawKind(this.params.kinds, rng)
    const appeal = math.pow(rng.float(), manners[looks].dullness)
    const community = drawCommunity({ kind, leaks }, this.params.support, this.stream('communities'))
    const reputation = creator.reputation + rng.normal(0, this.params.reputationNoise)
    if (this.living.length >= launchLimits.livingTokens) {
      this.refusedLaunches++
      return
    }
    const pair = `TOKEN-${this.launched}`
    const curve = launchCurve(this.market, pair, this.terms)
    if (curve === null) return
    this.launched++
    if (this.kinds.length < launchLimits.kindsListed) this.kinds.push(kind)
    const [multiLaunch, dormant] = [isMultiLaunch(creator.lastLaunch, this.now), isDormant(creator.lastLaunch, this.now)]
    const shown = { reputation, multiLaunch, dormant, launchedAt: this.now }
    const token = newToken({ pair, creator: creator.key, kind, leaks, looks, appeal, community, ...shown, curve })
    this.living.push(token)
    this.tokens.set(pair, token)
    creator.launched(token)
    const { bundledWallets } = manners[looks]
    if (bundledWallets > 0 && this.bundlers.size > 0) this.bundlers.random(rng).bundle(token, bundledWallets)
    this.publish(Launches, { pair, creator: creator.key, time: this.now, multiLaunch, dormant })
  }

  /** @internal Sends an order; it can stand in a slot after its latency. What a creator does in its launch has none. */
  send(sender: Sender, order: LaunchOrder): void {
    const { slotMs, latencySlots } = this.params
    const { token, side, tokens, limit, priority, delaySlots, wallet, inLaunch } = order
    const [least, most] = latencySlots
    const slots = inLaunch ? 0 : least + sender.rng.int(most - least + 1) + delaySlots
    // Who makes slots is paid, whatever comes of the order.
    const tip = Math.min(priority, sender.lamports)
    sender.lamports -= tip
    this.priorityFees += tip
    const reachesAt = this.now + slots * slotMs
    const event = curveVenue.submit(this.market, {
      account: sender.account(wallet),
      clientId: '',
      pair: token.pair,
      side,
      qtyE8: tokens,
      limitUsd: limit === null || limit <= 0 ? null : (limit / tokens) * 100,
      referenceUsd: Number.NaN,
      reduces: side === 'sell',
      submittedAt: this.now,
      expiresAt: reachesAt + VALID_SLOTS * slotMs,
      priority: tip,
      reachesAt,
    })
    if (event.kind === 'rejected') {
      this.lose(event.code)
      this.owners.get(event.account)?.lapse(event.pair)
    }
  }

  /** @internal Notes what a trade of an experiment came to. */
  noteOutcome(assignment: Assignment, value: number): void {
    const experiment = this.tradeAgents.at(0)?.experiment
    if (experiment !== undefined) noteOutcome(experiment, assignment, value)
  }

  /** @internal Has the hidden wallets that were hired for a token sell. */
  dump(token: LaunchToken): void {
    for (const bundler of this.bundlers) if (bundler.holds(token) > 0) bundler.dump(token)
  }

  /** New money: each wallet that has less than it began with is filled up, but for users: a deposit would hide a loss from their gates. */
  fillUp(): void {
    this.after(inSlots(HOUR_MS, this.params.slotMs), 'fillUp')
    for (const trader of new Set(this.owners.values()))
      if (!(trader instanceof User) && trader.lamports < trader.stake) {
        this.paidIn += trader.stake - trader.lamports
        trader.lamports = trader.stake
      }
  }

  override summary(): Record<string, unknown> {
    return launchSummary(this)
  }

  /** An instant so long after the beginning. */
  private begin(ms: number): number {
    return LAUNCH_START + inSlots(ms, this.params.slotMs)
  }

  /** The users, their consents and limits, and the agent that decides for them. */
  private enterUsers(): void {
    const { users: n } = this.params
    const operator = newGate('operator', 'trade-agent', operatorLimitsOf(this.params), userGateRules)
    const limits = userLimitsOf(this.params)
    const rng = this.stream('users')
    const users = this.spawn(n, User, i => ({
      profile: i % 2 === 0 ? ('scalper' as const) : ('swing' as const),
      baseSize: Math.round(rng.between(0.2, 0.8) * SOL),
      consents: [consentOf(i, rng)],
      gate: newGate('user', `User-${i}`, limits, userGateRules),
      operator,
    }))
    for (const user of users) this.open(user, stakes.user * SOL, 0)
    const agent = this.spawn(TradeAgent, { users, gate: operator })
    agent.readRules()
    agent.at(this.begin(this.params.fetchEveryMs), 'fetch')
    agent.at(this.begin(this.params.retrainEveryMs), 'retrain')
  }

  private open(trader: Trader, stake: Lamports, wallets: number): void {
    trader.lamports = stake
    trader.stake = stake
    this.paidIn += stake
    for (let wallet = 0; wallet <= wallets; wallet++) this.owners.set(trader.account(wallet), trader)
  }

  /** The kind of a launch, in a wave of rugs another than the creator means. */
  private kindOf(kind: LaunchKind): LaunchKind {
    const { rugWave, kinds } = this.params
    const rng = this.stream('waves')
    const time = this.now - LAUNCH_START
    if (rugWave === null || time < rugWave.fromMs || time >= rugWave.untilMs || isRug(kind)) return kind
    return rng.chance(rugWave.share) ? drawKind({ ...kinds, honest: 0, instantRug: Math.max(kinds.instantRug, 0.01) }, rng) : kind
  }

  private clearing(): Clearing {
    return {
      refuses: () => null,
      affords: (order, offer) => this.affords(order, offer),
      on: event => this.hear(event),
    }
  }

  private affords({ account, pair, side }: Order, { qtyE8 }: Offer): Acceptance {
    const token = this.tokens.get(pair)
    const owner = this.owners.get(account)
    if (token === undefined || owner === undefined) return { qtyE8: 0, code: 'unknownPair' }
    if (side === 'sell') {
      const held = token.holders.get(account) ?? 0
      return held >= qtyE8 ? { qtyE8, code: null } : { qtyE8: held, code: 'noTokens' }
    }
    const { lamports, fee } = costOf(token.curve, qtyE8)
    return owner.lamports >= lamports + fee ? { qtyE8, code: null } : { qtyE8: 0, code: 'noCash' }
  }

  private hear(event: OrderEvent): void {
    if (event.kind === 'filled') return this.settle(event)
    if (event.kind !== 'cancelled' && event.kind !== 'expired') return
    this.lose(event.kind === 'cancelled' ? event.reason : 'expired')
    this.owners.get(event.account)?.lapse(event.pair)
  }

  private settle({
    account,
    pair,
    side,
    qtyE8: tokens,
    notionalE6: lamports,
    feeE6: fee,
    slippageE6: slippage,
    time,
  }: Filled): void {
    const token = this.tokens.get(pair)
    const owner = this.owners.get(account)
    if (token === undefined || owner === undefined) return
    const buys = side === 'buy'
    const held = owner.holds(token)
    recordTrade(token, { account, buys, tokens, lamports, time }, this.params.slotMs)
    owner.settle({ token, side, tokens, lamports: buys ? lamports + fee : lamports - fee, held, slippage, time })
    this.trades++
    this.publish(LaunchTrades.at(account), {
      time,
      pair,
      account,
      side,
      tokens,
      lamports,
      fee,
      price: spotPrice(token.curve),
      phase: phaseOf(token.curve),
    })
    if (!isComplete(token.curve)) return
    this.graduated++
    this.publish(Graduations, { time, pair, raised: token.curve.realLamports })
  }

  private minuteOver(token: LaunchToken): void {
    const { params, now } = this
    endMinute(token, moodOf(token, this.stream('moods')), mentionsOf(token, this.stream('mentions')))
    if (params.scoreAgesMin.includes(token.ageMin)) token.openScores.push(openScore(token, now))
    const isDue = (time: number) => time + params.horizonMs <= now
    for (const score of token.openScores) {
      if (!isDue(score.time)) continue
      const known = judged(score, params.collapse)
      this.publish(TokenScores, known)
      this.tradeAgents.at(0)?.learnRisk(known.score, known.collapsed)
    }
    token.openScores = token.openScores.filter(score => !isDue(score.time))
    if (!token.isKnown && (token.rugged || isDue(token.launchedAt))) this.makeKnown(token)
    if (isQuiet(token, now, QUIET_MS)) this.lay(token)
  }

  /** What became of a launch is known, and counts for its creator. */
  private makeKnown(token: LaunchToken): void {
    token.isKnown = true
    const creator = this.owners.get(token.creator)
    if (!(creator instanceof Creator)) return
    if (token.rugged) creator.bad++
    else creator.good++
  }

  /** Takes a quiet token out of sight, and buries it once nothing waits for it any more. */
  private lay(token: LaunchToken): void {
    const { pair, curve, holders, openScores, isKnown } = token
    const at = this.living.indexOf(token)
    if (at >= 0) this.living.splice(at, 1)
    if (openScores.length > 0 || !isKnown || this.market.orders.waiting.has(pair)) return
    for (const account of holders.keys()) this.owners.get(account)?.writeOff(pair)
    this.buried += curve.realLamports + curve.feeLamports
    this.tokens.delete(pair)
    this.market.curves.delete(pair)
  }

  private lose(reason: string): void {
    countUp(this.lost, reason, launchLimits.lostReasons)
  }
}

/** What is said of a token: half of it is its price, the other half chance, more of it where there is something to hide. */
function moodOf({ minutes, looks }: LaunchToken, rng: Rng): number {
  const [before, last] = [minutes.at(-2)?.close, minutes.at(-1)?.close]
  const moved = before === undefined || last === undefined ? 0 : last / before - 1
  return Math.min(1, Math.max(-1, moved / 2 + rng.normal(0, manners[looks].moodSd)))
}

/** How often a token is named in a minute: the more it is liked and traded, and where names are bought. */
function mentionsOf({ minutes, appeal, looks }: LaunchToken, rng: Rng): number {
  const traded = (minutes.at(-1)?.volume ?? 0) / SOL
  return rng.poisson(0.2 + 3 * appeal + traded / 2 + manners[looks].boughtMentions)
}

/** Most agree to everything; every fifth to tokens that are past their first phase, every tenth for the first hour alone. */
function consentOf(i: number, rng: Rng): Consent {
  const until = i % 10 === 9 ? LAUNCH_START + HOUR_MS : Number.MAX_SAFE_INTEGER
  const category = i % 5 === 4 ? rng.pick(['mid', 'late'] as const) : 'all'
  return { category, from: LAUNCH_START, until, source: 'form' }
}

/** Copied are whales and snipers, one after the other. */
function leaderOf(i: number, { whales, snipers }: LaunchParameters): string {
  const leaders = whales + snipers
  const n = leaders === 0 ? 0 : i % leaders
  return n < whales ? `Whale-${n}` : `Sniper-${n - whales}`
}
