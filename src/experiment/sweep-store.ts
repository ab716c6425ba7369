/** The folder of a sweep: what it is, the results as they come, and in the end its tables. It is continued by the same sweep alone. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../core/index.js'
import type { TaskResult } from '../pool/index.js'
import { type Lock, lockFile, makeDirectory, ResultLog, writeAtomic } from '../storage/index.js'
import { differenceOf, type Shard, type SweepIdentity, SweepPlan } from './sweep-plan.js'
import type { SweepOutput } from './sweep-run.js'

/** What came of a run. */
export type RunResult = TaskResult<SweepOutput>

/** `sweep.json`. */
interface SweepManifest {
  readonly format: 1
  readonly ref: string
  readonly sweep: SweepIdentity
  readonly shard: Shard
}

const manifestName = 'sweep.json'
const logName = 'results.log'

export class SweepStore {
  /** Which runs failed, by number. */
  private readonly failures: Uint8Array

  private constructor(
    readonly folder: string,
    readonly plan: SweepPlan,
    readonly shard: Shard,
    private readonly log: ResultLog,
    private readonly lock: Lock | undefined,
  ) {
    this.failures = new Uint8Array(plan.runs)
    for (const result of this.results()) this.note(result)
  }

  /** Begins a sweep in a new or empty folder, or continues the same one. @throws OperatorError where the folder holds something else. */
  static open(path: string, plan: SweepPlan, shard: Shard): SweepStore {
    const folder = resolve(path)
    const isThere = existsSync(join(folder, manifestName))
    if (isThere) assertSame(readManifest(folder), plan, shard, path)
    else requireEmpty(folder, path)
    makeDirectory(folder)
    const lock = lockFile(join(folder, 'sweep'))
    try {
      if (!isThere) {
        const { ref, identity: sweep } = plan
        writeAtomic(join(folder, manifestName), `${JSON.stringify({ format: 1, ref, shard, sweep } satisfies SweepManifest)}\n`)
      }
      return new SweepStore(folder, plan, shard, ResultLog.open(join(folder, logName), plan.runs), lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Opens the folder of a sweep for reading. */
  static read(path: string): SweepStore {
    const folder = resolve(path)
    if (!existsSync(join(folder, manifestName)))
      throw new OperatorError({
        what: path,
        expected: `the folder of a sweep, with a ${manifestName}`,
        got: 'another one',
        next: 'Check the path.',
      })
    const { ref, sweep, shard } = readManifest(folder)
    const plan = new SweepPlan(sweep, ref)
    const log = join(folder, logName)
    return new SweepStore(folder, plan, shard, ResultLog.read(log, plan.runs), undefined)
  }

  /** How many results there are. */
  get size(): number {
    return this.log.size
  }

  has(index: number): boolean {
    return this.log.has(index)
  }

  hasFailed(index: number): boolean {
    return this.failures[index] === 1
  }

  get(index: number): RunResult | undefined {
    const kept = this.log.get(index)
    return kept === undefined ? undefined : ({ index, ...(kept as object) } as RunResult)
  }

  /** In the order of the runs. */
  *results(): Generator<RunResult> {
    for (let index = 0; index < this.plan.runs; index++) {
      const result = this.get(index)
      if (result !== undefined) yield result
    }
  }

  add({ index, ...result }: RunResult): void {
    this.log.append(index, result)
    this.note({ index, ...result } as RunResult)
  }

  sync(): void {
    this.log.sync()
  }

  private note(result: RunResult): void {
    if ('error' in result) this.failures[result.index] = 1
  }

  close(): void {
    this.log.close()
    this.lock?.release()
  }
}

function readManifest(folder: string): SweepManifest {
  const manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as SweepManifest
  if (manifest.format === 1) return manifest
  throw new OperatorError({
    what: join(folder, manifestName),
    expected: 'format 1',
    got: manifest.format,
    next: 'Use the release that wrote it.',
  })
}

function requireEmpty(folder: string, path: string): void {
  if (!existsSync(folder)) return
  const inside = readdirSync(folder).filter(name => !name.startsWith('.'))
  if (inside.length === 0) return
  throw new OperatorError({
    what: '`out`',
    expected: 'a new folder, an empty one, or that of the same sweep',
    got: `${path}, which holds ${inside[0]}`,
    next: 'Name another one.',
  })
}

function assertSame(manifest: SweepManifest, plan: SweepPlan, shard: Shard, path: string): void {
  const part = differenceOf(manifest.sweep, plan.identity) ?? (sameShard(manifest.shard, shard) ? undefined : 'shard')
  if (part === undefined) return
  throw new OperatorError({
    what: `the sweep in ${path}`,
    expected: `the same ${words[part]} as it began with`,
    got: 'another',
    next: 'Give the command that began it to continue it, or name another `out`.',
  })
}

function sameShard(a: Shard, b: Shard): boolean {
  return a.part === b.part && a.of === b.of
}

const words: Readonly<Record<keyof SweepIdentity | 'shard', string>> = {
  scenario: 'scenario',
  code: 'code of the scenario',
  version: 'version of mycelia',
  design: 'design',
  parameters: 'varied parameters',
  points: 'points',
  params: 'parameters',
  replicates: 'number of replicates',
  seed: 'seed',
  seeds: 'kind of seeds',
  steps: 'number of steps',
  columns: 'columns',
  series: 'time series',
  stopWhen: 'rule that stops a run',
  precision: 'precision',
  market: 'files of the market',
  shard: 'shard',
}
