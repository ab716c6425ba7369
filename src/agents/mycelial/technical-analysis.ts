/** TechnicalAnalysis: the RSI, MACD, Bollinger and ATR vote; the swarm's benchmark, and a fair one. */

import { technicalVote, type Vote } from '../../trading/index.js'
import { Analyst } from './analyst.js'

export class TechnicalAnalysis extends Analyst {
  judge(): Vote {
    return technicalVote(this.model.analysis(this.pair))
  }
}
