/** The ports of the swarm: what an agent may ask of its model. Agents depend on these, never on the swarm itself. */

import type { TimeMs } from '../../core/index.js'
import type { Assignment, HypothesisSpace, RollingWindow, StageTable } from '../../discovery/index.js'
import type { Agent, AgentClass, AgentSet, Model } from '../../model/index.js'
import type { AnalysisState, InstrumentRules, Limits, Rule, Style, TrendState } from '../../trading/index.js'
import type { OperatorRecord } from './operator.js'
import type { swarmSchema } from './swarm-parameters.js'

/** A hypothesis traded without a test; see the parameter `forcedHypotheses`. */
export interface ForcedHypothesis {
  readonly hypothesis: number
  readonly sign: 1 | -1
}

/** An analyst as the other agents know it. */
export type DeployedAnalyst = Agent & { pair: string; style: Style }

/** What an analyst may ask of its model. */
export interface SwarmModel extends Model<typeof swarmSchema> {
  readonly pairs: readonly string[]
  readonly barMs: number
  /** @internal What the exchange demands in each pair. */
  readonly rules: ReadonlyMap<string, InstrumentRules>
  /** The pair's place in `pairs`; −1 where it is not one of them. */
  pairIndex(pair: string): number
  /** The start of the pair's bar `bars` bars after the next one: its market's closed hours do not count. */
  barFromNow(pair: string, bars: number): TimeMs
  /** Indicators of a pair as of its latest closed bar. */
  analysis(pair: string): AnalysisState

  /** @internal Trends and the walk-forward over their settings; null under `baselineRule: 'talkative'`. */
  readonly trend: TrendState | null

  /** @internal This step's existing bars by pair number: close (NaN where there was none) and turnover, USD. */
  readonly closes: Float64Array
  /** @internal */
  readonly turnovers: Float64Array

  /** @internal Every hypothesis the swarm may hold, and what was seen to test it. */
  readonly hypotheses: HypothesisSpace
  /** @internal */
  readonly rollingWindow: RollingWindow
  /** @internal Which hypotheses are past their screen. */
  readonly stages: StageTable
  /** @internal */
  readonly assignment: Assignment
  /** @internal Scratch for the hypotheses assigned to one learner at a bar. */
  readonly assigned: Int32Array
  /** @internal Ordinals of the live agents. They alone decide which agent screens, confirms and judges a hypothesis. */
  readonly financeOrdinals: readonly number[]
  /** @internal A finance learner's place among the live ones. */
  financeRank(ordinal: number): number
  /** @internal Ordinal of the finance learner that publishes ideas for a pair. */
  publisherFor(pairIndex: number): number | undefined
  /** @internal Folds of a confirmation, and shares of an approval: three, or one. */
  readonly confirmationFolds: number
  /** @internal */
  readonly approvalFolds: number
  /** @internal */
  readonly instigatorOrdinals: readonly number[]
  /** @internal */
  readonly researcherOrdinals: readonly number[]
  /** @internal */
  readonly forced: readonly ForcedHypothesis[]
  /** Entry and exit together, as a fraction of notional: fees, half-spreads, slippage. */
  readonly roundTripCost: number
  /** The limits that hold for every portfolio. */
  readonly limits: Limits
  /** The rules of the portfolios' gates, in the order in which they are asked. */
  readonly gateRules: readonly Rule[]
  /** @internal True where a driver is noise in place of missing data, or drives nothing: a pattern of it is a false discovery. */
  isPlacebo(driver: string): boolean
  /** @internal True where a Memory agent answers drafts. */
  readonly remembers: boolean

  /** @internal Live: the bars come from the past, and nothing is traded on them. */
  readonly warming: boolean
  /** @internal Live: pairs whose data has been silent, and since when; no entries there. */
  readonly stale: ReadonlyMap<string, number>
  /** @internal Whether a risk manager is live; without one there are no entries. */
  readonly hasRiskManager: boolean
  /** @internal Live: since when the link to other processes has been in doubt; no entries meanwhile. */
  readonly linkDownSince: number | null
  /** @internal Live: since when this machine's clock has been more than a bar away from the exchange's; no entries here. */
  readonly clockOffSince: TimeMs | undefined
  /** @internal Live: pairs whose bars end by a wrong clock, and since when; no entries there. */
  readonly clocksOff: ReadonlyMap<string, TimeMs> | undefined

  /** @internal Live: what operators said; absent before the first command. */
  readonly operator?: OperatorRecord
  /** @internal Live: since when this process watches the market again after it did not; undefined: it always has. */
  readonly watchedSince: TimeMs | undefined

  /** The deployed analysts. */
  readonly analysts: AgentSet<DeployedAnalyst>
  /** The class that Builder deploys: TechnicalAnalysis or a user's strategy. */
  readonly analystType: AgentClass<DeployedAnalyst>
}
