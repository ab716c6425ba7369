/** What a run's summary says of the baseline: its rule, the trend it follows, and what became of its views. */

import { type BaselineSummary, trendSetting } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'
import type { Trading } from './trading.js'

export function baselineSummary({ params, trend }: Pick<SwarmModel, 'params' | 'trend'>, trader: Trading): BaselineSummary {
  const { ignored } = trader.portfolios.baseline
  return {
    rule: params.baselineRule,
    trend: trend === null ? null : { ...trendSetting(trend), changes: trend.changes },
    views: trader.ideas.baseline,
    standing: ignored.standing,
    unpaid: ignored.unpaid,
  }
}
