/** The folder `journal/` of a run: closed segments, and the checkpoint at the beginning of each. Their names say which ticks they hold. */

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckpoint } from './checkpoint-file.js'
import { isMissing, withRetry } from './errors.js'
import { decompressed } from './segment-file.js'

export interface SegmentFile {
  readonly path: string
  /** The ticks after `from`, up to and including `to`. */
  readonly from: number
  readonly to: number
  readonly bytes: number
}

/** A checkpoint that a replay may begin at. */
export interface KeptState {
  readonly path: string
  readonly tick: number
  readonly bytes: number
  /** False while its compression is still to come. */
  readonly isCompressed: boolean
}

const segmentName = /^(\d{12})-(\d{12})\.seg\.br$/
const stateName = /^(\d{12})\.checkpoint(\.br)?$/

export function journalFolder(run: string): string {
  return join(run, 'journal')
}

export function segmentPath(folder: string, from: number, to: number): string {
  return join(folder, `${digits(from)}-${digits(to)}.seg.br`)
}

/** Where a checkpoint is put as it is; compressed it has `.br` at the end. */
export function statePath(folder: string, tick: number): string {
  return join(folder, `${digits(tick)}.checkpoint`)
}

/** The segments of a journal, oldest first. */
export function segmentsIn(folder: string): SegmentFile[] {
  return namesIn(folder).flatMap(name => {
    const found = segmentName.exec(name)
    if (found === null) return []
    const path = join(folder, name)
    return [{ path, from: Number(found[1]), to: Number(found[2]), bytes: sizeOf(path) }]
  })
}

/** The checkpoints beside the segments, oldest first; one that is there in both forms is listed in each. */
export function statesIn(folder: string): KeptState[] {
  return namesIn(folder).flatMap(name => {
    const found = stateName.exec(name)
    if (found === null) return []
    const path = join(folder, name)
    return [{ path, tick: Number(found[1]), bytes: sizeOf(path), isCompressed: found[2] !== undefined }]
  })
}

/** The bytes of a checkpoint beside the segments; `CorruptFile` where they are not those that were written. */
export function readState({ path, isCompressed }: Pick<KeptState, 'path' | 'isCompressed'>): Uint8Array {
  try {
    const file = withRetry(path, 'reading', 0, () => readFileSync(path))
    return openCheckpoint(path, isCompressed ? decompressed(path, file) : file).bytes
  } catch (error) {
    // The run has compressed it since it was listed.
    if (isCompressed || !isMissing(error)) throw error
    return readState({ path: compressedPath(path), isCompressed: true })
  }
}

/** Where a checkpoint beside the segments is put once it is compressed. */
export function compressedPath(path: string): string {
  return `${path}.br`
}

/** What a writer that was stopped left behind. */
export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true })
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** Another process may remove a file between its listing and this. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function digits(tick: number): string {
  return String(tick).padStart(12, '0')
}
