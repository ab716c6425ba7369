/** What a report shows, as plain data: down-sampled and counted, so that the size of the page does not depend on the length of the run. */

import type { Manifest } from '../storage/index.js'
import type { Cause, Truth } from '../trading/index.js'
import type { Edge } from './edge/index.js'
import type { Compliance } from './launches/compliance.js'
import type { IncidentLead } from './network/incidents.js'
import type { Trade } from './trade.js'

/** One number per point; null where a point has no number. */
export type Numbers = (number | null)[]

/** Lines over one common axis: seconds since 1970 where the model has a time, else steps. */
export interface Lines {
  readonly x: number[]
  readonly lines: Record<string, Numbers>
}

/** A stretch of the axis in which a portfolio made no entries. */
export interface Halted {
  readonly portfolio: string
  readonly from: number
  readonly to: number
}

/** Candles as columns, times in ms; `lines`: a value a candle, NaN where there is none. */
export interface Candles {
  readonly time: number[]
  readonly open: number[]
  readonly high: number[]
  readonly low: number[]
  readonly close: number[]
  readonly volume: number[]
  readonly lines: Record<string, number[]>
}

export interface Prices {
  readonly pairs: Readonly<Record<string, Candles>>
  readonly barsPerCandle: number
  /** Pairs there were; `pairs` holds those traded most where that is more than it may. */
  readonly total: number
}

/** A pattern that was approved, as the archive knows it. */
export interface ApprovedPattern {
  readonly pattern: string
  readonly moat: string
  readonly driver: string
  readonly transform: string
  readonly lag: number
  readonly pair: string
  readonly horizon: number
  readonly sign: number
  readonly step: number
  /** Pooled z of its forward bars, in the sign of the pattern; null where an older run does not tell it. */
  readonly z: number | null
  /** One-sided p of its forward bars. */
  readonly p: number | null
  /** Expected net return of one trade, a fraction. */
  readonly value: number
  /** What the value was estimated on; null where an older run does not say. */
  readonly valueBasis: string | null
  /** False where its value does not pay for a round trip; null where an older run does not say. */
  readonly traded: boolean | null
  readonly placebo: boolean
  /** Its changes of status in words, oldest first: who tested it, on what, with which z and p. */
  readonly tests: readonly string[]
  /** Its latest status: `approved` while in force. */
  readonly status: string
  readonly truth: Truth
}

export interface PlantedTruth extends Cause {
  /** Step of the first approval with driver, pair, sign and lag right. */
  readonly foundAt: number | null
}

export interface Patterns {
  readonly approved: ApprovedPattern[]
  /** Null where the market says nothing of planted causes. */
  readonly planted: PlantedTruth[] | null
  /** Rows of the archive so far, by status, over the axis of the equity lines. */
  readonly counts: Record<string, Numbers>
}

export interface Stream {
  readonly driver: string
  readonly placebo: boolean
  readonly recent: number[]
}

export interface MoatProduct {
  readonly moat: string
  readonly products: string[]
  readonly signalTypes: string[]
  readonly counts: Record<string, number>
  readonly streams: Stream[]
}

/** What one agent contributed; P&L in USD by portfolio. */
export interface Contribution {
  readonly agent: string
  /** Agents it is the sum of. */
  readonly agents: number
  readonly ideas: number
  readonly candidates: number
  readonly trades: number
  readonly wins: number
  readonly pnl: Record<string, number>
}

export interface TradingData {
  readonly equity: Lines
  readonly drawdown: Record<string, Numbers>
  readonly contagion: Numbers
  readonly halted: Halted[]
  readonly prices: Prices
  /** In the order of their ends. */
  readonly trades: readonly Trade[]
  /** What trades and decisions say in sentences, by trade. */
  readonly threads: ReadonlyMap<string, readonly string[]>
  /** Each portfolio's equity at the end of each day, UTC. */
  readonly daily: Daily
  /** Indicators at the decision that placed a trade's entry, by trade. */
  readonly readings: ReadonlyMap<string, string>
  readonly moats: MoatProduct[]
  readonly contributions: Contribution[]
  /** The same, summed by the type of agent. */
  readonly byType: Contribution[]
  readonly contributors: number
  /** Undefined where the trades say nothing of their costs. */
  readonly edge: Edge | undefined
  /** Undefined where the run wrote no decisions. */
  readonly decisions: Decisions | undefined
  readonly commands: Commands
  /** Undefined where the run kept no recollections. */
  readonly memory: MemoryData | undefined
}

/** Equity at the end of each whole day, by portfolio; NaN before it could trade. */
export interface Daily {
  /** The end of each day, ms. */
  readonly days: number[]
  readonly equity: Readonly<Record<string, Float64Array>>
}

/** A finished trade of the mycelial portfolio; `result`: its P&L as a share of the entry. */
export interface NearTrade {
  readonly id: string
  readonly pair: string
  readonly direction: number
  readonly pnlUsd: number
  readonly result: number | null
}

/** A past trade that an idea is like; only its id where the ledger does not have it. `why`: what each feature adds to the distance. */
export type Near = { readonly id: string; readonly distance: number; readonly why?: string } & Partial<NearTrade>

/** An idea that memory was asked about. */
export interface RecalledIdea {
  readonly idea: string
  /** ms. */
  readonly time: number
  readonly factor: number
  readonly sentences: readonly string[]
  /** What came of it in the mycelial portfolio; null: no finished trade. */
  readonly trade: NearTrade | null
  readonly nearest: readonly Near[]
}

/** Past trades on their principal plane, as columns; the latest where there are more than a report shows. */
export interface TradeMap {
  readonly x: number[]
  readonly y: number[]
  readonly won: boolean[]
  /** Of x and y: the largest loadings, and the share of the variance. */
  readonly axes: { readonly name: string; readonly share: number }[]
  readonly total: number
}

export interface MemoryData {
  /** Those whose confidence was changed most, traded ones first. */
  readonly ideas: readonly RecalledIdea[]
  readonly map: TradeMap
}

/** What a portfolio made of the signals it received. */
export interface DecisionCounts {
  readonly portfolio: string
  readonly signals: number
  readonly entries: number
  readonly renewals: number
  readonly exits: number
  readonly cancels: number
  /** Of entries and renewals, those that a rule of the gate made smaller. */
  readonly shrunk: number
  /** Signals that led to nothing, by code, the commonest first; and how many have another code. */
  readonly refused: readonly (readonly [code: string, count: number])[]
  readonly otherwise: number
}

/** A lock with its begin and its end, ms; null: it was in force at the end. */
export interface ListedLock {
  readonly portfolio: string
  readonly pair: string | null
  readonly kind: string
  readonly from: number
  readonly to: number | null
  readonly reason: string
  readonly ends: string
}

export interface Decisions {
  readonly counts: readonly DecisionCounts[]
  /** In the order of their begin; the latest where that is more than a report lists. */
  readonly locks: readonly ListedLock[]
  readonly lockCount: number
}

/** A command of an operator to a live run, ms. */
export interface ListedCommand {
  readonly time: number
  readonly command: string
  readonly reason: string
  readonly outcome: string
  readonly refused: boolean
}

export interface Commands {
  /** In their order; the latest where there are more than a report lists. */
  readonly commands: readonly ListedCommand[]
  readonly commandCount: number
}

/** How a number of the agents of one type is spread at the end. */
export interface Spread {
  readonly type: string
  readonly column: string
  readonly agents: number
  readonly step: number
  /** Equal intervals of a number in their order, or words with the commonest first. */
  readonly kind: 'numbers' | 'words'
  readonly bars: { readonly label: string; readonly count: number }[]
  /** Least and greatest of a number. */
  readonly ends: readonly [number, number] | null
  /** Of a number: where each bar begins, and the end. */
  readonly edges: readonly number[]
}

/** The agents of a run over time, by type. */
export interface AgentHistory {
  readonly types: readonly AgentsOverTime[]
  /** A sentence on what is not shown; null: all is. */
  readonly leftOut: string | null
}

/** How many agents of a type were collected, and of each number the mean with the least and the most. */
export interface AgentsOverTime {
  readonly type: string
  readonly steps: number[]
  readonly count: number[]
  readonly columns: Readonly<Record<string, { readonly mean: Numbers; readonly least: Numbers; readonly most: Numbers }>>
}

/** One type of signals. */
export interface SignalType {
  readonly type: string
  readonly made: number
  readonly acted: number
  readonly expired: number
  /** Those whose horizon is over, the right ones, and the mean of their confidences and returns. */
  readonly matured: number
  readonly right: number
  readonly confidence: number | null
  readonly meanReturn: number | null
}

/** A signal, as a report lists it. */
export interface ListedSignal {
  readonly time: number
  readonly type: string
  readonly host: string
  readonly pair: string
  readonly direction: number
  readonly confidence: number
  readonly acted: boolean
}

/** What a report shows of latency. */
export interface NetworkData {
  /** The median round trip of each host, ms. */
  readonly roundTrips: Lines
  readonly scans: number
  readonly types: readonly SignalType[]
  /** The latest. */
  readonly signals: readonly ListedSignal[]
  readonly incidents: readonly IncidentLead[]
}

/** The data of a run that trades. */
export type TradingReport = ReportData & { readonly trading: TradingData }

export interface ReportData {
  /** The run's directory. */
  readonly path: string
  readonly manifest: Manifest
  /** Of a run that has not ended: whether a process runs it, and the last step that is on disk. Null: it has ended. */
  readonly underWay: { readonly isAlive: boolean; readonly step: number } | null
  /** The model's numeric columns; for a trading run those beside its portfolios. */
  readonly model: Lines
  readonly spreads: Spread[]
  /** Agents over time. */
  readonly agents: AgentHistory
  readonly trading: TradingData | null
  readonly patterns: Patterns | null
  /** Undefined where the run scanned no routes. */
  readonly network: NetworkData | undefined
  /** Undefined where nobody decides for users. */
  readonly compliance: Compliance | undefined
  /** First and last instant of the model's clock, ms; null for models without one. */
  readonly period: { readonly from: number; readonly to: number } | null
}
