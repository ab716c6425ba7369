/** The runs of a calibration: a scenario at points that a search asks for, with the same seeds at every point. */

import { OperatorError, unknownName } from '../../core/index.js'
import { modelColumns } from '../../model/index.js'
import type { Engine, Handlers, Job, Task } from '../../pool/index.js'
import { type LoadedScenario, packageManifest } from '../../world/index.js'
import { resultColumns } from '../columns.js'
import { type EngineChoice, engineFor } from '../engine-choice.js'
import { derivedSeed } from '../seeds.js'
import { type SweepInput, type SweepOutput, type SweepSetup, sweepRuns } from '../sweep-run.js'
import type { RunLog } from './run-log.js'
import type { Quantity } from './targets.js'

/** A scenario, what is read off its runs, and what all of them share. */
export interface FitRunsOptions extends EngineChoice {
  readonly loaded: LoadedScenario
  readonly quantities: readonly Quantity[]
  readonly steps: number | undefined
  readonly params: Readonly<Record<string, unknown>>
  readonly seed: number
  /** A scenario that no other process has, such as one on a part of a market. */
  readonly isHereAlone: boolean
  /** Names these runs in the log. */
  readonly name: string
  readonly log: RunLog
}

/** Parameters by name. */
export type FitPoint = Readonly<Record<string, unknown>>

/** What came of a run's task: where it belongs, and its place in the log. */
interface Slot {
  readonly point: number
  readonly replicate: number
  readonly key: string
}

export class FitRuns {
  /** Runs made, those of them that failed, and the first of their messages. */
  made = 0
  failed = 0
  firstFailure: string | undefined
  private constructor(
    private readonly options: FitRunsOptions,
    private readonly engine: Engine,
    private readonly job: Job<SweepSetup>,
    /** Where each quantity stands among the columns of a run. */
    private readonly places: readonly number[],
  ) {}

  static async open(options: FitRunsOptions): Promise<FitRuns> {
    const { loaded, quantities, steps, isHereAlone, engine, workers, redis, onNote } = options
    const wanted = [...new Set(quantities.flatMap(({ column, step }) => (step === undefined ? [column] : [])))]
    const setup: SweepSetup = {
      scenario: loaded.ref,
      ...(loaded.code !== undefined && { code: loaded.code }),
      version: packageManifest().version,
      ...(steps !== undefined && { steps }),
      columns: resultColumns(loaded.scenario, wanted),
      series: seriesColumns(loaded, quantities),
    }
    const own = { sweep: async () => sweepRuns(setup, loaded) } as unknown as Handlers
    const made = await engineFor({ engine, workers, redis, onNote }, isHereAlone ? own : undefined)
    return new FitRuns(
      options,
      made,
      { handler: 'sweep', setup },
      quantities.map(({ column }) => wanted.indexOf(column)),
    )
  }

  /** For each point and each of its replicates (counted from 1) the quantities; NaN where there is none, and for a run that failed. */
  async outputs(points: readonly FitPoint[], replicatesOf: (point: number) => readonly number[]): Promise<number[][][]> {
    const found: number[][][] = points.map(() => [])
    const slots: Slot[] = []
    const tasks: Task<SweepInput>[] = []
    for (const [p, point] of points.entries()) {
      for (const [r, replicate] of replicatesOf(p).entries()) {
        const key = JSON.stringify([this.options.name, replicate, point])
        const known = this.options.log.find(key)
        if (known !== undefined) {
          place(found, p, r, known)
          continue
        }
        tasks.push({ index: slots.length, input: this.inputOf(point, replicate) })
        slots.push({ point: p, replicate: r, key })
      }
    }
    for await (const result of this.engine.run<SweepOutput>(this.job, tasks)) {
      const { point, replicate, key } = slots[result.index] as Slot
      const outputs = 'error' in result ? this.failure(result.error.message) : this.read(result.output)
      this.made++
      this.options.log.add(key, outputs)
      place(found, point, replicate, outputs)
    }
    return found
  }

  close(): Promise<void> {
    return this.engine.close()
  }

  private inputOf(point: FitPoint, replicate: number): SweepInput {
    const { seed, params, name } = this.options
    return { seed: derivedSeed(seed, replicate), params: { ...params, ...point }, name }
  }

  private failure(message: string): number[] {
    this.failed++
    this.firstFailure ??= message
    return this.options.quantities.map(() => Number.NaN)
  }

  private read({ cells, series }: SweepOutput): number[] {
    return this.options.quantities.map(({ column, step }, i) =>
      step === undefined
        ? numberOf(cells[this.places[i] as number])
        : numberOf(series.find(([at]) => at === step)?.[1 + this.job.setup.series.indexOf(column)]),
    )
  }
}

function place(found: number[][][], point: number, replicate: number, outputs: number[]): void {
  const ofPoint = found[point] as number[][]
  ofPoint[replicate] = outputs
}

function seriesColumns({ scenario }: LoadedScenario, quantities: readonly Quantity[]): string[] {
  const known = modelColumns(scenario)
  const names = [...new Set(quantities.flatMap(({ column, step }) => (step === undefined ? [] : [column])))]
  for (const name of names) {
    const column = known.find(one => one.name === name)
    if (column === undefined)
      throw unknownName(
        'column',
        name,
        known.map(one => one.name),
      )
    if (column.type !== 'real' && column.type !== 'integer')
      throw new OperatorError({ what: `column "${name}"`, expected: 'numbers to compare with', got: column.type })
  }
  return names
}

/** A cell as a number; an infinity comes as text. */
function numberOf(cell: unknown): number {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return Number(cell)
  return cell === 'Infinity' || cell === '-Infinity' ? Number(cell) : Number.NaN
}
