/** What a sweep writes down of each run: columns that its scenario collects, at the end or summarised over the steps, and figures of its summary. */

import { type ColumnDescription, closest, describeColumn, OperatorError, unknownName } from '../core/index.js'
import { modelColumns, type Scenario } from '../model/index.js'

/** Ways to make one number of a column of numbers; what is no number is left out, and of none at all there is none. */
export const summaries = {
  mean: values => sum(values) / values.length,
  sd: values => Math.sqrt(squares(values) / (values.length - 1)),
  min: values => values.reduce((a, b) => Math.min(a, b)),
  max: values => values.reduce((a, b) => Math.max(a, b)),
  sum,
} satisfies Readonly<Record<string, (values: readonly number[]) => number>>

export type Summary = keyof typeof summaries

/** One column of the table of runs; plain data. */
export interface ResultColumn extends ColumnDescription {
  /** The column of the scenario's table `model`, or the place in its summary: `portfolios.synthesized.return`. */
  readonly of: string
  readonly as: 'final' | 'summary' | Summary
}

/** `gini`, `mean:gini`, `portfolios.synthesized.return`; without any: every column that the scenario collects of its model. */
export function resultColumns(scenario: Scenario, chosen: readonly string[] | undefined): ResultColumn[] {
  const known = new Map(modelColumns(scenario).map(column => [column.name, column]))
  return (chosen ?? [...known.keys()]).map(text => columnOf(text, known))
}

function columnOf(text: string, known: ReadonlyMap<string, ColumnDescription>): ResultColumn {
  const [, how, of = ''] = /^(?:(\w+):)?(.+)$/.exec(text) ?? []
  const column = known.get(of)
  if (how !== undefined && !isSummary(how)) throw unknownName('summary', how, Object.keys(summaries))
  if (column === undefined) return inSummary(of, how, known)
  if (how === undefined) return { ...column, nullable: true, of, as: 'final' }
  if (column.type !== 'real' && column.type !== 'integer')
    throw new OperatorError({ what: `column "${text}"`, expected: 'numbers to summarise', got: column.type })
  const meaning = `The ${how} of ${of} over the steps.`
  return { ...describeColumn(`${of}_${how}`, { type: 'real', nullable: true, meaning }), unit: column.unit, of, as: how }
}

/** A figure of the model's `summary()`, which is known at the end of a run alone. */
function inSummary(of: string, how: string | undefined, known: ReadonlyMap<string, ColumnDescription>): ResultColumn {
  const near = closest(of, [...known.keys()])
  if (how !== undefined || (near !== undefined && !of.includes('.'))) throw unknownName('column', of, known.keys())
  const name = of.replaceAll('.', '_')
  return { ...describeColumn(name, { type: 'real', nullable: true, meaning: `${of} of the summary.` }), of, as: 'summary' }
}

function isSummary(text: string): text is Summary {
  return Object.hasOwn(summaries, text)
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}

/** Around the mean. */
function squares(values: readonly number[]): number {
  const mean = sum(values) / values.length
  return values.reduce((all, x) => all + (x - mean) ** 2, 0)
}
