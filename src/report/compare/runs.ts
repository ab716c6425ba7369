/** The runs of one side of a comparison: one directory, or a folder that holds them; and the figures of each. */

import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../../core/index.js'
import { type Manifest, numbersOf, RunDirectory, readTable } from '../../storage/index.js'
import { type MetricName, portfolioNames } from '../../trading/index.js'
import type { Numbers } from '../data.js'
import { reportLimits } from '../limits.js'
import { number, record } from '../summary.js'

export interface ComparedRun {
  readonly manifest: Manifest
  /** By name; of a model its columns, at the end and in the mean, of a run that trades its portfolios' too. */
  readonly figures: ReadonlyMap<string, number>
  /** The numeric columns of the table `model`, over steps: all of a short run, of a long one every second, fourth … */
  readonly steps: readonly number[]
  readonly columns: Readonly<Record<string, Numbers>>
}

/** Refuses a path that is neither, and more runs than are compared. */
export async function comparedRuns(path: string): Promise<ComparedRun[]> {
  const paths = existsSync(join(path, 'manifest.json')) ? [path] : runsIn(path)
  const runs: ComparedRun[] = []
  for (const each of paths) runs.push(await readRun(each))
  return runs
}

/** `latest` is one of the others. */
function runsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  const paths = names.map(name => join(folder, name))
  const runs = paths.filter(path => existsSync(join(path, 'manifest.json')) && !lstatSync(path).isSymbolicLink())
  if (runs.length > 0 && runs.length <= reportLimits.comparedRuns) return runs
  throw new OperatorError({
    what: `runs to compare in ${folder}`,
    expected: `the directory of a run, or a folder of at most ${reportLimits.comparedRuns}`,
    got: runs.length === 0 ? 'no run' : `${runs.length} runs`,
    next: 'Give the directory of a run, or of the folder above it.',
  })
}

const ofPortfolios: readonly MetricName[] = ['return', 'sharpe', 'maxDrawdown', 'expectancyReturn', 'winRate', 'trades', 'fees']

async function readRun(path: string): Promise<ComparedRun> {
  const run = RunDirectory.read(path)
  const { manifest } = run
  const table = (await readTable(run.file('model.parquet'), 'all')) ?? {}
  const figures = new Map<string, number>()
  const portfolios = record(manifest.summary.portfolios)
  for (const portfolio of portfolioNames)
    for (const metric of ofPortfolios) {
      const value = number(record(portfolios[portfolio])[metric])
      if (value !== undefined) figures.set(`${portfolio} ${metric}`, value)
    }
  const approved = number(record(manifest.summary.patterns).approved)
  if (approved !== undefined) figures.set('patterns approved', approved)
  const columns: Record<string, Numbers> = {}
  const steps = Array.from(numbersOf(table.step))
  const thin = thinner(steps.length)
  for (const [name, cells] of Object.entries(table)) {
    const values = Array.from(numbersOf(cells), value => (Number.isFinite(value) ? value : null))
    const known = values.filter(value => value !== null)
    if (name === 'step' || name === 'time' || known.length === 0) continue
    if (Object.keys(columns).length < reportLimits.comparedColumns) columns[name] = values.filter(thin)
    figures.set(`${name}, at the end`, known.at(-1) as number)
    figures.set(`${name}, mean`, known.reduce((sum, value) => sum + value, 0) / known.length)
  }
  return { manifest, figures, steps: steps.filter(thin), columns }
}

/** Keeps every first, second, fourth … row, so that a longer run's steps are among those of a shorter one. */
function thinner(rows: number): (value: unknown, row: number) => boolean {
  let every = 1
  while (rows / every > reportLimits.comparedSteps) every *= 2
  return (_, row) => row % every === 0
}
