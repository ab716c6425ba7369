/** `last-state.frame`: what a viewer saw at the end of a run, compressed, so that a report can draw it without the scenario. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { writeAtomic } from './files.js'
import { storageLimits } from './limits.js'

export const lastStateFile = 'last-state.frame'

/** A frame that is larger than the limit is not kept: a report would not hold it. */
export function keepLastState(directory: string, frame: Uint8Array): void {
  if (frame.length > storageLimits.lastStateBytes) return
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
  writeAtomic(join(directory, lastStateFile), brotliCompressSync(frame, quick), false)
}

/** Undefined where none was kept, or it cannot be read: a report does without. */
export function lastStateOf(directory: string): Uint8Array | undefined {
  const path = join(directory, lastStateFile)
  if (!existsSync(path)) return undefined
  try {
    return brotliDecompressSync(readFileSync(path), { maxOutputLength: storageLimits.lastStateBytes })
  } catch {
    return undefined
  }
}
