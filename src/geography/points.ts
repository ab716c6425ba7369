/** Points of a table: a line each, with columns for where it is and what it is like. */

import papaparse from 'papaparse'
import { OperatorError } from '../core/index.js'

/** Which columns say where a point is. */
export interface PointsOptions {
  /** The column of longitudes, or of x; default `lon`. */
  x?: string
  /** The column of latitudes, or of y; default `lat`. */
  y?: string
}

/** A point as the table has it, and its other columns. */
export interface TablePoint {
  readonly at: readonly [x: number, y: number]
  readonly properties: Readonly<Record<string, string>>
}

export function pointsOfTable(csv: string, { x = 'lon', y = 'lat' }: PointsOptions): TablePoint[] {
  const { data, meta } = papaparse.parse<Record<string, string>>(csv.trimEnd(), { header: true, skipEmptyLines: true })
  const columns = meta.fields ?? []
  const missing = [x, y].find(column => !columns.includes(column))
  if (missing !== undefined)
    throw new OperatorError({
      what: 'The first line of a table of points',
      expected: `a column "${missing}"`,
      got: columns.join(','),
      next: "Name the columns: { x: 'longitude', y: 'latitude' }.",
    })
  return data.map(({ [x]: atX, [y]: atY, ...properties }, i) => ({ at: [numberOf(atX, x, i), numberOf(atY, y, i)], properties }))
}

function numberOf(text: string | undefined, column: string, row: number): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw new OperatorError({
    what: `Column "${column}" in line ${row + 2} of a table of points`,
    expected: 'a number',
    got: text ?? '',
  })
}
