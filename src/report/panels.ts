/** The panels of a report: what the viewer's own panels are declared with, and what each shows, as plain data. */

import type { Cell, Row } from '../core/index.js'
import { type PanelDescription, type Parts, question } from '../view/index.js'
import type { Lines, Numbers } from './data.js'

export interface ReportPanel {
  readonly description: PanelDescription
  /** What is shown of each choice; of a panel without choices, of the empty one. */
  readonly shown: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A part of a report: the panels that stand under one heading. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly lead: string
  readonly panels: readonly ReportPanel[]
}

export type Options = Partial<Omit<PanelDescription, 'title' | 'kind' | 'tab'>>

export interface TableLine {
  readonly cells: Row
  readonly detail?: readonly string[]
}

export function panel(
  title: string,
  kind: PanelDescription['kind'],
  fields: Readonly<Record<string, unknown>>,
  options: Options = {},
): ReportPanel {
  return { description: { title, kind, about: '', ...options }, shown: { '': fields } }
}

export function table(title: string, rows: readonly (TableLine | Row)[], options: Options = {}): ReportPanel {
  const value = rows.map(row => (isLine(row) ? row : { cells: row }))
  return panel(title, 'table', { value }, options)
}

function isLine(row: TableLine | Row): row is TableLine {
  return typeof row.cells === 'object' && row.cells !== null
}

/** A table of many rows, by column; `details`: the lines that open below a row. */
export function columnTable(
  title: string,
  cells: Readonly<Record<string, readonly Cell[]>>,
  options: Options = {},
  details: readonly (readonly string[] | null)[] = [],
): ReportPanel {
  return panel(title, 'table', { cells, details }, { columns: Object.keys(cells), ...options })
}

/** Sentences, and figures with their names. */
export function text(title: string, lines: readonly string[], figures: Row = {}, options: Options = {}): ReportPanel {
  return panel(title, 'text', { lines, figures }, options)
}

/** Lines over one axis: steps, or with `isTime` ms. */
export function linesPanel(
  title: string,
  { x, lines }: Lines,
  options: Options = {},
  marks: Readonly<Record<string, unknown>> = {},
): ReportPanel {
  const points = Object.entries(lines).map(([name, values]) => [name, pointsOf(x, values)] as const)
  return panel(
    title,
    'lines',
    { ...Object.fromEntries(points.map(([name, of]) => [`${name}/block/0`, of])), ...marks },
    {
      series: Object.keys(lines),
      ...options,
    },
  )
}

/** Of each point the axis, the least, the most and the last value, as the viewer's lines have them. */
export function pointsOf(x: readonly number[], last: Numbers, least: Numbers = last, most: Numbers = last): Float64Array {
  const number = (value: number | null | undefined) => value ?? Number.NaN
  return Float64Array.from(x.flatMap((at, i) => [at, number(least[i]), number(most[i]), number(last[i])]))
}

/** Writes the panels as a run that is watched writes its own. */
export function writePanels(sections: readonly Section[], parts: Parts): void {
  for (const { panels } of sections)
    for (const { description, shown } of panels)
      for (const [choice, fields] of Object.entries(shown))
        for (const [field, value] of Object.entries(fields)) {
          const name = `${question('panel', description.title, choice)}/${field.split('/').map(encodeURIComponent).join('/')}`
          if (value instanceof Float64Array || value instanceof Float32Array) parts.setArray(name, value)
          else parts.setJson(name, value)
        }
}
