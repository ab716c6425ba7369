/** A sweep from its design to its tables: only the runs that are missing are made, by whichever engine, and the tables are the same. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { OperatorError, type Table } from '../core/index.js'
import type { Engine, Task } from '../pool/index.js'
import { type GivenScenario, inMemory, type LoadedScenario, planRun, scenarioOf, stopwatchMs } from '../world/index.js'
import type { Design } from './design.js'
import { type EngineChoice, engineFor } from './engine-choice.js'
import { functionsDigest } from './functions-digest.js'
import type { MarketFiles } from './market-files.js'
import { Groups } from './precision.js'
import { SweepInterrupted } from './sweep-errors.js'
import { planSweep, type Shard, type SweepPlan, type SweepRequest } from './sweep-plan.js'
import { figureOf, marketInputs, type SweepInput, type SweepOutput, type SweepSetup, sweepRuns } from './sweep-run.js'
import { type RunResult, SweepStore } from './sweep-store.js'
import { type SweepTable, SweepTables } from './sweep-tables.js'

/** Progress of a sweep, in runs. */
export interface SweepProgress {
  /** Runs there are, and the total. */
  readonly step: number
  readonly of: number
  /** Runs that this process made, and how long that took. */
  readonly done: number
  readonly elapsedMs: number
}

/** What a sweep does, how, and where. */
export interface SweepOptions extends SweepRequest, EngineChoice {
  /** The folder of the results. One of the same sweep is continued. Default: none; the tables are in memory. */
  readonly out?: string | undefined
  /** Makes one part of the sweep, to be merged with the others. */
  readonly shard?: Shard | undefined
  /** Gives each run a run directory of its own in the folder `runs` of `out`; each is made once more for it. */
  readonly keepRuns?: boolean | undefined
  /** Stops the sweep; what is made is kept. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined
}

/** What came of a sweep. */
export interface SweepResult {
  readonly scenario: string
  readonly points: number
  /** Runs in the tables, those that failed too. */
  readonly runs: number
  readonly failed: number
  /** Runs that this call made; the others were there. */
  readonly made: number
  /** Points of which the precision was reached before the last replicate. */
  readonly narrow: number
  /** The files it wrote. */
  readonly files: readonly string[]
  /** A table in memory: `runs`, `series`, `failures`. */
  table(name?: SweepTable): Table
}

/** Between two syncs of the results, ms: what a power cut may lose. */
const syncEveryMs = 1_000
/** Between two reports of progress, ms. */
const showEveryMs = 100

const tableNames = ['runs', 'series', 'failures'] as const

/** Makes the runs of a design. @throws OperatorError for bad input, before anything runs; SweepInterrupted. */
export async function sweep(scenario: string | GivenScenario, design: Design, options: SweepOptions = {}): Promise<SweepResult> {
  const loaded = withCode(await scenarioOf(scenario), typeof scenario === 'object')
  const plan = await onMarket(planSweep(loaded, design, options), loaded, options)
  await checkFigures(loaded, plan)
  const given = typeof scenario === 'object' ? { sweep: async (setup: SweepSetup) => sweepRuns(setup, loaded) } : undefined
  const engine = await engineFor(options, given)
  const { out } = options
  const folder = out ?? mkdtempSync(join(tmpdir(), 'mycelia-sweep-'))
  try {
    if (options.keepRuns === true) checkKept(options, engine.name, given !== undefined)
    const store = SweepStore.open(folder, plan, checkedShard(options.shard))
    try {
      const { groups, made } = await makeRuns(store, engine, options)
      return resultOf(store, groups, made, out !== undefined)
    } finally {
      store.close()
    }
  } finally {
    await engine.close()
    if (out === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** A scenario that was given as an object is known by what its functions say. */
function withCode(loaded: LoadedScenario, isObject: boolean): LoadedScenario {
  return isObject ? { ...loaded, code: functionsDigest(loaded.scenario) } : loaded
}

/** The tables of what a store holds: written where its folder stays, else in memory. */
export function resultOf(store: SweepStore, groups: Groups | undefined, made: number, stays: boolean): SweepResult {
  const { scenario, points } = store.plan.identity
  const tables = new SweepTables(store, groups)
  const { folder } = store
  const inMemory = stays ? undefined : new Map(tableNames.map(name => [name, tables.read(name)]))
  return {
    scenario,
    points: points.length,
    ...tables.counts(),
    made,
    narrow: groups?.narrow ?? 0,
    files: stays ? tables.write() : [],
    table: (name = 'runs') => inMemory?.get(name) ?? readTable(folder, groups, name),
  }
}

function readTable(folder: string, groups: Groups | undefined, name: SweepTable): Table {
  const store = SweepStore.read(folder)
  try {
    return new SweepTables(store, groups).read(name)
  } finally {
    store.close()
  }
}

/** Makes what is missing; returns what is known of the precision, and how many runs were made. */
async function makeRuns(
  store: SweepStore,
  engine: Engine,
  options: SweepOptions,
): Promise<{ groups: Groups | undefined; made: number }> {
  const { plan, shard } = store
  const { signal, out } = options
  const groups = groupsOf(store)
  const progress = new Watch(store, plan.runsOf(shard), options)
  const keep = options.keepRuns === true ? join(store.folder, 'runs') : undefined
  const job = { handler: 'sweep', setup: plan.setup(keep) }
  for await (const result of engine.run<SweepOutput>(job, missing(store, groups), signal)) {
    store.add(result)
    if (groups !== undefined) judge(groups, plan, result)
    progress.made()
  }
  store.sync()
  progress.show()
  if (signal?.aborted) throw new SweepInterrupted(String(signal.reason), store.size, progress.of, out)
  return { groups, made: progress.done }
}

/** The runs that are neither there nor known to be too many, each as a task. */
function* missing(store: SweepStore, groups: Groups | undefined): Generator<Task<SweepInput>> {
  const { plan } = store
  for (const run of plan.planned(store.shard)) {
    if (!store.has(run.index) && groups?.keeps(run.point, run.replicate) !== false)
      yield { index: run.index, input: plan.inputOf(run) }
  }
}

/** What the results say of the precision so far; undefined where none was asked for. */
export function groupsOf(store: SweepStore): Groups | undefined {
  const { precision, points } = store.plan.identity
  if (precision === null) return undefined
  const groups = new Groups(precision, points.length)
  for (const result of store.results()) judge(groups, store.plan, result)
  return groups
}

function judge(groups: Groups, plan: SweepPlan, result: RunResult): void {
  const { point, replicate } = plan.run(result.index)
  const cell = 'error' in result ? null : result.output.cells[plan.precisionPlace]
  groups.add(point, replicate, typeof cell === 'number' ? cell : undefined)
}

/** Counts runs while they are made, shows them, and has the results synced. */
class Watch {
  done = 0
  private readonly started = stopwatchMs()
  private shownAt = this.started
  private syncedAt = this.started

  constructor(
    private readonly store: SweepStore,
    readonly of: number,
    private readonly options: Pick<SweepOptions, 'onProgress'>,
  ) {
    this.show()
  }

  made(): void {
    this.done++
    const now = stopwatchMs()
    if (now - this.syncedAt >= syncEveryMs) {
      this.store.sync()
      this.syncedAt = now
    }
    if (now - this.shownAt < showEveryMs) return
    this.show()
    this.shownAt = now
  }

  show(): void {
    const { of, done } = this
    this.options.onProgress?.({ step: this.store.size, of, done, elapsedMs: stopwatchMs() - this.started })
  }
}

/** A run directory is made by name, in a folder that stays and that its maker can reach. */
function checkKept({ out }: SweepOptions, engine: Engine['name'], isObject: boolean): void {
  const wrong =
    out === undefined
      ? { expected: '`out`, where they stay', got: 'none' }
      : isObject
        ? { expected: 'a scenario by its name or its file', got: 'an object' }
        : engine === 'bullmq'
          ? { expected: 'the engine inline or workers, on this machine', got: engine }
          : undefined
  if (wrong !== undefined) throw new OperatorError({ what: '`keepRuns`', ...wrong })
}

function checkedShard({ part, of }: Shard = { part: 1, of: 1 }): Shard {
  const isWhole = Number.isSafeInteger(part) && Number.isSafeInteger(of)
  if (isWhole && part >= 1 && part <= of) return { part, of }
  throw new OperatorError({ what: '`shard`', expected: 'a part of all, counted from 1, as in 1/8', got: `${part}/${of}` })
}

/** The plan with the market that is asked for: its files are read once, so that what is wrong with them is said before anything runs. */
async function onMarket(plan: SweepPlan, loaded: LoadedScenario, options: SweepOptions): Promise<SweepPlan> {
  const { market, moats, from, to, timezone, onNote } = options
  const [marketAt, moatsAt] = [market, moats].map(path => (path === undefined ? undefined : resolve(path)))
  const all = { market: marketAt, moats: moatsAt, from, to, timezone }
  const files: MarketFiles = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  if (Object.keys(files).length === 0) return plan
  return plan.on(files, await marketInputs(loaded, files, plan.inputOf(plan.run(0)), onNote))
}

/** Figures of a summary are known in a run alone: the first one's set-up says whether they are there. */
async function checkFigures({ scenario }: LoadedScenario, plan: SweepPlan): Promise<void> {
  const figures = plan.identity.columns.filter(({ as }) => as === 'summary')
  if (figures.length === 0) return
  const { seed, params } = plan.inputOf(plan.run(0))
  const sim = await inMemory(await planRun({ scenario, seed, params, ...plan.files }), [])
  for (const { of, name } of figures) figureOf(sim, of, name)
}
