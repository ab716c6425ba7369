/** Down-samples lines without losing peaks: the least and the greatest value of every bucket of rows, in their order. */

import type { Numbers } from './data.js'

/** Places of the points kept: two a bucket, and the first and the last row. */
export interface Buckets {
  readonly rows: number
  /** Row at which each bucket begins, and the end. */
  readonly edges: number[]
  /** Row each kept point stands at. */
  readonly places: number[]
}

/** Cuts `rows` rows so that at most `points` points are kept; all of them where they are not more. */
export function bucketsOf(rows: number, points: number): Buckets {
  if (rows <= points) return { rows, edges: [], places: Array.from({ length: rows }, (_, i) => i) }
  const n = Math.floor((points - 2) / 2)
  const edges = Array.from({ length: n + 1 }, (_, i) => Math.round((i * rows) / n))
  const places = [0]
  for (let i = 0; i < n; i++) {
    const [from, to] = [edges[i] as number, edges[i + 1] as number]
    places.push(from, (from + to) >> 1)
  }
  places.push(rows - 1)
  return { rows, edges, places: places }
}

/** A line over the points kept, to `digits` significant digits; null where a bucket has no number. */
export function sample(values: ArrayLike<number>, { rows, edges }: Buckets, digits = 6): Numbers {
  const round = (x: number | undefined) => (x === undefined || !Number.isFinite(x) ? null : Number(x.toPrecision(digits)))
  if (edges.length === 0) return Array.from({ length: rows }, (_, i) => round(values[i]))
  const kept: Numbers = [round(values[0])]
  for (let i = 0; i + 1 < edges.length; i++) {
    const [first, second] = extremes(values, edges[i] as number, edges[i + 1] as number)
    kept.push(round(first), round(second))
  }
  kept.push(round(values[rows - 1]))
  return kept
}

/** Where the line stands at the points kept: for counts, which have no peaks to lose. */
export function sampleAt(values: ArrayLike<number>, { places }: Buckets): Numbers {
  return places.map(at => (Number.isFinite(values[at]) ? (values[at] as number) : null))
}

function extremes(values: ArrayLike<number>, from: number, to: number): [number | undefined, number | undefined] {
  let least: number | undefined
  let greatest: number | undefined
  for (let i = from; i < to; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) continue
    if (least === undefined || value < (values[least] as number)) least = i
    if (greatest === undefined || value > (values[greatest] as number)) greatest = i
  }
  if (least === undefined || greatest === undefined) return [undefined, undefined]
  const [first, second] = least < greatest ? [least, greatest] : [greatest, least]
  return [values[first], values[second]]
}
