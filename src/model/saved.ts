/** A checkpoint as a whole: the run it is of, the state, the chain, and where source, collector and sink stood. */

import { Chain, CorruptBytes, decodeValue, encodeExact } from '../core/index.js'

/** What a run is and where it stands, without what is around it. */
export interface RunState {
  scenario: string
  seed: number | string
  params: Record<string, unknown>
  inputDigests: readonly string[]
  state: Uint8Array
  chain: Uint8Array
}

/** A checkpoint's parts, as plain data. */
export interface Saved extends RunState {
  source: unknown
  answer: unknown
  rows: unknown
  sink: unknown
  /** Inputs from outside that wait; absent before the first. */
  outside?: unknown
}

export function readSaved(checkpoint: Uint8Array): Saved {
  const saved = decodeValue(checkpoint)
  if (typeof saved !== 'object' || saved === null || !('state' in saved))
    throw new CorruptBytes('These bytes are not a checkpoint.')
  return saved as Saved
}

/** What a run is, which its digest's chain begins with. */
export function identity(
  scenario: { name: string },
  params: unknown,
  seed: number | string,
  digests: readonly string[] = [],
): unknown {
  return { scenario: scenario.name, parameters: params, seed, market: [...digests] }
}

/**
 * The same state as the beginning of another run: other parameters, a new digest chain, no source yet, nothing collected.
 * The model must renew whatever its state derived from the old parameters.
 */
export function rebaseCheckpoint(
  checkpoint: Uint8Array,
  { params, inputDigests }: { params: Record<string, unknown>; inputDigests: readonly string[] },
): Uint8Array {
  const saved = readSaved(checkpoint)
  const chain = Chain.of(identity({ name: saved.scenario }, params, saved.seed, inputDigests)).value()
  return encodeExact({ ...saved, params, inputDigests, chain, source: null, rows: { tables: [], enrolled: 0 }, sink: null })
}

/** What a checkpoint holds, read without restoring it. */
export function checkpointInfo(checkpoint: Uint8Array): Pick<Saved, 'scenario' | 'seed' | 'params' | 'inputDigests' | 'sink'> {
  return readSaved(checkpoint)
}
