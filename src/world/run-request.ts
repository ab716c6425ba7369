/** The requests of runs: the same from the command line, from `mycelia/node` and from a test. */

import type { TimeMs } from '../core/index.js'
import type { TickInput } from '../model/index.js'

/** Where the candles come from; default: what the scenario says. */
export interface MarketRequest {
  /** A candle file, or a folder of them. */
  readonly market?: string | undefined
  /** A folder of recorded moat streams. */
  readonly moats?: string | undefined
  /**
   * Scans of routes that were recorded: a live run of latency signals, with the prices it had, or a file of them beside the candles of
   * `market`.
   */
  readonly scans?: string | undefined
  /** Starts of the first and last bar, inclusive. */
  readonly from?: TimeMs | undefined
  readonly to?: TimeMs | undefined
  /** The zone of times without an offset in candle files, e.g. `Europe/Berlin`; default UTC. */
  readonly timezone?: string | undefined
}

/** Any scenario, whatever its model and parameters. */
export interface GivenScenario {
  readonly name: string
  readonly model: new () => object
  readonly params: object
  readonly worlds?: object
}

/** What the requests of simulated and live runs have in common. */
export interface CommonRequest {
  /** A shipped name, a path, or a scenario itself. May be left out where an existing run directory names it. */
  readonly scenario?: string | GivenScenario | undefined
  /** A safe integer ≥ 0; default 1. */
  readonly seed?: number | undefined
  /** The scenario's parameters, unchecked. */
  readonly params?: Readonly<Record<string, unknown>> | undefined
  /** The bar, as written: `1h`; default of a live run: `1m`. */
  readonly timeframe?: string | undefined
  readonly pairs?: readonly string[] | undefined
  /** Your own instruments, unchecked: by pair, the limits of an order. */
  readonly instruments?: Readonly<Record<string, unknown>> | undefined
  /** Profiles of limits: names, or profiles of your own, unchecked; default: the scenario's. */
  readonly profile?: readonly unknown[] | undefined
  /** Run although a profile's target does not pay for entry and exit. */
  readonly allowLosingTarget?: boolean | undefined
  /** The run directory itself; default: a new one under `root`. A live run that it holds is continued. */
  readonly out?: string | undefined
  /** Where run directories are made; default `runs`. */
  readonly root?: string | undefined
  /** Ends the run at a checkpoint; its `reason` says why, e.g. `SIGINT`. */
  readonly signal?: AbortSignal | undefined
  /** The directory of an earlier run whose experience this one begins with: what it remembers of trades, and the patterns it had approved. */
  readonly knowledge?: string | undefined
  /** Called with notes for the operator that the result does not hold: files chosen, checkpoints passed over. */
  readonly onNote?: ((note: string) => void) | undefined
}

/** The options of `run`. */
export interface RunRequest extends CommonRequest, MarketRequest {
  /** The total, whatever was done before a resume. */
  readonly steps?: number | undefined
  /** Taker fee as a fraction of notional. */
  readonly fee?: number | undefined
  /** The directory of a run to continue. */
  readonly resume?: string | undefined
  /** Steps between checkpoints. Default: 1,000, and then at most one in two seconds. */
  readonly checkpointEvery?: number | undefined
  /** Check at every look that reporters change nothing. Default: at the first two looks, while the state is below 4 MB. */
  readonly checkLooking?: boolean | undefined
  /** Resume the first checkpoints in memory, and stop where they go on otherwise than the run. */
  readonly checkResume?: boolean | undefined
  /** Refuses a scenario file that uses chance or time other than the model's; by default such uses are noted. */
  readonly strict?: boolean | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Called before the first step with what moves parameters of the run while it goes on. */
  readonly onBegun?: ((run: RunHandle) => void) | undefined
}

/** A run that goes on, for its owner: what is said to it is an input of its next tick, and a row of its table `inputs`. */
export interface RunHandle {
  readonly runDir: string
  /** Steps done. */
  readonly step: number
  /** Moves a parameter that its schema marks as changeable. Throws an `OperatorError` for any other, and for a value that is refused. */
  change(key: string, value: unknown): void
  /** Hands in an input that the model takes, such as an operator's command: plain data. */
  input(input: TickInput): void
}

/** Progress of a run. */
export interface Progress {
  /** Steps done, and the total; undefined where the model decides when it ends. */
  readonly step: number
  readonly of: number | undefined
  /** Steps done by this process, and how long they took. */
  readonly done: number
  readonly elapsedMs: number
  /** Model time. */
  readonly now: TimeMs
}
