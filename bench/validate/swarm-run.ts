/** One seeded run of a shipped scenario, watched from outside: the figures every promise is judged by. */

import { type RequestHandler, type Simulation, type Source, simulate } from 'mycelia'
import {
  type Halt,
  PatternLog,
  type PatternRow,
  type PortfolioName,
  portfolioNames,
  type Swarm,
  SystemControl,
  type Trade,
  TradeConfirmations,
} from 'mycelia/market'
import contagion from '../../scenarios/contagion.js'
import crash from '../../scenarios/crash.js'
import nullMarket from '../../scenarios/null-market.js'
import plantedDense from '../../scenarios/planted-dense.js'
import plantedRegime from '../../scenarios/planted-regime.js'
import plantedSparse from '../../scenarios/planted-sparse.js'
import trifecta from '../../scenarios/trifecta.js'
import { memoryRequestHandler } from '../../src/agents/index.js'
import { recordControls } from '../../src/experiment/index.js'
import { type PlantedCause, scenarioMarket, synthetic } from '../../src/market/index.js'
import { buyAndHoldReturn, type Controls, controlsOf } from '../../src/trading/index.js'
import { LateSignals } from './late-signals.js'
import { shuffledPastTradeStore } from './shuffled-memory.js'

const scenarios = {
  contagion,
  crash,
  'null-market': nullMarket,
  'planted-dense': plantedDense,
  'planted-regime': plantedRegime,
  'planted-sparse': plantedSparse,
  trifecta,
} as const

export type ScenarioName = keyof typeof scenarios

/** The memory that a run has. */
export type MemoryKind = 'on' | 'off' | 'shuffled'

/** What to run; plain data, so that it can be handed to a worker. */
export interface SwarmTask {
  readonly scenario: ScenarioName
  readonly seed: number
  readonly steps: number
  readonly params?: Record<string, unknown>
  /** The market's planted causes, in place of the scenario's. */
  readonly causes?: readonly PlantedCause[]
  /** Trades decided after this step are summed apart. */
  readonly since?: number
  /** Whether random entries and thinnings are computed. */
  readonly controls?: boolean
  /** Default: the model's own. `off`: ideas go out without asking it; `shuffled`: its answers are about other trades. */
  readonly memory?: MemoryKind
  /** From step `since` on the swarm sees every moat stream so many bars late. */
  readonly lateBars?: number
}

/** Trades of one portfolio. Fractions are of the entry's notional. */
export interface TradeSums {
  trades: number
  /** Σ P&L after all costs. */
  net: number
  /** Σ fees, spread, slippage and borrow. */
  cost: number
  pnlUsd: number
  /** Σ notional of the entries. */
  notionalUsd: number
}

export interface Approved {
  readonly pattern: string
  readonly sign: 1 | -1
  readonly step: number
  readonly placebo: boolean
}

export interface SwarmFigures {
  readonly seed: number
  readonly steps: number
  readonly tested: number
  readonly candidates: number
  readonly confirmed: number
  readonly approvals: readonly Approved[]
  readonly retirements: readonly { readonly pattern: string; readonly step: number }[]
  readonly portfolios: Readonly<Record<PortfolioName, TradeSums>>
  /** Trades decided after `since`. */
  readonly late: Readonly<Record<PortfolioName, TradeSums>>
  readonly ideas: { readonly baseline: number; readonly mycelial: number }
  readonly collisions: number
  /** Largest drawdown of each portfolio, as a fraction of its peak. */
  readonly drawdowns: Readonly<Record<PortfolioName, number>>
  readonly buyAndHoldReturn: number
  readonly contagion: Contagion
  readonly halts: Readonly<Record<string, number>>
  readonly quarantined: number
  readonly controls?: Controls
}

/** Steps; 0 where it never happened. */
export interface Contagion {
  max: number
  /** First step with a share of at least 80 %, and the policy followed then. */
  crossed: number
  policy: string | null
  /** First step after that with a share below 60 %. */
  calmed: number
  /** Steps at which a halt for contagion was announced. */
  readonly notices: number[]
}

export function runSwarm(task: SwarmTask): SwarmFigures {
  return watched(begin(task), task)
}

/** Makes a run's steps and gathers its figures. */
export function watched(sim: Simulation<Swarm>, task: SwarmTask): SwarmFigures {
  const controls = task.controls === true ? recordControls(sim) : undefined
  const approvals: Approved[] = []
  const retirements: { pattern: string; step: number }[] = []
  const seen = newContagion()
  const portfolios = newSums()
  const late = newSums()
  sim.tap((topic, message) => {
    if (topic === PatternLog) notePattern(message as PatternRow, approvals, retirements)
    else if (topic === TradeConfirmations) noteTrade(message as Trade, portfolios, late, task.since ?? 0)
    else if (topic === SystemControl) noteHalt(message as Halt, sim.model.steps, seen)
  })
  sim.run({ steps: task.steps, onStep: model => watch(model as Swarm, seen) })
  sim.finish()
  const { model } = sim
  const trader = model.traders.at(0)
  return {
    seed: task.seed,
    steps: model.steps,
    tested: model.tested,
    candidates: model.patternCounts.candidate ?? 0,
    confirmed: model.patternCounts.confirmed ?? 0,
    approvals,
    retirements,
    portfolios,
    late,
    ideas: { baseline: trader?.ideas.baseline ?? 0, mycelial: trader?.ideas.mycelial ?? 0 },
    collisions: trader?.collisions.seen ?? 0,
    drawdowns: byPortfolio(name => trader?.portfolios[name].performance.maxDrawdown ?? 0),
    buyAndHoldReturn: trader === undefined ? 0 : buyAndHoldReturn(trader.buyAndHold),
    contagion: seen,
    halts: { ...model.risk?.haltsBegun },
    quarantined: sim.counters.quarantined,
    ...(controls === undefined ? {} : { controls: controlsOf(controls, model.params, task.seed) }),
  }
}

function begin({ scenario, seed, params: given = {}, since = 0, lateBars, causes, memory }: SwarmTask): Simulation<Swarm> {
  const chosen = scenarios[scenario]
  const params = memory === 'off' ? { ...given, memories: 0 } : given
  const options = { seed, params, collect: false, ...(memory === 'shuffled' ? { requestHandler: shuffled(seed) } : {}) }
  if (causes !== undefined) {
    const { pairs, barMs } = simulate(chosen, options).model
    return simulate(chosen, { ...options, source: scenarioMarket(synthetic({ causes }), { pairs, barMs, seed }) })
  }
  if (lateBars === undefined) return simulate(chosen, options)
  // The scenario's own market, made by a model that is not run.
  const source: Source = new LateSignals(simulate(chosen, options).model.source(chosen.worlds?.run), since, lateBars)
  return simulate(chosen, { ...options, source })
}

function shuffled(seed: number): RequestHandler {
  return memoryRequestHandler(shuffledPastTradeStore(seed))
}

function notePattern(row: PatternRow, approvals: Approved[], retirements: { pattern: string; step: number }[]): void {
  const { pattern, sign, step, placebo, status } = row
  if (status === 'approved') approvals.push({ pattern, sign, step, placebo })
  if (status === 'retired') retirements.push({ pattern, step })
}

function noteTrade(
  trade: Trade,
  portfolios: Record<PortfolioName, TradeSums>,
  late: Record<PortfolioName, TradeSums>,
  since: number,
): void {
  const name = trade.portfolio as PortfolioName
  add(portfolios[name], trade)
  // `portfolio:step:agent:n`: the step of the decision.
  if (Number(trade.tradeId.split(':')[1]) > since) add(late[name], trade)
}

function add(sums: TradeSums, { pnlE6, feesE6, slippageE6, borrowE6, entryNotionalE6 }: Trade): void {
  sums.trades++
  sums.net += pnlE6 / entryNotionalE6
  sums.cost += (feesE6 + slippageE6 + borrowE6) / entryNotionalE6
  sums.pnlUsd += pnlE6 / 1e6
  sums.notionalUsd += entryNotionalE6 / 1e6
}

function noteHalt(halt: Halt, step: number, seen: Contagion): void {
  if (halt.kind === 'contagion' && halt.on) seen.notices.push(step)
}

/** Looks at the share the risk manager computed, after the step. */
function watch(model: Swarm, seen: Contagion): void {
  const share = model.risk?.share ?? Number.NaN
  if (share > seen.max) seen.max = share
  if (seen.crossed === 0 && share >= 0.8) {
    seen.crossed = model.steps
    seen.policy = commonest(model)
  } else if (seen.crossed > 0 && seen.calmed === 0 && share < 0.6) seen.calmed = model.steps
}

function commonest(model: Swarm): string | null {
  const followers = [...(model.riskManagers.at(0)?.followers ?? [])]
  return followers.sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

function newContagion(): Contagion {
  return { max: 0, crossed: 0, policy: null, calmed: 0, notices: [] }
}

function newSums(): Record<PortfolioName, TradeSums> {
  return byPortfolio(() => ({ trades: 0, net: 0, cost: 0, pnlUsd: 0, notionalUsd: 0 }))
}

function byPortfolio<T>(of: (name: PortfolioName) => T): Record<PortfolioName, T> {
  return Object.fromEntries(portfolioNames.map(name => [name, of(name)])) as Record<PortfolioName, T>
}
