/** What a run's summary says of the baseline: its rule, the trend it follows, and what became of its views. */

import { type BaselineSummary, ignoredCount, type TrendState, trendSetting } from '../../trading/index.js'
import type { SwarmParameters } from './swarm-parameters.js'
import type { Trading } from './trading.js'

/** What is read of the swarm. */
export interface BaselineSource {
  readonly params: Pick<SwarmParameters, 'baselineRule'>
  readonly trend: TrendState | null
}

export function baselineSummary({ params, trend }: BaselineSource, trader: Trading): BaselineSummary {
  const { baseline } = trader.portfolios
  const { standing = 0, unpaid = 0 } = baseline.ignored
  return {
    rule: params.baselineRule,
    trend: trend === null ? null : { ...trendSetting(trend), changes: trend.changes },
    views: trader.ideas.baseline,
    standing,
    unpaid,
    refused: ignoredCount(baseline) - standing - unpaid,
  }
}
