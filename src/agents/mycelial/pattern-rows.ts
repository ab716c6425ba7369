/** The row of a pattern's change of status, with everything a reader of the archive needs. */

import { MINUTE_MS } from '../../core/index.js'
import { decayOver, tradeValue } from '../../discovery/index.js'
import type { PatternRow, PatternStatus } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/** What each moat sells: the product column of the patterns table. */
const products: Readonly<Record<string, { moat: string; product: string; signalType: string }>> = {
  finance: { moat: 'Finance', product: 'Cryptocurrency trading signals', signalType: 'market-data' },
  code: { moat: 'Code', product: 'Technology trend detection', signalType: 'repo-data' },
  logistics: { moat: 'Logistics', product: 'Supply chain indicators', signalType: 'logistics-data' },
  government: { moat: 'Government', product: 'Regulatory risk signals', signalType: 'govt-data' },
  corporations: { moat: 'Corporations', product: 'Institutional adoption signals', signalType: 'corp-data' },
}

export interface StatusChange {
  readonly hypothesis: number
  readonly sign: 1 | -1
  readonly status: PatternStatus
  readonly agent: string
  /** z of the stage in the pattern's sign; NaN where it cannot be computed: a fold is missing, say. */
  readonly z: number
  /** p of an approval. */
  readonly p?: number
  /** Expected gross return over the horizon for each unit of the driver's z; NaN where it cannot be computed. */
  readonly slope: number
  /** What the slope was estimated on. */
  readonly basis: PatternRow['valueBasis']
  /** First bar of its evidence. */
  readonly since: number
  /** The step of its last proof: a stage it passed, or a stretch that confirmed it. Default: now. */
  readonly proven?: number
}

export function patternRow(model: SwarmModel, change: StatusChange): PatternRow {
  const { hypothesis, sign, status, agent, z, p = Number.NaN, since, basis, proven = model.steps } = change
  const { signal, lag, pair, horizon } = model.hypotheses.describe(hypothesis)
  const { moat, product, signalType } = products[signal.moat] ?? {
    moat: signal.moat,
    product: 'Unknown',
    signalType: 'market-data',
  }
  const decayFactor = decayOver(model.steps - proven)
  const slope = Number.isFinite(change.slope) ? change.slope : undefined
  const value = tradeValue(decayFactor * (slope ?? 0), model.roundTripCost)
  return {
    pattern: model.hypotheses.nameOf(hypothesis),
    status,
    step: model.steps,
    time: model.now,
    agent,
    moat,
    product,
    signalType,
    sign,
    score: Number.isFinite(z) ? z : null,
    value,
    ageMinutes: ((model.steps - since + 1) * model.barMs) / MINUTE_MS,
    decayFactor,
    placebo: model.isPlacebo(signal.driver),
    features: { driver: signal.driver, transform: signal.transform, lag, pair, horizon },
    p: Number.isFinite(p) ? p : null,
    valueBasis: slope === undefined ? 'not computed' : basis,
    traded: status === 'approved' && value > 0,
  }
}

/** The slope behind sums of scores, which are in σ of a bar, as a return at the pair's present volatility. */
export function grossSlope({ hypotheses, rollingWindow }: SwarmModel, hypothesis: number, slope: number): number {
  return slope * (rollingWindow.volatility[hypotheses.pairIndex(hypothesis)] as number)
}
