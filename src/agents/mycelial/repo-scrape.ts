/** RepoScrape: the code moat's miner, activity of public repositories by language. */

import { MoatMiner } from './moat-miner.js'

export class RepoScrape extends MoatMiner {
  get moat() {
    return 'code' as const
  }
}
