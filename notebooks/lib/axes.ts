/** The encodings of columns: their types are read off the rows. */

import type { Row } from './query.js'

/** A Vega-Lite specification without its data. */
export type Specification = Readonly<Record<string, unknown>>

export interface Axis {
  readonly title?: string | undefined
  readonly log?: boolean | undefined
  readonly format?: string | undefined
}

export function axis(rows: readonly Row[], field: string, { title, log, format }: Axis = {}): Readonly<Record<string, unknown>> {
  const type = typeOf(rows, field)
  return {
    field,
    type,
    title: title ?? field,
    ...(type === 'temporal' && { scale: { type: 'utc' }, format: '%Y-%m-%d %H:%M' }),
    ...(type === 'quantitative' && quantitative(rows, field, { log, format })),
    ...(type === 'nominal' && { sort: null, axis: names(rows, field) }),
  }
}

/** Few names stand level, many aslant. */
function names(rows: readonly Row[], field: string): object {
  return { labelAngle: new Set(rows.map(row => row[field])).size > 8 ? -30 : 0, labelLimit: 260 }
}

function quantitative(rows: readonly Row[], field: string, { log, format }: Axis): object {
  const whole = rows.every(row => row[field] === null || Number.isInteger(row[field]))
  return {
    scale: { zero: false, ...(log === true && { type: 'log' }) },
    axis: { ...(whole && { tickMinStep: 1 }), ...(format !== undefined && { format }) },
    ...(format !== undefined && { format }),
  }
}

function typeOf(rows: readonly Row[], field: string): 'temporal' | 'quantitative' | 'nominal' {
  const cell = rows.find(row => row[field] !== null && row[field] !== undefined)?.[field]
  if (cell instanceof Date) return 'temporal'
  return typeof cell === 'number' ? 'quantitative' : 'nominal'
}

/** Series in the order in which they come, each with the colour of its place. */
export function colorOf(field: string, folded = false): object {
  return { field, type: 'nominal', sort: null, ...(folded && { title: null }) }
}
