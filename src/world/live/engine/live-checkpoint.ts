/** A live shard's checkpoint: the simulation's own, and its position in the journal. */

import { CorruptBytes, decodeValue, encodeValue } from '../../../core/index.js'
import {
  CorruptFile,
  checkpointSteps,
  RowChain,
  type RowChainState,
  readCheckpoint,
  readCheckpointAt,
} from '../../../storage/index.js'
import { newRecord } from './tick-facts.js'

export interface LiveCheckpoint {
  /** The last journalled tick it covers. */
  readonly tick: number
  readonly time: number
  readonly step: number
  /** End of the last bar that was a step; 0 before the first. */
  readonly closedUntil: number
  /** The digest chain's value. */
  readonly chain: Uint8Array
  /** Trades in the ledger up to here. */
  readonly trades: number
  /** The chain over the decision record; absent in checkpoints of earlier releases. */
  readonly record?: RowChainState
  readonly sim: Uint8Array
}

/** The decision record as it stood at a checkpoint. */
export function recordAt({ record }: LiveCheckpoint): RowChain {
  return record === undefined ? newRecord() : RowChain.restored('decisions', record)
}

export function encodeLiveCheckpoint(checkpoint: LiveCheckpoint): Uint8Array {
  return encodeValue({ live: 1, ...checkpoint })
}

/** The newest sound one, and why newer ones were passed over. */
export function newestCheckpoint(directory: string): { checkpoint: LiveCheckpoint; passedOver: readonly string[] } {
  const { bytes, path, passedOver } = readCheckpoint(directory)
  return { checkpoint: decoded(bytes, path), passedOver }
}

/** The oldest sound one: where a replay begins. */
export function oldestCheckpoint(directory: string): LiveCheckpoint {
  for (const step of checkpointSteps(directory).reverse()) {
    try {
      const { bytes, path } = readCheckpointAt(directory, step)
      return decoded(bytes, path)
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error
    }
  }
  return newestCheckpoint(directory).checkpoint
}

/** Tick and chain of the sound checkpoints on disk, oldest first. */
export function keptCheckpoints(directory: string): { tick: number; chain: Uint8Array }[] {
  return checkpointSteps(directory)
    .reverse()
    .flatMap(step => {
      try {
        const { bytes, path } = readCheckpointAt(directory, step)
        const { tick, chain } = decoded(bytes, path)
        return [{ tick, chain }]
      } catch (error) {
        if (error instanceof CorruptFile) return []
        throw error
      }
    })
}

/**
 * The journal must reach the checkpoint and hold every tick after it. Throws where it does not: one of the two was then
 * restored from another copy.
 */
export function requireTicks(directory: string, checkpoint: number, journal: { from: number; to: number }): void {
  const { from, to } = journal
  if (from <= checkpoint && checkpoint <= to) return
  throw new CorruptFile(directory, {
    what: `reading ${directory}, whose checkpoint was made at tick ${checkpoint}`,
    expected: checkpoint > to ? 'a journal that reaches it' : `the journal from tick ${checkpoint + 1} on`,
    got: checkpoint > to ? `one that ends at tick ${to}` : `one from tick ${from + 1} on`,
    next: 'Restore the whole directory from one copy; nothing was changed.',
  })
}

function decoded(bytes: Uint8Array, path: string): LiveCheckpoint {
  try {
    const value = decodeValue(bytes) as LiveCheckpoint & { live?: number }
    if (value?.live === 1) return value
  } catch (error) {
    if (!(error instanceof CorruptBytes)) throw error
  }
  throw new CorruptFile(path, {
    what: `reading checkpoint ${path}`,
    expected: 'the checkpoint of a live run',
    got: 'another one',
    next: 'Is this the directory of a live run?',
  })
}
