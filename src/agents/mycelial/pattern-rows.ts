/** The row of a pattern's change of status, with everything a reader of the archive needs. */

import { MINUTE_MS } from '../../core/index.js'
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
  readonly score: number
  readonly value?: number
  /** Step since which the pattern has had its evidence; default: now. */
  readonly since?: number
  readonly decayFactor?: number
}

export function patternRow(
  model: SwarmModel,
  { hypothesis, sign, status, agent, score, value = 0, since, decayFactor = 1 }: StatusChange,
): PatternRow {
  const { signal, lag, pair, horizon } = model.hypotheses.describe(hypothesis)
  const { moat, product, signalType } = products[signal.moat] ?? {
    moat: signal.moat,
    product: 'Unknown',
    signalType: 'market-data',
  }
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
    score: Number.isFinite(score) ? score : 0,
    value,
    ageMinutes: ((model.steps - (since ?? model.steps)) * model.barMs) / MINUTE_MS,
    decayFactor,
    placebo: model.isPlacebo(signal.driver),
    features: { driver: signal.driver, transform: signal.transform, lag, pair, horizon },
  }
}
