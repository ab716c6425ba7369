/** Runs of the swarm whose portfolios have limits, and an auditor that counts again whether the limits hold. */

import { expect, vi } from 'vitest'
import { Swarm } from '../../../src/agents/index.js'
import { runOf, type Scenario, type Simulation, simulate } from '../../../src/model/index.js'
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
  'openPositions' | 'tradesPerDay' | 'largestTrade' | 'dailyLoss' | 'cooldown' | 'minHold' | 'profitLock' | 'equityFloor',
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

  constructor(limits: Limits) {
    this.limits = { ...boundless, ...(limits as object) }
  }

  order({ time, pair, priceUsd, qtyE8 }: Intent): void {
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
  }

  fill({ opens, notionalE6, pair, time }: Fill, portfolio: Portfolio): void {
    const { limits, reached } = this
    this.open += opens ? 1 : -1
    if (!opens) return
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

/** Limits that many intents meet in one tick; and limits that hold what is earned. */
export const limitSets: Readonly<Record<'counting' | 'locking', Limits>> = {
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
    onEntry: (_, intent) => auditors[intent.strategy as PortfolioName].order(intent),
  })
  const rules = [...houseRules, witness]
  const spy = vi.spyOn(Swarm.prototype, 'gateRules', 'get').mockReturnValue(rules)
  const sim = simulate(scenario as unknown as Scenario, { seed, collect: false, params: eager }) as unknown as Simulation<Swarm>
  const { model } = sim
  const portfolios = model.traders.at(0)?.portfolios as Record<PortfolioName, Portfolio>
  for (const name of portfolioNames)
    portfolios[name] = newPortfolio(name, model.params, model.rules, newGate('portfolio', name, { ...limits }, rules))
  sim.tap((topic, message) => {
    if (topic === Fills) auditors[(message as Fill).portfolio].fill(message as Fill, portfolios[(message as Fill).portfolio])
    if (topic === TradeConfirmations) auditors[(message as Trade).portfolio].trade(message as Trade)
    if (topic !== Marks) return
    const { time, equityE6 } = message as PortfolioMarks
    for (const name of portfolioNames) auditors[name].mark(time, equityE6[name])
  })
  sim.run({ steps })
  spy.mockRestore()
  expect(portfolioNames.flatMap(name => auditors[name].violations)).toEqual([])
  expect(runOf(model).quarantined).toEqual([])
  return { sim, auditors }
}
