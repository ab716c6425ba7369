/** How a live run goes on, as the request and the environment say it. */

import type { WallClock } from '../../../feed/index.js'
import type { ArchiveSettings } from '../../../storage/index.js'
import type { LiveStatus, NoticeOpener, TelegramSettings } from '../operations/index.js'
import type { BeginWatching } from './request.js'
import type { Committed } from './shard.js'
import type { MemorySettings } from './vector-memory.js'

export interface LiveSettings {
  readonly clock: WallClock
  /** Who tells people; undefined: nobody. */
  readonly notify: NoticeOpener | undefined
  /** The chat whose commands are taken; undefined: none, or another shard takes them. */
  readonly telegram: TelegramSettings | undefined
  /** How long, ms, from going live; undefined: until stopped. */
  readonly forMs: number | undefined
  /** Which memory is asked about ideas. */
  readonly memory: MemorySettings
  /** Steps between checkpoints. */
  readonly checkpointEvery: number
  /** How much of the journal is kept, and the ticks of one segment. */
  readonly journal: Pick<ArchiveSettings, 'keep' | 'segmentTicks'>
  readonly signal: AbortSignal | undefined
  readonly onNote: (sentence: string) => void
  readonly onStatus: ((status: LiveStatus) => void) | undefined
  readonly onCommitted: ((committed: Committed) => void) | undefined
  readonly watch: BeginWatching | undefined
}
