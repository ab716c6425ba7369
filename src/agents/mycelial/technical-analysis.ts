/** TechnicalAnalysis: the trend under the setting a walk-forward chose, or the talkative vote of RSI, MACD and Bollinger bands. */

import { technicalVote, trendVote, type Vote } from '../../trading/index.js'
import { Analyst } from './analyst.js'

/** The baseline’s analyst, the swarm’s benchmark: its view of a pair’s trend, or with `baselineRule: 'talkative'` the vote of its indicators. */
export class TechnicalAnalysis extends Analyst {
  judge(): Vote {
    const { model, pair } = this
    const analysis = model.analysis(pair)
    return model.trend === null ? technicalVote(analysis) : trendVote(model.trend, model.pairIndex(pair), analysis)
  }
}
