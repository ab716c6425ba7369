/** A comparison as a page: the same panels as a report. */

import { Parts } from '../../view/index.js'
import { counted } from '../format.js'
import { reportPage } from '../page.js'
import { panel, pointsOf, type ReportPanel, type Section, table } from '../panels.js'
import { writeSections } from '../report-parts.js'
import { type Comparison, verdictOf } from './compare.js'
import type { ComparedRun } from './runs.js'

export interface ComparedSides {
  readonly names: readonly [a: string, b: string]
  readonly a: readonly ComparedRun[]
  readonly b: readonly ComparedRun[]
  readonly comparison: Comparison
}

export function comparisonPage(sides: ComparedSides): string {
  const { names, a, b, comparison } = sides
  const parts = new Parts(1)
  const sections = sectionsOf(sides)
  writeSections(parts, sections, {
    kind: 'Mycelia · comparison',
    name: `A ${names[0]}, B ${names[1]}`,
    status: null,
    parameters: [],
    story: verdictOf(comparison),
    failure: null,
    facts: [
      ['A', `${names[0]}: ${counted(a.length, 'run')}`],
      ['B', `${names[1]}: ${counted(b.length, 'run')}`],
      [
        'seeds in pairs',
        comparison.seeds.map(([left, right]) => (left === right ? left : `${left} and ${right}`)).join(', ') || 'none',
      ],
    ],
    again: [],
    foot: 'Differences are B − A, pair by pair.',
  })
  return reportPage({ parts, sections })
}

function sectionsOf({ a, b, comparison }: ComparedSides): Section[] {
  const figures = comparison.figures.map(({ figure, a: left, b: right, difference, half, pairs, isBeyondChance }) => ({
    figure,
    A: left,
    B: right,
    'B − A': difference,
    '± 95 %': half,
    pairs,
    'beyond chance': isBeyondChance === null ? 'not known' : isBeyondChance ? 'yes' : 'no',
  }))
  const about = 'Means over the pairs. The interval is Student’s, of the mean of the differences over seeds.'
  const parameters = comparison.parameters.map(({ name, a: left, b: right }) => ({ parameter: name, A: left, B: right }))
  const panels = [
    table('Figures of both sides', figures, { about, empty: 'No figure is on both sides.' }),
    table('Parameters that differ', parameters, { empty: 'None: both sides have the same parameters.' }),
  ]
  const columns = columnPanels(a, b)
  return [
    { id: 'figures', title: 'Figures', lead: 'Is B better than A?', panels },
    ...(columns.length === 0
      ? []
      : [
          {
            id: 'columns',
            title: 'Columns',
            lead: 'The mean over the runs of each side; the band lies between the least and the most of them.',
            panels: columns,
          },
        ]),
  ]
}

function columnPanels(a: readonly ComparedRun[], b: readonly ComparedRun[]): ReportPanel[] {
  const names = [...new Set(a.flatMap(({ columns }) => Object.keys(columns)))].filter(name =>
    b.some(({ columns }) => name in columns),
  )
  return names.map(name => {
    const fields = Object.fromEntries(
      [['A', a] as const, ['B', b] as const].map(([side, runs]) => [`${side}/block/0`, bandOf(name, runs)]),
    )
    return panel(name.replaceAll('_', ' '), 'lines', fields, { series: ['A', 'B'] })
  })
}

/** At the steps of the longest run; a run that has none of them, or ended before, is not among those of that step. */
function bandOf(name: string, runs: readonly ComparedRun[]): Float64Array {
  const longest = runs.reduce<readonly number[]>(
    (steps, run) => ((run.steps.at(-1) ?? -1) > (steps.at(-1) ?? -1) ? run.steps : steps),
    [],
  )
  const lines = runs.map(({ steps, columns }) => new Map(steps.map((step, i) => [step, columns[name]?.[i] ?? null])))
  const at = longest.map(step => lines.flatMap(line => line.get(step) ?? []))
  const of = (reduce: (values: readonly number[]) => number) => at.map(values => (values.length === 0 ? null : reduce(values)))
  const mean = of(values => values.reduce((sum, value) => sum + value, 0) / values.length)
  return pointsOf(
    longest,
    mean,
    of(values => Math.min(...values)),
    of(values => Math.max(...values)),
  )
}
