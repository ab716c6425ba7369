/** `runs/<scenario>/<run-id>/`: the directory of one run. It is made only after the run's inputs have been checked. */

import { accessSync, constants, existsSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { OperatorError } from '../core/index.js'
import { type LoadedCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.js'
import { storageError } from './errors.js'
import { makeDirectory, writeAtomic } from './files.js'
import { lastStateFile } from './last-state.js'
import { isHeld, type Lock, lockFile } from './lock.js'
import { type Manifest, readManifest, writeManifest } from './manifest.js'

export interface NewRun {
  /** The scenario's name; becomes a directory's. */
  readonly scenario: string
  readonly seed: number
  /** ISO time the run started, from the caller's clock: the human part of the run id. */
  readonly startedAt: string
  /** Where runs are kept; `runs` by default. */
  readonly root?: string
  /** The run directory itself, where the operator named one. */
  readonly out?: string
  /** Whether `latest` points to it from the start; default: yes. */
  readonly isLatest?: boolean
}

export class RunDirectory {
  private constructor(
    readonly path: string,
    readonly runId: string,
    readonly seed: number,
    private readonly lock: Lock | undefined,
    /** The folder whose `latest` does not point to it yet. */
    private home?: string,
  ) {}

  /** Makes the directory. A directory in use, a file in its place or an unwritable parent is refused before anything is made. */
  static create(run: NewRun): RunDirectory {
    const { path, runId } = placeOf(run)
    const above = nearestAbove(path)
    if (existsSync(path)) requireEmpty(path)
    requireWritable(path, above)
    makeDirectory(path)
    let lock: Lock | undefined
    try {
      lock = lockFile(join(path, 'run'))
      // Another process may have begun a run here since the directory was found empty.
      requireEmpty(path)
      const directory = new RunDirectory(path, runId, run.seed, lock, run.out === undefined ? dirname(path) : undefined)
      if (run.isLatest ?? true) directory.becomeLatest()
      return directory
    } catch (error) {
      lock?.release()
      if (readdirSync(path).length === 0) rmSync(path, { recursive: true, force: true })
      throw error
    }
  }

  /** Opens an existing run to continue it; refuses where another process is running it. */
  static resume(path: string): RunDirectory {
    const { runId, seed } = readRun(path)
    return new RunDirectory(resolve(path), runId, seed, lockFile(join(path, 'run')))
  }

  /** Opens an existing run read-only. */
  static read(path: string): RunDirectory {
    const { runId, seed } = readRun(path)
    return new RunDirectory(resolve(path), runId, seed, undefined)
  }

  /** Whether a living process, this one or another, is running it. */
  get isInUse(): boolean {
    return isHeld(join(this.path, 'run'))
  }

  /** Points `latest` to it, once; not to a directory that the operator named. */
  becomeLatest(): void {
    if (this.home !== undefined) pointLatest(this.home, this.runId)
    this.home = undefined
  }

  /** The path of a file in the run. */
  file(name: string): string {
    return join(this.path, name)
  }

  write(name: string, content: string | Uint8Array): void {
    writeAtomic(this.file(name), content)
  }

  get manifest(): Manifest {
    return readManifest(this.file('manifest.json'))
  }

  writeManifest(manifest: Manifest): void {
    writeManifest(this.file('manifest.json'), manifest)
  }

  /** Keeps this checkpoint and the one before it. Returns its path. */
  saveCheckpoint(step: number, bytes: Uint8Array): string {
    return writeCheckpoint(this.path, step, bytes)
  }

  /** The newest sound checkpoint, and why newer ones were passed over. */
  loadCheckpoint(): LoadedCheckpoint {
    return readCheckpoint(this.path)
  }

  /** Removes the results of an earlier end, because the continued run will replace them. */
  removeResults(): void {
    for (const name of readdirSync(this.path)) {
      const isResult = name.endsWith('.parquet') || name.endsWith('.chain.json')
      if (isResult || name === 'report.html' || name === lastStateFile) rmSync(this.file(name), { force: true })
    }
  }

  close(): void {
    this.lock?.release()
  }
}

function placeOf({ scenario, seed, startedAt, root = 'runs', out }: NewRun): { path: string; runId: string } {
  const base = `${startedAt.slice(0, 19).replace(/:/g, '-')}-seed${seed}`
  if (out !== undefined) return { path: resolve(out), runId: base }
  const home = resolve(root, safeName(scenario))
  for (let n = 1; ; n++) {
    const runId = n === 1 ? base : `${base}-${n}`
    if (!existsSync(join(home, runId))) return { path: join(home, runId), runId }
  }
}

function safeName(scenario: string): string {
  return (
    basename(scenario)
      .replace(/\.[cm]?[jt]s$/, '')
      .replace(/[^\w.-]+/g, '-') || 'run'
  )
}

function requireEmpty(path: string): void {
  if (!statSync(path).isDirectory()) throw outError(path, 'a directory', 'a file')
  const inside = readdirSync(path).filter(name => !name.startsWith('.run.lock-'))
  if (inside.length > 0)
    throw outError(path, 'a new or empty directory', `one that holds ${inside[0]} and ${inside.length - 1} more`)
}

/** The nearest directory that exists; this one must be writable. */
function nearestAbove(path: string): string {
  let at = path
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

function requireWritable(path: string, above: string): void {
  if (!statSync(above).isDirectory()) throw outError(path, 'a directory above it', `${above}, a file`)
  try {
    accessSync(above, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw storageError(error, path, 'making directory', 0)
  }
}

function outError(path: string, expected: string, got: string): OperatorError {
  return new OperatorError({
    what: `run directory ${path}`,
    expected,
    got,
    next: 'Name another one with `out`, or remove that one.',
  })
}

function readRun(path: string): Manifest {
  if (!existsSync(join(path, 'manifest.json'))) {
    throw new OperatorError({
      what: `run directory ${path}`,
      expected: 'a manifest.json in it',
      got: 'none',
      next: existsSync(join(path, 'latest', 'manifest.json'))
        ? `That folder holds runs: give one of them, the newest is ${join(path, 'latest')}.`
        : 'Give the directory of a run.',
    })
  }
  return readManifest(join(path, 'manifest.json'))
}

/** `latest` beside the runs: a link where the system has them, else a file with the name. */
function pointLatest(home: string, runId: string): void {
  const pointer = join(home, 'latest')
  const beside = `${pointer}.tmp`
  try {
    rmSync(beside, { force: true })
    symlinkSync(runId, beside, 'dir')
    renameSync(beside, pointer)
  } catch {
    rmSync(beside, { force: true })
    writeAtomic(pointer, runId)
  }
}
