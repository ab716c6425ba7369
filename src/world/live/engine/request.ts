/** The options of a live run: the same from the command line, from `mycelia/node` and from a test. */

import type { LiveModel } from '../../../agents/index.js'
import type { Table } from '../../../core/index.js'
import type { InputFeed, LiveFeed, MoatFeed, WallClock } from '../../../feed/index.js'
import type { Simulation } from '../../../model/index.js'
import type { KeepJournal } from '../../../storage/index.js'
import type { CommonRequest } from '../../run-request.js'
import type { LiveStatus, NoticeOpener } from '../operations/index.js'
import type { Committed } from './shard.js'
import type { MemoryChoice } from './vector-memory.js'

/** The options of `live`. */
export interface LiveRequest extends CommonRequest {
  /** Where Redis is. Default: what the environment names; where it names none, the run has no connection to others. */
  readonly redis?: string | undefined
  /** A simulated run whose swarm goes live. */
  readonly fromRun?: string | undefined
  /** Agents of this process, as `DataMiner,PatternLearner:0/2`; default: all. */
  readonly agents?: string | undefined
  /** What is asked about ideas: the memory in the process, or Chroma; default: what the environment says, else Chroma where one answers. */
  readonly memory?: MemoryChoice | undefined
  /** How long, ms; default: until stopped. */
  readonly forMs?: number | undefined
  /** Steps between checkpoints; default: about a minute's. */
  readonly checkpointEvery?: number | undefined
  /** How much of the journal is kept; default: 90 days and 20 GB. */
  readonly keepJournal?: Partial<KeepJournal> | undefined
  /** Ticks of one segment of the journal; default: 20,000. */
  readonly segmentTicks?: number | undefined
  /** Bars of history before going live, at most 720. */
  readonly warmupBars?: number | undefined
  /** Called about once a second, and at the end. */
  readonly onStatus?: ((status: LiveStatus) => void) | undefined
  /** Called after every tick, once it is on disk. */
  readonly onCommitted?: ((committed: Committed) => void) | undefined
  /** Who tells people of halts, trades, days and troubles; default: nobody. */
  readonly notify?: NoticeOpener | undefined
  /** @internal Begins to watch the model, before its first tick in this process. */
  readonly watch?: BeginWatching | undefined
  /** Settings of the environment: `KRAKEN_REST_URL`, `REDIS_URL` …; default: the process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Feeds of your own, by name: those that the scenario lists besides the ones that ship, and any others. */
  readonly feeds?: Readonly<Record<string, FeedMaker>> | undefined
  /** Replacements of the real clock, feed and moats: for tests and other markets. */
  readonly overrides?: LiveOverrides | undefined
}

/** Begins to look at a live model. */
export type BeginWatching = (sim: Simulation<LiveModel>) => LiveWatcher

/** Looks at the model beside the run, and changes nothing in it. */
export interface LiveWatcher {
  /** After every tick, once it is on disk. */
  ticked(isStep: boolean): void
  /** Before rows leave memory. */
  handing(table: Table): void
}

/** Makes a feed of your own for one run. */
export interface FeedMaker {
  (options: {
    readonly pairs: readonly string[]
    readonly barMs: number
    readonly clock: WallClock
    /** Of the run, checked and complete. */
    readonly parameters: Readonly<Record<string, unknown>>
  }): InputFeed
  /** Called before anything is made, with the run's parameters; throws an `OperatorError` where the feed makes no sense with them. */
  readonly check?: ((parameters: Readonly<Record<string, unknown>>) => void) | undefined
}

/** Parts put in the place of the real ones. */
export interface LiveOverrides {
  readonly clock?: WallClock | undefined
  readonly feed?: (options: { pairs: readonly string[]; barMs: number; clock: WallClock }) => LiveFeed
  /** @internal Given as undefined: no moats. */
  readonly moats?: MoatFeed | undefined
}
