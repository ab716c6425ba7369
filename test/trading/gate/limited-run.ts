/** Runs of the swarm whose portfolios have limits, and an auditor that counts again whether the limits hold. */

import { expect, vi } from 'vitest'
import { Swarm } from '../../../src/agents/index.js'
import { runOf, type Scenario, type Simulation, simulate } from '../../../src/model/index.js'
import { type Correlations, correlationOf } from '../../../src/trading/gate/correlations.js'
import {
  defineRule,
  equityE6,
  type Fill,
  Fills,
  grossE6,
  houseRules,
  type Intent,
  type Limits,
  Marks,
  newGate,
  newPortfolio,
  type Portfolio,
  type PortfolioMarks,
  type PortfolioName,
  portfolioNames,
  type Trade,
  TradeConfirmations,
} from '../../../src/trading/index.js'
import { DAY, HOUR, USD } from './support.js'

/** How often each limit was met exactly, or held something back: a limit that is never met shows nothing. */
export type Reached = Record<
  | 'openPositions'
  | 'tradesPerDay'
  | 'largestTrade'
  | 'dailyLoss'
  | 'cooldown'
  | 'minHold'
  | 'profitLock'
  | 'equityFloor'
  | 'pairShare'
  | 'groupShare'
  | 'clusterShare',
  number
>

/** What is audited, and limits that hold everywhere. */
const boundless = {
  openPositions: Number.POSITIVE_INFINITY,
  tradesPerDay: Number.POSITIVE_INFINITY,
  smallestTradeUsd: 0,
  largestTradeUsd: 1e9,
  dailyLossUsd: 1e9,
  cooldownMs: 0,
  minHoldMs: 0,
  equityFloorUsd: -1,
  profitLockShare: 1e3,
  pairShare: 1e3,
  groupShare: 1e3,
  clusterShare: 1e3,
  groups: {} as Readonly<Record<string, readonly string[]>>,
}

/** What fills of several entries may cost together, by one limit, as it was when the last of them was ordered. */
interface Room {
  readonly limit: 'pairShare' | 'groupShare' | 'clusterShare'
  readonly roomE6: number
  /** The trades of that order and of those that waited then. */
  readonly trades: readonly string[]
}

const dayOf = (time: number) => Math.floor(time / DAY)

/**
 * Counts the orders, fills, trades and marks of one portfolio against its limits. It writes down what passes one by a unit: what it
 * threw, the model would catch.
 */
class LimitAuditor {
  readonly reached: Reached = {
    openPositions: 0,
    tradesPerDay: 0,
    largestTrade: 0,
    dailyLoss: 0,
    cooldown: 0,
    minHold: 0,
    profitLock: 0,
    equityFloor: 0,
    pairShare: 0,
    groupShare: 0,
    clusterShare: 0,
  }
  readonly granted: string[] = []
  readonly violations: string[] = []
  private readonly limits: typeof boundless
  private readonly exits = new Map<string, number>()
  private readonly ordered = new Map<number, number>()
  private day = { number: -1, openE6: 0, lost: false }
  private open = 0
  private highest = 0
  private last = 0
  private low = false
  private readonly rooms: Room[] = []
  private readonly costs = new Map<string, number>()

  constructor(limits: Limits) {
    this.limits = { ...boundless, ...(limits as object) }
  }

  /** An intent has become an order, which waits. */
  order(intent: Intent, portfolio: Portfolio): void {
    const { time, pair, priceUsd, qtyE8 } = intent
    const { limits, reached } = this
    this.granted.push(`${pair} ${time} ${qtyE8}`)
    const n = (this.ordered.get(dayOf(time)) ?? 0) + 1
    this.ordered.set(dayOf(time), n)
    this.holds('tradesPerDay', n <= limits.tradesPerDay)
    if (n === limits.tradesPerDay) reached.tradesPerDay++
    this.holds('dailyLoss', !this.day.lost || dayOf(time) !== this.day.number)
    this.holds('equityFloor', !this.low)
    this.size(Math.round((priceUsd * qtyE8) / 100))
    this.sinceExit(pair, time)
    this.rooms.push(
      this.roomOf('pairShare', new Set([pair]), intent, portfolio),
      this.roomOf('groupShare', new Set(Object.values(limits.groups).find(group => group.includes(pair))), intent, portfolio),
      this.roomOf('clusterShare', clusterOf(intent, portfolio), intent, portfolio),
    )
  }

  /** What was left of a share of equity for an order and for what waited beside it, by the prices of its decision. */
  private roomOf(limit: Room['limit'], counted: ReadonlySet<string>, { pair, freesE6 }: Intent, portfolio: Portfolio): Room {
    const trades: string[] = []
    let roomE6 = equityE6(portfolio) * this.limits[limit] + freesE6
    for (const { pair: name, position, entry } of portfolio.instruments.values()) {
      if (!counted.has(name)) continue
      // What leaves for an entry against it is not of the entry's cluster.
      const leaves = limit === 'clusterShare' && entry !== null && name !== pair
      if (!leaves) roomE6 -= position?.markE6 ?? 0
      if (entry !== null && name !== pair) trades.push(entry.order.clientId)
    }
    trades.push(portfolio.instruments.get(pair)?.entry?.order.clientId ?? '')
    // An entry that adds nothing to what leaves for it is allowed; a pair in no group is not bound.
    return { limit, roomE6: counted.has(pair) ? Math.max(roomE6, freesE6) : Number.POSITIVE_INFINITY, trades }
  }

  /** Once all have filled that will: whether what waited together fitted together. */
  finish(): void {
    for (const { limit, roomE6, trades } of this.rooms) {
      const filled = trades.map(id => this.costs.get(id) ?? 0)
      // The order itself was the last: what waited before it was allowed by itself.
      if ((filled.at(-1) ?? 0) === 0) continue
      const cost = filled.reduce((sum, each) => sum + each, 0)
      this.holds(`${limit}, ${cost} of ${roomE6}`, cost <= roomE6)
      if (cost > roomE6 - 20_000) this.reached[limit]++
    }
  }

  fill({ tradeId, opens, notionalE6, pair, time }: Fill, portfolio: Portfolio): void {
    const { limits, reached } = this
    this.open += opens ? 1 : -1
    if (!opens) return
    this.costs.set(tradeId, notionalE6)
    this.holds('openPositions', this.open <= limits.openPositions)
    if (this.open === limits.openPositions) reached.openPositions++
    this.size(notionalE6)
    this.sinceExit(pair, time)
    const locked = Math.max(0, this.highest - Math.floor((1 + limits.profitLockShare) * portfolio.startE6))
    const left = equityE6(portfolio) - locked - grossE6(portfolio)
    this.holds('profitLock', left >= 0)
    if (locked > 0 && left < USD) reached.profitLock++
  }

  trade({ pair, exitTime, entryTime, reason }: Trade): void {
    this.exits.set(pair, exitTime)
    if (reason !== 'opposite') return
    this.holds('minHold', exitTime - entryTime >= this.limits.minHoldMs)
    this.reached.minHold++
  }

  mark(time: number, equity: number): void {
    const { limits, reached, day } = this
    if (dayOf(time) > day.number) this.day = { number: dayOf(time), openE6: time % DAY === 0 ? equity : this.last, lost: false }
    this.last = equity
    this.highest = Math.max(this.highest, equity)
    if (this.day.openE6 - equity >= limits.dailyLossUsd * USD && !this.day.lost) {
      reached.dailyLoss++
      this.day.lost = true
    }
    if (equity > limits.equityFloorUsd * USD) return
    this.low = true
    reached.equityFloor++
  }

  private holds(limit: string, held: boolean): void {
    if (!held) this.violations.push(`${limit} after ${this.granted.at(-1) ?? 'nothing'}`)
  }

  private size(costE6: number): void {
    const { smallestTradeUsd, largestTradeUsd } = this.limits
    this.holds('smallestTrade', costE6 >= smallestTradeUsd * USD)
    this.holds('largestTrade', costE6 <= largestTradeUsd * USD)
    if (costE6 > largestTradeUsd * USD - 20_000) this.reached.largestTrade++
  }

  private sinceExit(pair: string, time: number): void {
    const exit = this.exits.get(pair)
    if (exit === undefined) return
    this.holds('cooldown', time - exit >= this.limits.cooldownMs)
    if (time - exit === this.limits.cooldownMs) this.reached.cooldown++
  }
}

/** The pairs of an entry's cluster: held or waiting, and linked with it, over any number of links. */
function clusterOf({ pair }: Intent, { instruments, gate }: Portfolio): ReadonlySet<string> {
  const known = gate.own.clusterLimit as Correlations | undefined
  const cluster = new Set([pair])
  if (known === undefined) return cluster
  for (const from of cluster)
    for (const other of instruments.values()) {
      const sign = directionOf(instruments.get(from)) * directionOf(other)
      if (sign * correlationOf(known, from, other.pair) >= 0.7) cluster.add(other.pair)
    }
  return cluster
}

/** 0: nothing is held there, and nothing waits. What waits is what a pair will hold. */
function directionOf(instrument: ReturnType<Portfolio['instruments']['get']>): number {
  return instrument?.entry?.signal.direction ?? instrument?.position?.signal.direction ?? 0
}

/** Limits that many intents meet in one tick; and limits that hold what is earned. */
export const limitSets: Readonly<Record<'counting' | 'locking' | 'sharing', Limits>> = {
  counting: {
    smallestTradeUsd: 1,
    largestTradeUsd: 5,
    dailyLossUsd: 0.3,
    openPositions: 3,
    tradesPerDay: 8,
    minHoldMs: 3 * HOUR,
    cooldownMs: 2 * HOUR,
  },
  locking: { profitLockShare: 0, equityFloorUsd: 99 },
  sharing: {
    pairShare: 0.12,
    groupShare: 0.2,
    groups: { some: ['XXBTZUSD', 'SOLUSD', 'DOTUSD', 'UNIUSD', 'DOGEUSD', 'ATOMUSD', 'XLMUSD', 'TRXUSD', 'NEARUSD'] },
    clusterShare: 0.2,
  },
}

/** Portfolios that want more than their limits allow, and that no other limit holds back. */
const eager = { capitalUsd: 100, sizeShare: 0.3, grossLimit: 1, maxDrawdown: 1, baselineRule: 'talkative', feeRate: 0 }

export interface LimitedRun {
  readonly sim: Simulation<Swarm>
  readonly auditors: Record<PortfolioName, LimitAuditor>
}

/** Runs a scenario of the swarm with these limits in each portfolio, audited; throws where one did not hold, or the trader failed. */
export function limitedRun(scenario: Scenario<Swarm>, limits: Limits, seed: number, steps: number): LimitedRun {
  const audit = () => new LimitAuditor(limits)
  const auditors = { baseline: audit(), mycelial: audit(), synthesized: audit() }
  // A rule that allows everything and sees each order. It keeps nothing, so no state knows of it.
  const witness = defineRule({
    code: 'witness',
    limits: {},
    unit: '-',
    boundary: '-',
    source: '-',
    onEntry(_, intent) {
      const name = intent.strategy as PortfolioName
      auditors[name].order(intent, portfolios[name])
    },
  })
  const rules = [...houseRules, witness]
  const spy = vi.spyOn(Swarm.prototype, 'gateRules', 'get').mockReturnValue(rules)
  const sim = simulate(scenario as unknown as Scenario, { seed, collect: false, params: eager }) as unknown as Simulation<Swarm>
  const { model } = sim
  const portfolios = model.traders.at(0)?.portfolios as Record<PortfolioName, Portfolio>
  for (const name of portfolioNames)
    portfolios[name] = newPortfolio(name, model.params, model.rules, newGate('portfolio', name, { ...limits }, rules))
  sim.tap((topic, message) => {
    if (topic === Fills) {
      const name = (message as Fill).portfolio as PortfolioName
      auditors[name].fill(message as Fill, portfolios[name])
    }
    if (topic === TradeConfirmations) auditors[(message as Trade).portfolio as PortfolioName].trade(message as Trade)
    if (topic !== Marks) return
    const { time, equityE6 } = message as PortfolioMarks
    for (const name of portfolioNames) auditors[name].mark(time, equityE6[name])
  })
  sim.run({ steps })
  spy.mockRestore()
  for (const name of portfolioNames) auditors[name].finish()
  expect(portfolioNames.flatMap(name => auditors[name].violations)).toEqual([])
  expect(runOf(model).quarantined).toEqual([])
  return { sim, auditors }
}
