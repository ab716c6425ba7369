/** CorpDataMiner: the corporations moat's miner, filings by sector. */

import { MoatMiner } from './moat-miner.js'

export class CorpDataMiner extends MoatMiner {
  get moat() {
    return 'corporations' as const
  }
}
