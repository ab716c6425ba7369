/** The ports of latency signals: what an agent may ask of its model. */

import type { TimeMs } from '../../core/index.js'
import type { Model } from '../../model/index.js'
import type { Calibration, InstrumentRules, Limits, Rule } from '../../trading/index.js'
import type { OperatorRecord } from '../mycelial/operator.js'
import type { netTraceSchema } from './net-trace-parameters.js'

/** What the agents of latency signals may ask of their model. */
export interface NetTraceModel extends Model<typeof netTraceSchema> {
  /** Last close by pair, USD. */
  readonly closes: ReadonlyMap<string, number>
  /** Pairs whose data are silent, and since when. */
  readonly stale: ReadonlyMap<string, TimeMs>
  /** @internal Live: the bars come from the past, and nothing is traded on them. */
  readonly warming: boolean
  /** @internal Live: since when this machine's clock has been more than a bar away from the exchange's. */
  readonly clockOffSince: TimeMs | undefined
  /** @internal Live: since when a link has been in doubt. */
  readonly linkDownSince: TimeMs | null
  /** @internal Live: what operators said, and what came of it. */
  operator?: OperatorRecord
  /** @internal Until when the pair may have traded unseen. */
  unseenUntil(pair: string): TimeMs
  /** @internal What the exchange demands in each pair. */
  readonly rules: ReadonlyMap<string, InstrumentRules>
  /** The limits that hold for the portfolio. */
  readonly limits: Limits
  /** The rules of the portfolio's gate, in the order in which they are asked. */
  readonly gateRules: readonly Rule[]
  /** Entry and exit together, as a share of notional. */
  readonly roundTripCost: number
  /** @internal What became of signals, by kind: where confidences come from. */
  readonly calibration: Calibration
}
