/** One run of a sweep, as any process makes it: plain data in, a row of plain data out. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cell, OperatorError } from '../core/index.js'
import { guarded, modelReader, type Scenario, type Simulation } from '../model/index.js'
import type { LoadedScenario, RunPlan } from '../world/index.js'
import { type ResultColumn, summaries } from './columns.js'
import type { MarketFiles } from './market-files.js'
import { type StopRule, stopRule } from './stop-rule.js'

/** What all runs of a sweep have in common. */
export interface SweepSetup {
  /** The scenario's shipped name, or the path of its file. */
  readonly scenario: string
  /** SHA-256 of a user's code, and the version of this package: a process that has others makes other runs. */
  readonly code?: string
  readonly version: string
  /** Steps of each run; default: the scenario's. */
  readonly steps?: number
  readonly columns: readonly ResultColumn[]
  /** Columns of the table of time series; none: no such table. */
  readonly series: readonly string[]
  readonly stopWhen?: string
  /** The folder in which each run gets a run directory of its own. */
  readonly keep?: string
  readonly market?: SweepMarket
}

/** The files of a market, what they must hold, and the run by which that is known. */
export interface SweepMarket {
  readonly files: MarketFiles
  readonly inputs: readonly string[]
  readonly first: SweepInput
}

export interface SweepInput {
  readonly seed: number
  readonly params: Readonly<Record<string, unknown>>
  /** The name of the run's directory, where there is one. */
  readonly name: string
}

/** A cell as JSON writes it: an infinity as text, what is no number as null. */
export type JsonCell = Cell

export interface SweepOutput {
  readonly steps: number
  /** Why it ended before its last step: what its model said, the rule that stopped it, the end of its data; else null. */
  readonly ended: string | null
  /** In the order of the columns. */
  readonly cells: readonly JsonCell[]
  /** The rows of the time series, the step first. */
  readonly series: readonly (readonly JsonCell[])[]
}

/** The handler `sweep`. */
export async function prepareSweep(setup: SweepSetup): Promise<(input: SweepInput) => Promise<SweepOutput>> {
  const loaded = await sameScenario(setup)
  if (setup.market !== undefined) await sameMarket(loaded, setup.market)
  return sweepRuns(setup, loaded)
}

/** The same with a scenario that this process has already. */
export async function sweepRuns(
  setup: SweepSetup,
  { scenario }: LoadedScenario,
): Promise<(input: SweepInput) => Promise<SweepOutput>> {
  const maker = new RunMaker(setup, scenario, await partsOfRuns())
  return async input => {
    try {
      return await maker.make(input)
    } catch (error) {
      throw await withPlaces(error)
    }
  }
}

type PartsOfRuns = Pick<typeof import('../world/index.js'), 'inMemory' | 'planRun'>

/** What a run needs of its world, and no more: a thread would spend longer on loading the rest than on a thousand short runs. */
async function partsOfRuns(): Promise<PartsOfRuns> {
  const { inMemory } = await import('../world/in-memory.js')
  const { planRun } = await import('../world/run-plan.js')
  return { inMemory, planRun }
}

async function sameScenario({ scenario, code, version }: SweepSetup): Promise<LoadedScenario> {
  const { packageManifest } = await import('../world/package-info.js')
  const { loadScenario } = await import('../world/load-scenario.js')
  const here = packageManifest().version
  if (here !== version) throw other('this version of mycelia', version, here, 'Install the same version everywhere.')
  const loaded = await loadScenario(scenario)
  if (loaded.code !== code)
    throw other(`scenario ${scenario}`, 'the code that the sweep began with', 'other code', 'Use the same file everywhere.')
  return loaded
}

async function sameMarket(loaded: LoadedScenario, { files, inputs, first }: SweepMarket): Promise<void> {
  const here = await marketInputs(loaded, files, first)
  if (here.join() !== inputs.join())
    throw other(
      `the market in ${files.market ?? files.moats}`,
      'the files that the sweep began with',
      'others',
      'Copy them here.',
    )
}

/** The SHA-256 of the files that a run reads. */
export async function marketInputs(
  { scenario }: LoadedScenario,
  files: MarketFiles,
  { seed, params }: Pick<SweepInput, 'seed' | 'params'>,
  onNote?: (note: string) => void,
): Promise<string[]> {
  const { planRun } = await partsOfRuns()
  const { market } = await planRun({ scenario, seed, params, ...files })
  for (const note of market?.notes ?? []) onNote?.(note)
  return Object.values(market?.inputs ?? {})
}

function other(what: string, expected: string, got: string, next: string): OperatorError {
  return new OperatorError({ what, expected, got, next })
}

class RunMaker {
  private readonly rule: StopRule | undefined
  private readonly collected: string[]
  private readonly readEnd: ReturnType<typeof modelReader>
  private readonly readRule: ReturnType<typeof modelReader>

  constructor(
    private readonly setup: SweepSetup,
    private readonly scenario: Scenario,
    private readonly world: PartsOfRuns,
  ) {
    const { columns, series, stopWhen } = setup
    this.rule = stopWhen === undefined ? undefined : stopRule(scenario, stopWhen)
    const summarised = columns.flatMap(({ of, as }) => (as in summaries ? [of] : []))
    this.collected = [...new Set([...summarised, ...series])]
    this.readEnd = modelReader(scenario, atEnd(columns))
    this.readRule = modelReader(scenario, this.rule === undefined ? [] : [this.rule.column])
  }

  async make({ seed, params, name }: SweepInput): Promise<SweepOutput> {
    const { setup } = this
    const plan = await this.world.planRun({ scenario: this.scenario, seed, params, steps: setup.steps, ...setup.market?.files })
    const output = this.outputOf(plan, await this.world.inMemory(plan, this.collected))
    if (setup.keep !== undefined) await keepRun(join(setup.keep, name), plan, output, setup)
    return output
  }

  private outputOf(plan: RunPlan, sim: Simulation): SweepOutput {
    // Closed once a run instead of once a step, which costs as much as a step of a small model.
    const stopped = guarded(true, () => this.runToEnd(sim, plan.steps))
    const { steps } = sim.model
    const ended = stopped ? (this.setup.stopWhen ?? null) : (sim.endReason ?? null)
    const last = sim.look(this.readEnd)
    const final = new Map(atEnd(this.setup.columns).map((of, i) => [of, last[i] ?? null]))
    sim.finish()
    const cells = this.setup.columns.map(column => jsonCell(this.cellOf(sim, column, final)))
    return { steps, ended, cells, series: this.seriesOf(sim) }
  }

  /** True where the rule stopped it. */
  private runToEnd(sim: Simulation, steps: number): boolean {
    const { rule, readRule } = this
    if (rule === undefined) {
      sim.run({ steps })
      return false
    }
    let holds = false
    sim.run({
      steps,
      until: model => {
        holds = rule.holds(readRule(model)[0] ?? null)
        return holds
      },
    })
    return holds
  }

  private cellOf(sim: Simulation, { of, as, name }: ResultColumn, final: ReadonlyMap<string, Cell>): Cell {
    if (as === 'final') return final.get(of) ?? null
    if (as === 'summary') return figureOf(sim, of, name)
    const cells = sim.table('model').columns.get(of)?.toArray() ?? []
    const numbers = cells.filter((cell): cell is number => typeof cell === 'number' && !Number.isNaN(cell))
    return numbers.length === 0 ? null : summaries[as](numbers)
  }

  private seriesOf(sim: Simulation): JsonCell[][] {
    if (this.setup.series.length === 0) return []
    const table = sim.table('model')
    const columns = ['step', ...this.setup.series].map(name => table.columns.get(name)?.toArray() ?? [])
    return Array.from({ length: table.length }, (_, i) => columns.map(cells => jsonCell(cells[i] ?? null)))
  }
}

/** The columns that are read at the end, each once. */
function atEnd(columns: readonly ResultColumn[]): string[] {
  return [...new Set(columns.flatMap(({ of, as }) => (as === 'final' ? [of] : [])))]
}

/** The number at a path of the model's summary. */
export function figureOf({ model }: Simulation, path: string, column: string): number | null {
  let at: unknown = model.summary()
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !(key in at))
      throw new OperatorError({
        what: `column "${column}"`,
        expected: `"${path}" in the model's summary`,
        got: `no "${key}"`,
        next: `There are: ${Object.keys(Object(at)).join(', ') || 'none'}.`,
      })
    at = (at as Record<string, unknown>)[key]
  }
  if (at === null || at === undefined) return null
  if (typeof at === 'number' || typeof at === 'boolean') return Number(at)
  throw new OperatorError({ what: `column "${column}"`, expected: `a number at "${path}" of the model's summary`, got: at })
}

function jsonCell(cell: Cell): JsonCell {
  if (typeof cell !== 'number' || Number.isFinite(cell)) return cell
  return Number.isNaN(cell) ? null : String(cell)
}

/** A run of its own with its records on disk, to the same step. */
async function keepRun(
  out: string,
  { seed, params }: RunPlan,
  { steps }: SweepOutput,
  { scenario, market }: SweepSetup,
): Promise<void> {
  // An attempt that was ended left its directory.
  rmSync(out, { recursive: true, force: true })
  const { run } = await import('../world/run.js')
  await run({ scenario, seed, params, steps: Math.max(1, steps), out, ...market?.files })
}

/** The stack of a user's own code names the lines of its source. */
async function withPlaces(error: unknown): Promise<unknown> {
  const { placesOf } = await import('../world/source-places.js')
  const places = placesOf(error)
  if (!(error instanceof Error) || places.length === 0) return error
  const calls = places.map(({ call, place }) => `    at ${call === '' ? place : `${call} (${place})`}`)
  error.stack = [`${error.name}: ${error.message}`, ...calls].join('\n')
  return error
}
