/** A live shard's checkpoint: the simulation's own, and its position in the journal. */

import { CorruptBytes, decodeValue, encodeValue } from '../../../core/index.js'
import {
  type CheckpointPlace,
  CorruptFile,
  checkpointSteps,
  isMissing,
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
  /** Fills in the ledger up to here; absent in checkpoints of earlier releases. */
  readonly fills?: number
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
  return { checkpoint: decodeLiveCheckpoint(bytes, path), passedOver }
}

/** A sound checkpoint of a run's directory. */
export interface PlacedCheckpoint extends CheckpointPlace {
  readonly step: number
  readonly bytes: Uint8Array
}

/** The sound checkpoints of a run's directory, oldest first. One that the run removes meanwhile is left out. */
export function keptCheckpoints(directory: string): PlacedCheckpoint[] {
  return checkpointSteps(directory)
    .reverse()
    .flatMap(step => {
      try {
        const { bytes, path } = readCheckpointAt(directory, step)
        const { tick, time } = decodeLiveCheckpoint(bytes, path)
        return [{ tick, time, step, path, bytes }]
      } catch (error) {
        if (error instanceof CorruptFile || isMissing(error)) return []
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

/** Throws `CorruptFile` where the bytes are those of another checkpoint. */
export function decodeLiveCheckpoint(bytes: Uint8Array, path: string): LiveCheckpoint {
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
