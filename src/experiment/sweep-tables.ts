/** The tables of a sweep, made of its results in the order of the runs: `runs`, `series` where it was asked for, `failures` where there are any. */

import { type Cell, type ColumnDescription, describeColumn, describeColumns, type ReadColumns, Table } from '../core/index.js'
import { type Cells, removeTableFiles, writeTableFiles } from '../storage/index.js'
import type { Groups } from './precision.js'
import type { PlannedRun, SweepPlan } from './sweep-plan.js'
import type { RunResult, SweepStore } from './sweep-store.js'

/** The tables of a sweep. */
export type SweepTable = 'runs' | 'series' | 'failures'

/** Which replicates are kept. */
type Keeps = Pick<Groups, 'keeps'>

const about = {
  run: {
    type: 'integer',
    meaning: 'The run, from 0: a point’s runs stand together, in the order of their replicates.',
    read: run => run.index,
  },
  point: { type: 'integer', meaning: 'The point of the design, from 0.', read: run => run.point },
  replicate: { type: 'integer', meaning: 'The replicate, from 1.', read: run => run.replicate },
} satisfies ReadColumns<PlannedRun>

const seedColumn = describeColumn('seed', { type: 'integer', meaning: 'The seed of the run.' })
const stepsColumn = describeColumn('steps', { type: 'integer', meaning: 'The steps that were made.' })
const endedColumn = describeColumn('ended', {
  type: 'text',
  nullable: true,
  meaning: 'Why it ended before its last step: what the model said, the rule that stopped it, or the end of its data.',
})
const stepColumn = describeColumn('step', { type: 'integer', meaning: 'The steps done when the row was read.' })
const errorColumns = (['error', 'message', 'stack'] as const).map(name =>
  describeColumn(name, {
    type: 'text',
    meaning: { error: 'The kind of error.', message: 'What it says.', stack: 'Where it was thrown.' }[name],
  }),
)

export class SweepTables {
  constructor(
    private readonly store: SweepStore,
    private readonly kept: Keeps | undefined,
  ) {}

  /** Runs in the tables, and how many of them failed. */
  counts(): { runs: number; failed: number } {
    let [runs, failed] = [0, 0]
    for (let index = 0; index < this.plan.runs; index++) {
      if (!this.store.has(index) || !this.isKept(this.plan.run(index))) continue
      runs++
      if (this.store.hasFailed(index)) failed++
    }
    return { runs, failed }
  }

  /** Writes the files, and returns their paths. */
  write(): string[] {
    return (['runs', 'series', 'failures'] as const).flatMap(name => {
      if (this.has(name)) return writeTableFiles(this.store.folder, name, this.columns(name), () => this.rows(name))
      removeTableFiles(this.store.folder, name)
      return []
    })
  }

  /** A table in memory. */
  read(name: SweepTable): Table {
    const columns = this.columns(name)
    const table = new Table(name, columns)
    for (const row of this.rows(name)) for (const [i, { name }] of columns.entries()) table.columns.get(name)?.push(row[i])
    return table
  }

  private has(name: SweepTable): boolean {
    const { identity } = this.plan
    return name === 'runs' || (name === 'series' ? identity.series.length > 0 : this.counts().failed > 0)
  }

  private get plan(): SweepPlan {
    return this.store.plan
  }

  private columns(name: SweepTable): ColumnDescription[] {
    const { identity } = this.plan
    const [run, point, replicate] = describeColumns(about) as [ColumnDescription, ColumnDescription, ColumnDescription]
    if (name === 'series') return distinctSeries([run, point, replicate, stepColumn], identity.series)
    const begin = [run, point, ...identity.parameters, replicate, seedColumn]
    return name === 'runs' ? [...begin, stepsColumn, endedColumn, ...identity.columns] : [...begin, ...errorColumns]
  }

  private *rows(name: SweepTable): Generator<Cells> {
    for (const result of this.store.results()) {
      const run = this.plan.run(result.index)
      if (this.isKept(run)) yield* this.rowsOf(name, run, result)
    }
  }

  private isKept({ point, replicate }: PlannedRun): boolean {
    return this.kept?.keeps(point, replicate) !== false
  }

  private *rowsOf(name: SweepTable, run: PlannedRun, result: RunResult): Generator<Cells> {
    const { index, point, replicate } = run
    if (name === 'failures') {
      if ('error' in result) yield [...this.begin(run), result.error.name, result.error.message, result.error.stack]
      return
    }
    if ('error' in result) return
    const { steps, ended, cells, series } = result.output
    if (name === 'runs') yield [...this.begin(run), steps, ended, ...typed(cells, this.plan.identity.columns)]
    else for (const row of series) yield [index, point, replicate, ...typed(row, [stepColumn, ...this.plan.identity.series])]
  }

  private begin(run: PlannedRun): Cell[] {
    const values = this.plan.identity.points[run.point] ?? {}
    return [run.index, run.point, ...this.plan.cellsOf(values), run.replicate, this.plan.seedOf(run)]
  }
}

/** A column of the model that is called as one of the table is renamed. */
function distinctSeries(own: readonly ColumnDescription[], series: readonly ColumnDescription[]): ColumnDescription[] {
  const taken = new Set([...own, ...series].map(({ name }) => name))
  const isOwn = new Set(own.map(({ name }) => name))
  return [...own, ...series.map(column => (isOwn.has(column.name) ? { ...column, name: freeName(column.name, taken) } : column))]
}

function freeName(name: string, taken: Set<string>): string {
  const free = `${name}_series`
  if (taken.has(free)) return freeName(free, taken)
  taken.add(free)
  return free
}

/** JSON has no infinity: in a column of numbers its text stands for it. */
function typed(cells: readonly Cell[], columns: readonly ColumnDescription[]): Cell[] {
  return cells.map((cell, i) => (typeof cell === 'string' && columns[i]?.type === 'real' ? Number(cell) : cell))
}
