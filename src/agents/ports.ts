/** What an agent may ask of its model: the ports of the swarm. Agents know these, never the swarm itself. */

import type { AgentSet, Model } from '../model/index.js'
import type { AnalysisState } from '../trading/index.js'
import type { KeySpace } from './discovery/key-space.js'
import type { Tape } from './discovery/tape.js'
import type { swarmSchema } from './swarm-parameters.js'
import type { TechnicalAnalysis } from './technical-analysis.js'

export interface SwarmModel extends Model<typeof swarmSchema> {
  readonly pairs: readonly string[]
  readonly barMs: number
  /** The pair's place in `pairs`; −1 where it is not one of them. */
  pairIndex(pair: string): number
  /** Indicators of a pair as of its latest closed bar. */
  analysis(pair: string): AnalysisState
  /** Every hypothesis the swarm may hold. */
  readonly keys: KeySpace
  /** What was seen: returns of pairs and values of drivers, as of the latest closed bar. */
  readonly tape: Tape
  /** The deployed analysts. */
  readonly analysts: AgentSet<TechnicalAnalysis>
}
