/** The columns that a scenario collects of its model, for those that look at a run without its tables. */

import { type Cell, type ColumnDescription, Table } from '../core/index.js'
import type { Model } from './model.js'
import { ReportedColumn } from './reported-column.js'
import { columnOfReporter, type Reporter } from './reporters.js'
import type { Scenario } from './scenario.js'

/** Described in their order. */
export function modelColumns(scenario: Scenario): ColumnDescription[] {
  return Object.entries(reportersOf(scenario)).map(([name, reporter]) => columnOfReporter(name, reporter))
}

/** Reads the cells of some columns of a model as it is now; what they throw names the column and the step. To be called in `sim.look`. */
export function modelReader(scenario: Scenario, names: readonly string[]): (model: Model) => Cell[] {
  const table = new Table(
    'model',
    modelColumns(scenario).filter(({ name }) => names.includes(name)),
  )
  const reporters = reportersOf(scenario)
  const reported = [...table.columns].map(
    ([name, column]) => new ReportedColumn(table, column, reporters[name] as Reporter<Model>),
  )
  return model => {
    table.clear()
    table.step = model.steps
    for (const column of reported) column.push(model)
    return names.map(name => table.columns.get(name)?.at(0) ?? null)
  }
}

/** The scenario without what is collected, but for some columns of the model at the occasions it names. */
export function collectingOnly(scenario: Scenario, names: readonly string[]): Scenario {
  const { every, when } = scenario.collect ?? {}
  const model = Object.fromEntries(Object.entries(reportersOf(scenario)).filter(([name]) => names.includes(name)))
  const occasion = { ...(every !== undefined && { every }), ...(when !== undefined && { when }) }
  return { ...scenario, collect: names.length === 0 ? {} : { ...occasion, model } }
}

function reportersOf({ collect }: Scenario): Readonly<Record<string, Reporter<Model>>> {
  return collect?.model ?? {}
}
