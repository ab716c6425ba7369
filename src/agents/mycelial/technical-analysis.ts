/** TechnicalAnalysis: the RSI, MACD, Bollinger and ATR vote; the swarm's benchmark, and a fair one. */

import { technicalVote, type Vote } from '../../trading/index.js'
import { Analyst } from './analyst.js'

/** The baseline’s analyst: RSI, MACD, moving averages and Bollinger bands vote. */
export class TechnicalAnalysis extends Analyst {
  judge(): Vote {
    return technicalVote(this.model.analysis(this.pair))
  }
}
