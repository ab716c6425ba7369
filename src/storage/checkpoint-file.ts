/** Checkpoints on disk. Each carries a hash and is written atomically; a resume reads the newest one whose hash is right. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fault, OperatorError } from '../core/index.js'
import { CorruptFile, UnknownVersion, withRetry } from './errors.js'
import { writeAtomic } from './files.js'
import { storageLimits } from './limits.js'

/** `MYCELIA` and a version byte, step (f64), length (f64), SHA-256 of step, length and payload; then the payload. */
const magic = new TextEncoder().encode('MYCELIA')
const version = 1
const headBytes = 8 + 16 + 32

export interface LoadedCheckpoint {
  readonly step: number
  readonly bytes: Uint8Array
  readonly path: string
  /** Why newer checkpoints were passed over, one sentence each, for the operator. */
  readonly passedOver: readonly string[]
}

/** Writes `checkpoint-<step>.bin` and removes all but the newest two. */
export function writeCheckpoint(directory: string, step: number, payload: Uint8Array): string {
  const path = join(directory, `checkpoint-${step}.bin`)
  withRetry(path, 'writing', payload.length + headBytes, () => fault('storage.checkpoint'))
  writeAtomic(path, sealed(step, payload))
  for (const old of checkpointSteps(directory).slice(storageLimits.checkpointsKept)) {
    rmSync(join(directory, `checkpoint-${old}.bin`), { force: true })
  }
  return path
}

/** The newest sound checkpoint; broken ones are passed over and listed. Throws where no checkpoint is sound. */
export function readCheckpoint(directory: string): LoadedCheckpoint {
  const passedOver: string[] = []
  let first: unknown
  for (const step of checkpointSteps(directory)) {
    const path = join(directory, `checkpoint-${step}.bin`)
    try {
      return { step, bytes: opened(path, step), path, passedOver }
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error
      first ??= error
      passedOver.push(error.message)
    }
  }
  throw (
    first ??
    new OperatorError({
      what: `resuming ${directory}`,
      expected: 'a checkpoint in it',
      got: 'none',
      next: 'Run it from the start.',
    })
  )
}

/** The checkpoint of a step; throws `CorruptFile` where it is not sound. */
export function readCheckpointAt(directory: string, step: number): LoadedCheckpoint {
  const path = join(directory, `checkpoint-${step}.bin`)
  return { step, bytes: opened(path, step), path, passedOver: [] }
}

/** Steps of the checkpoints in a directory, newest first. */
export function checkpointSteps(directory: string): number[] {
  if (!existsSync(directory)) return []
  const steps = readdirSync(directory).flatMap(name => /^checkpoint-(\d+)\.bin$/.exec(name)?.[1] ?? [])
  return steps.map(Number).sort((a, b) => b - a)
}

function sealed(step: number, payload: Uint8Array): Uint8Array {
  const file = new Uint8Array(headBytes + payload.length)
  const view = new DataView(file.buffer)
  file.set(magic)
  file[7] = version
  view.setFloat64(8, step, true)
  view.setFloat64(16, payload.length, true)
  file.set(payload, headBytes)
  file.set(seal(file), 24)
  return file
}

function opened(path: string, step: number): Uint8Array {
  const file = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return readFileSync(path)
  })
  const { step: got, bytes } = openCheckpoint(path, file)
  if (got !== step) throw broken(path, `the state of step ${step}`, got)
  return bytes
}

/** The state in a checkpoint's bytes; throws `CorruptFile` where they are not those that were written. */
export function openCheckpoint(path: string, file: Uint8Array): { step: number; bytes: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < headBytes) throw broken(path, `at least ${headBytes} bytes`, file.length)
  if (!magic.every((byte, i) => file[i] === byte)) throw broken(path, 'a checkpoint', 'another kind of file')
  if (file[7] !== version) throw otherVersion(path, file[7] ?? 0)
  const length = view.getFloat64(16, true)
  if (length !== file.length - headBytes) throw broken(path, `${length} bytes of state`, file.length - headBytes)
  if (!seal(file).equals(file.subarray(24, headBytes)))
    throw broken(path, 'the bytes that were written', 'others: the hash differs')
  return { step: view.getFloat64(8, true), bytes: new Uint8Array(file.subarray(headBytes)) }
}

function seal(file: Uint8Array): Buffer {
  return createHash('sha256').update(file.subarray(0, 24)).update(file.subarray(headBytes)).digest()
}

function broken(path: string, expected: string, got: unknown): CorruptFile {
  return new CorruptFile(path, {
    what: `reading checkpoint ${path}`,
    expected,
    got,
    next: 'An earlier checkpoint is used where there is one.',
  })
}

function otherVersion(path: string, got: number): UnknownVersion {
  const next = 'Use the release that wrote it. The file has not been changed.'
  return new UnknownVersion(path, {
    what: `reading checkpoint ${path}`,
    expected: `version ${version}`,
    got: `version ${got}`,
    next,
  })
}
