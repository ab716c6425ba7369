/** LogisticsMiner: the logistics moat's miner, weather and freight by region. */

import { MoatMiner } from './moat-miner.js'

export class LogisticsMiner extends MoatMiner {
  get moat() {
    return 'logistics' as const
  }
}
