/** Lines over the steps as charts take them, read from the points of series. */

import { type Parts, seriesPoints } from '../../src/view/index.js'

export interface Line {
  readonly name: string
  readonly steps: Float64Array
  readonly least: Float64Array
  readonly most: Float64Array
  readonly last: Float64Array
  /** Whether a point stands for more than one value, so that its least and most say something. */
  readonly isThinned: boolean
}

/** Numbers of one point: step, least, most, last. */
const width = 4

export function lineOf(name: string, part: string, parts: Parts): Line {
  const points = seriesPoints(part, parts)
  const count = points.length / width
  const line = {
    name,
    steps: new Float64Array(count),
    least: new Float64Array(count),
    most: new Float64Array(count),
    last: new Float64Array(count),
    isThinned: false,
  }
  for (let i = 0, at = 0; i < count; i++, at += width) {
    line.steps[i] = points[at] as number
    line.least[i] = points[at + 1] as number
    line.most[i] = points[at + 2] as number
    line.last[i] = points[at + 3] as number
    if (line.least[i] !== line.most[i]) line.isThinned = true
  }
  return line
}

/** Values on an axis of steps; null, or NaN, where a line has none. */
export type Values = Float64Array | readonly (number | null)[]

/** Lines on one axis of steps: the union of theirs, with gaps where a line has no point. */
export function aligned(lines: readonly Line[]): {
  steps: Float64Array
  values(line: Line, field: 'least' | 'most' | 'last'): Values
} {
  const first = lines[0]?.steps ?? new Float64Array(0)
  const isShared = lines.every(({ steps }) => isSame(steps, first))
  const steps = isShared ? first : Float64Array.from(new Set(lines.flatMap(line => [...line.steps]))).sort()
  return {
    steps,
    values: (line, field) => {
      if (isShared) return withGaps(line[field])
      const at = new Map(Array.from(line.steps, (step, i) => [step, line[field][i] as number]))
      return Array.from(steps, step => finite(at.get(step) ?? Number.NaN))
    },
  }
}

/** The numbers themselves where all are: a chart draws them without a copy. */
function withGaps(values: Float64Array): Values {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return Array.from(values, finite)
  return values
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
