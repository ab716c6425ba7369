/** The ports of the launch world: what an agent may ask of its model. */

import type { Lamports, TokenUnits } from '../../exchange/index.js'
import type { Model } from '../../model/index.js'
import type { Assignment } from './experiment.js'
import type { launchSchema } from './launch-parameters.js'
import type { LaunchToken } from './token.js'

/** An order as a trader gives it. */
export interface LaunchOrder {
  readonly token: LaunchToken
  readonly side: 'buy' | 'sell'
  readonly tokens: TokenUnits
  /** The most that a buy pays with its fee, the least that a sale brings without it; null: any. */
  readonly limit: Lamports | null
  /** What the slot's maker is paid, so that others come later. */
  readonly priority: Lamports
  /** Slots until it can be executed, besides the latency of all; 0: as soon as anybody's. */
  readonly delaySlots: number
  /** Which of its wallets trades. */
  readonly wallet: number
  /** Whether it stands in the transaction of the launch itself, before anybody can know of it. */
  readonly inLaunch: boolean
}

/** Who sends an order. */
export interface Sender {
  lamports: Lamports
  readonly rng: { int(n: number): number }
  account(wallet: number): string
}

/** What the agents of the launch world may ask of their model. */
export interface LaunchWorld extends Model<typeof launchSchema> {
  /** @internal Tokens that are still traded, in order of launch. */
  readonly living: readonly LaunchToken[]
  /** @internal Those and the ones that are kept until their scores are judged, by pair. */
  readonly tokens: ReadonlyMap<string, LaunchToken>
  /** @internal Sends an order; it can stand in a slot after its latency. */
  send(sender: Sender, order: LaunchOrder): void
  /** @internal Notes what a trade of an experiment came to. */
  noteOutcome(assignment: Assignment, value: number): void
  /** @internal Has the hidden wallets that were hired for a token sell. */
  dump(token: LaunchToken): void
}
