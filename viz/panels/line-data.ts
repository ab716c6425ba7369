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
  const each = (field: number) => Float64Array.from({ length: count }, (_, i) => points[width * i + field] as number)
  const [steps, least, most, last] = [each(0), each(1), each(2), each(3)]
  return { name, steps, least, most, last, isThinned: least.some((value, i) => value !== most[i]) }
}

/** Lines on one axis of steps: the union of theirs, with gaps where a line has no point. */
export function aligned(lines: readonly Line[]): {
  steps: number[]
  values(line: Line, field: 'least' | 'most' | 'last'): (number | null)[]
} {
  const first = lines[0]?.steps ?? new Float64Array(0)
  const isShared = lines.every(({ steps }) => steps.length === first.length && steps.every((step, i) => step === first[i]))
  const steps = isShared ? [...first] : [...new Set(lines.flatMap(line => [...line.steps]))].sort((a, b) => a - b)
  return {
    steps,
    values: (line, field) => {
      const values = line[field]
      if (isShared) return Array.from(values, finite)
      const at = new Map(Array.from(line.steps, (step, i) => [step, values[i] as number]))
      return steps.map(step => finite(at.get(step) ?? Number.NaN))
    },
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
