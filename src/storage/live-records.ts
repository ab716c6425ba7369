/** What the live ledger keeps of a tick, and what a restart finds there, as plain records. */

import type { TimeMs } from '../core/index.js'
import type { Decision, Fill, Halt, Trade } from '../trading/index.js'
import type { PortfolioState } from './ledger-tables.js'
import type { LedgerPositionRow, OutboxMessage } from './live-tables.js'

export interface StoredMessage extends OutboxMessage {
  readonly id: number
}

/** A portfolio that changed in a tick, with all its open positions. */
export interface ChangedPortfolio {
  readonly state: PortfolioState
  readonly positions: readonly LedgerPositionRow[]
}

/** What one tick decided: its rows in the ledger's tables. */
export interface TickDecisions {
  /** 1, 2, 3 … without gaps. */
  readonly tick: number
  /** `model.steps` after the tick. */
  readonly step: number
  readonly decisions: readonly Decision[]
  /** The chain over all decisions after the tick; null where there were none yet. */
  readonly record: DecisionHead | null
  readonly fills: readonly Fill[]
  readonly trades: readonly Trade[]
  /** Only the portfolios that changed. */
  readonly portfolios: readonly ChangedPortfolio[]
  /** Only the halts that changed. */
  readonly halts: readonly Halt[]
}

/** Everything one tick makes durable. */
export interface TickRecord extends TickDecisions {
  readonly time: TimeMs
  readonly isStep: boolean
  /** The inputs as the caller encodes them; a replay reads them back. */
  readonly inputs: Uint8Array
  /** The digest chain's value after the tick, so that a replay can name the first tick that differs. */
  readonly chain: Uint8Array | null
  readonly outbox: readonly OutboxMessage[]
}

/** How many decisions there are, and the link over them. */
export interface DecisionHead {
  readonly rows: number
  readonly link: Uint8Array
}

export interface JournalTick {
  readonly tick: number
  readonly time: TimeMs
  readonly isStep: boolean
  readonly inputs: Uint8Array
  readonly chain: Uint8Array | null
  /** The link over all decisions after the tick. */
  readonly record: Uint8Array | null
}

/** Where a replay begins: the tick of the oldest kept checkpoint (0 at the start) and the digest chain's value there. */
export interface JournalBase {
  readonly tick: number
  readonly chain: Uint8Array | null
}

/** What a restarted process reads from the ledger. */
export interface Recovered {
  readonly base: JournalBase
  /** The last committed tick; 0 before the first. */
  readonly lastTick: number
  readonly lastTime: TimeMs | null
  readonly portfolios: readonly PortfolioState[]
  readonly positions: readonly LedgerPositionRow[]
  /** Halts that are on. */
  readonly halts: readonly Halt[]
  /** Messages that were committed and perhaps not sent: they are sent again unchanged. */
  readonly unannounced: readonly StoredMessage[]
}
