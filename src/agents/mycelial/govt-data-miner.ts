/** GovtDataMiner: the government moat's miner, rules and notices by region. */

import { MoatMiner } from './moat-miner.js'

export class GovtDataMiner extends MoatMiner {
  get moat() {
    return 'government' as const
  }
}
