/** What a live run asks of the model that it trades with: the swarm answers, and so does the latency model. */

import type { TimeMs } from '../core/index.js'
import type { PrintGuard } from '../market/index.js'
import type { Model } from '../model/index.js'
import type { Halt, InstrumentRules, Limits, Portfolio } from '../trading/index.js'
import type { OperatorRecord } from './mycelial/operator.js'
import type { SearchProgress } from './mycelial/search-progress.js'

/** How far a model has come, for the status of its run. */
export interface LiveProgress {
  /** Ideas or signals that reached the trader, by their source. */
  readonly ideas: Readonly<Record<string, number>>
  readonly collisions: number
  readonly approved: number
  /** Number of changes of status of patterns, by the new status. */
  readonly patterns: Readonly<Record<string, number>>
  /** Pairs whose data ended while positions were open. */
  readonly dataEnded: readonly { readonly pair: string; readonly lastBarEnd: number; readonly positions: number }[]
  /** Null: it searches for no patterns. */
  readonly search: SearchProgress | null
}

/** A model that trades live. */
export interface LiveModel extends Model {
  readonly params: Readonly<Record<string, unknown>> & { readonly dataEndedLoss: number }
  readonly barMs: number
  readonly pairs: readonly string[]
  /** @internal What the exchange demands in each pair. */
  readonly rules: ReadonlyMap<string, InstrumentRules>
  /** @internal Pairs whose data are silent, and since when. */
  readonly stale: ReadonlyMap<string, TimeMs>
  /** @internal The bars come from the past, and nothing is traded on them. */
  readonly warming: boolean
  /** @internal Since when this machine's clock has been more than a bar away from the exchange's; undefined: it is not. */
  readonly clockOffSince: TimeMs | undefined
  /** @internal Since when the link to other processes has been in doubt; null: it is not. */
  readonly linkDownSince: TimeMs | null
  readonly limits: Limits
  /** @internal Every lock in force. */
  readonly locks: readonly Halt[]
  /** @internal Its portfolios; none where another process trades. */
  readonly portfolios: readonly Portfolio[]
  /** @internal What operators said, and what came of it; absent before the first command. */
  readonly operator?: OperatorRecord
  /** @internal What the guards of its pairs did not believe. */
  readonly guards: readonly { readonly pair: string; readonly guard: PrintGuard }[]
  /** @internal */
  readonly progress: LiveProgress
  /** @internal Whether this process watches the market of the pair of this number. */
  watches(pair: number): boolean
  /** @internal Whether the lock is one of this process's agents. */
  holds(lock: Halt): boolean
}
