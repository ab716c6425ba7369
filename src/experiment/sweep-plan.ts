/** The plan of a sweep: which runs it makes and what it keeps of each, all checked before anything runs or is written. */

import {
  type Cell,
  type ColumnDescription,
  canonicalJson,
  checkedCount,
  describeColumn,
  OperatorError,
  unknownName,
} from '../core/index.js'
import { fieldsOf, modelColumns, parseParameters, type Scenario } from '../model/index.js'
import { parameterFields } from '../view/index.js'
import { checkedSeed, type LoadedScenario, packageManifest } from '../world/index.js'
import { type ResultColumn, resultColumns } from './columns.js'
import type { Design, Point } from './design.js'
import { experimentLimits } from './limits.js'
import type { MarketFiles } from './market-files.js'
import { checkPrecision, type Precision } from './precision.js'
import { derivedSeed } from './seeds.js'
import { stopRule } from './stop-rule.js'
import type { SweepInput, SweepSetup } from './sweep-run.js'

/** What is asked of a sweep besides its scenario and design. */
export interface SweepRequest extends MarketFiles {
  /** Runs of each point; default 1. */
  readonly replicates?: number | undefined
  /** The seed that those of the runs are derived from; default 1. */
  readonly seed?: number | undefined
  /** `common`: replicate r has the same seed at every point, so that points differ by their parameters alone. `independent`: each run has its own. Default `common`. */
  readonly seeds?: 'common' | 'independent' | undefined
  /** Steps of each run; default: the scenario's. */
  readonly steps?: number | undefined
  /** Parameters that all runs share. */
  readonly params?: Readonly<Record<string, unknown>> | undefined
  /**
   * What the table of runs holds: columns of the scenario's table `model` as they are at the end (`gini`), or over the steps (`mean:gini`;
   * also `sd`, `min`, `max`, `sum`), and numbers of the model's summary (`portfolios.synthesized.return`). Default: all columns at the end.
   */
  readonly columns?: readonly string[] | undefined
  /** Columns of the table of time series, `series`; `true`: all of the scenario's table `model`. Default: no such table. */
  readonly series?: boolean | readonly string[] | undefined
  /** Ends a run after the step at which it holds: `gini > 0.6`. */
  readonly stopWhen?: string | undefined
  /** Makes no further replicates of a point once the interval of a mean is narrow enough. */
  readonly precision?: Precision | undefined
}

/** One of `of` parts of a sweep, counted from 1. */
export interface Shard {
  readonly part: number
  readonly of: number
}

/** What a sweep is: two sweeps of which this is the same have the same tables. */
export interface SweepIdentity {
  readonly scenario: string
  readonly code: string | null
  readonly version: string
  readonly design: Design['name']
  readonly parameters: readonly ParameterColumn[]
  readonly points: readonly Point[]
  readonly params: Readonly<Record<string, unknown>>
  readonly replicates: number
  readonly seed: number
  readonly seeds: 'common' | 'independent'
  readonly steps: number | null
  readonly columns: readonly ResultColumn[]
  readonly series: readonly ColumnDescription[]
  readonly stopWhen: string | null
  readonly precision: Precision | null
  /** What the files of the market hold, wherever they are; null where runs have the scenario's own market, or none. */
  readonly market: MarketIdentity | null
}

/** The files that the first run reads, by their SHA-256, and which part of them. */
export interface MarketIdentity extends Omit<MarketFiles, 'market' | 'moats'> {
  readonly inputs: readonly string[]
}

/** The column of a parameter that the design varies. */
export interface ParameterColumn extends ColumnDescription {
  readonly parameter: string
}

/** A run of a sweep. */
export interface PlannedRun {
  readonly index: number
  /** Of its point, from 0. */
  readonly point: number
  /** From 1. */
  readonly replicate: number
}

export class SweepPlan {
  /** The place of the column that the precision is about; −1: there is none. */
  readonly precisionPlace: number

  constructor(
    readonly identity: SweepIdentity,
    /** The scenario's shipped name, or the path of its file. */
    readonly ref: string,
    /** Where this process finds the files of the market. */
    readonly files: MarketFiles = {},
  ) {
    const { columns, precision } = identity
    this.precisionPlace = columns.findIndex(({ name }) => name === precision?.column)
  }

  get runs(): number {
    return this.identity.points.length * this.identity.replicates
  }

  /** Runs of a point stand together, in the order of their replicates. */
  run(index: number): PlannedRun {
    const { replicates } = this.identity
    return { index, point: Math.floor(index / replicates), replicate: 1 + (index % replicates) }
  }

  /** The runs of a shard, in the order in which they are best made: with a precision, each point has its first replicates first. */
  *planned(shard: Shard): Generator<PlannedRun> {
    const { precision, replicates, points } = this.identity
    for (let i = 0; i < this.runs; i++) {
      const index = precision === null ? i : (i % points.length) * replicates + Math.floor(i / points.length)
      if (this.isOf(index, shard)) yield this.run(index)
    }
  }

  /** How many runs a shard has. */
  runsOf({ part, of }: Shard): number {
    const { precision, replicates, points } = this.identity
    const [parts, each] = precision === null ? [this.runs, 1] : [points.length, replicates]
    return each * Math.ceil((parts - (part - 1)) / of)
  }

  /** Whether a run is a shard's. The replicates of a point are judged together, so they are of one shard. */
  isOf(index: number, { part, of }: Shard): boolean {
    const { precision, replicates } = this.identity
    return (precision === null ? index : Math.floor(index / replicates)) % of === part - 1
  }

  /** The cells of a point's varied parameters. */
  cellsOf(point: Point): Cell[] {
    return this.identity.parameters.map(({ parameter, type }) => {
      const value = point[parameter]
      return type === 'text' && typeof value !== 'string' ? JSON.stringify(value) : (value as Cell)
    })
  }

  seedOf({ index, replicate }: PlannedRun): number {
    const { seed, seeds } = this.identity
    return derivedSeed(seed, seeds === 'common' ? replicate : index + 1)
  }

  inputOf(run: PlannedRun): SweepInput {
    const { points, params } = this.identity
    return { seed: this.seedOf(run), params: { ...params, ...points[run.point] }, name: nameOf(run.index, this.runs) }
  }

  /** The same sweep on these files. */
  on(files: MarketFiles, inputs: readonly string[]): SweepPlan {
    const { market: _, moats: __, ...part } = files
    return new SweepPlan({ ...this.identity, market: { inputs, ...part } }, this.ref, files)
  }

  setup(keep: string | undefined): SweepSetup {
    const { code, version, steps, columns, series, stopWhen, market } = this.identity
    return {
      scenario: this.ref,
      ...(code !== null && { code }),
      version,
      ...(steps !== null && { steps }),
      columns,
      series: series.map(({ name }) => name),
      ...(stopWhen !== null && { stopWhen }),
      ...(keep !== undefined && { keep }),
      ...(market !== null && { market: { files: this.files, inputs: market.inputs, first: this.inputOf(this.run(0)) } }),
    }
  }
}

/** `run-0007`: names that sort as their runs do. */
function nameOf(index: number, runs: number): string {
  return `run-${String(index).padStart(String(runs - 1).length, '0')}`
}

/** Checks everything that can be known before a run. @throws OperatorError */
export function planSweep({ scenario, ref, code }: LoadedScenario, design: Design, request: SweepRequest): SweepPlan {
  const { replicates = 1, seed = 1, seeds = 'common', steps, params = {}, stopWhen, precision } = request
  checkedCount('`replicates`', replicates)
  if (steps !== undefined) checkedCount('`steps`', steps)
  checkedSeed(seed)
  const points = checkedPoints(scenario, design, params)
  checkedCount('the runs, points times replicates', points.length * replicates, experimentLimits.runs)
  if (stopWhen !== undefined) stopRule(scenario, stopWhen)
  const parameters = design.parameters.map(name => parameterColumn(name, points))
  const columns = distinct(resultColumns(scenario, request.columns), parameters)
  if (precision !== undefined) checkedPrecision(precision, columns)
  const identity: SweepIdentity = {
    scenario: scenario.name,
    code: code ?? null,
    version: packageManifest().version,
    design: design.name,
    parameters,
    points,
    params,
    replicates,
    seed,
    seeds,
    steps: steps ?? null,
    columns,
    series: seriesOf(scenario, request.series),
    stopWhen: stopWhen ?? null,
    precision: precision ?? null,
    market: null,
  }
  return new SweepPlan(identity, ref)
}

/** The points of a design, each of which the scenario takes. */
function checkedPoints(scenario: Scenario, design: Design, params: Readonly<Record<string, unknown>>): readonly Point[] {
  const known = fieldsOf(scenario.params)
  const unknown = design.parameters.find(name => !known.has(name))
  if (unknown !== undefined) throw unknownName('parameter', unknown, known.keys())
  const twice = design.parameters.find(name => name in params)
  if (twice !== undefined)
    throw new OperatorError({
      what: `parameter "${twice}"`,
      expected: 'to be varied or to be the same for all runs',
      got: 'both',
    })
  const whole = new Set(parameterFields(scenario.params).flatMap(([name, { type }]) => (type === 'integer' ? [name] : [])))
  const points = design.points(name => whole.has(name))
  points.forEach((point, i) => {
    try {
      parseParameters(scenario.params, { ...params, ...point })
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      const { what, ...rest } = error.explanation
      throw new OperatorError(
        { what: `point ${i + 1} of ${points.length} (${shownPoint(point)}): ${what}`, ...rest },
        { cause: error },
      )
    }
  })
  return points
}

function shownPoint(point: Point): string {
  const text = Object.entries(point)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** A column of a varied parameter, typed by all its values; what is neither number, text nor truth is written as JSON. */
function parameterColumn(name: string, points: readonly Point[]): ParameterColumn {
  const of = (type: string) => points.every(point => typeof point[name] === type)
  const type = of('number')
    ? points.every(point => Number.isSafeInteger(point[name]))
      ? 'integer'
      : 'real'
    : of('boolean')
      ? 'boolean'
      : 'text'
  const column = ownColumns.includes(name) ? `${name}_parameter` : name
  return { ...describeColumn(column, { type, meaning: `The parameter ${name}.` }), parameter: name }
}

/** The columns that every table of runs has. */
const ownColumns: readonly string[] = ['run', 'point', 'replicate', 'seed', 'steps', 'ended', 'error', 'message', 'stack']

/** A result that is called as a parameter or a column of the table is renamed. @throws OperatorError where two still have one name. */
function distinct(columns: readonly ResultColumn[], parameters: readonly ColumnDescription[]): ResultColumn[] {
  const taken = new Set([...ownColumns, ...parameters.map(({ name }) => name)])
  return columns.map(column => {
    const name = taken.has(column.name) && column.as === 'final' ? `${column.name}_final` : column.name
    if (taken.has(name)) throw new OperatorError({ what: '`columns`', expected: 'names that differ', got: name })
    taken.add(name)
    return { ...column, name }
  })
}

function checkedPrecision(precision: Precision, columns: readonly ResultColumn[]): void {
  checkPrecision(precision)
  const column = columns.find(({ name }) => name === precision.column)
  if (column === undefined)
    throw unknownName(
      'column of `precision`',
      precision.column,
      columns.map(({ name }) => name),
    )
  if (column.type !== 'real' && column.type !== 'integer')
    throw new OperatorError({ what: '`precision`', expected: 'a column of numbers', got: column.type })
}

function seriesOf(scenario: Scenario, series: SweepRequest['series']): readonly ColumnDescription[] {
  const known = modelColumns(scenario)
  if (series === undefined || series === false) return []
  if (series === true) return known
  const names = known.map(({ name }) => name)
  const unknown = series.find(name => !names.includes(name))
  if (unknown !== undefined) throw unknownName('column', unknown, names)
  return known.filter(({ name }) => series.includes(name))
}

/** The first part of two sweeps in which they differ, or undefined. */
export function differenceOf(a: SweepIdentity, b: SweepIdentity): keyof SweepIdentity | undefined {
  const parts = Object.keys({ ...a, ...b }) as (keyof SweepIdentity)[]
  // A part that a release did not know yet is none.
  return parts.find(part => canonicalJson(a[part] ?? null) !== canonicalJson(b[part] ?? null))
}
