/** One line over the steps, in bounded room: where it is full, two points become one that keeps the least, the most and the last. */

import { viewLimits } from './limits.js'
import type { Parts } from './parts.js'

/** Numbers of a point: the step, the least and the most value since the point before, and the last. */
const width = 4
/** Points of a tail's part and of a block's, so that a delta sends little and a snapshot has few parts. */
const tailPoints = 16
const blockPoints = 256

export class Series {
  private readonly points = new Float64Array(width * viewLimits.seriesPoints)
  private count = 0
  /** Values a point. */
  private stride = 1
  /** Values in the point that is being filled. */
  private filled = 0
  /** The first point whose bytes may have changed since the last `write`. */
  private changedFrom = 0

  /** A line of its own with what this one has up to a step. A point that reaches beyond it is left out. */
  until(step: number): Series {
    const series = new Series()
    let count = this.count
    while (count > 0 && (this.points[width * (count - 1)] as number) > step) count--
    series.points.set(this.slice(0, count))
    series.count = count
    series.stride = this.stride
    series.filled = count === this.count ? this.filled : 0
    return series
  }

  push(step: number, value: number): void {
    if (this.filled === 0) this.begin(step, value)
    else this.widen(step, value)
    this.filled = (this.filled + 1) % this.stride
  }

  /** Writes `<name>/block/<k>` and `<name>/tail/<k>`: points of four doubles. */
  write(name: string, parts: Parts): void {
    const blocks = Math.floor(this.count / blockPoints)
    for (let k = Math.floor(this.changedFrom / blockPoints); k < blocks; k++)
      parts.setArray(`${name}/block/${k}`, this.slice(k * blockPoints, (k + 1) * blockPoints))
    const start = blocks * blockPoints
    for (let k = 0; k < blockPoints / tailPoints; k++) {
      const from = start + k * tailPoints
      parts.setArray(`${name}/tail/${k}`, this.slice(Math.min(from, this.count), Math.min(from + tailPoints, this.count)))
    }
    for (let k = blocks; parts.has(`${name}/block/${k}`); k++) parts.setArray(`${name}/block/${k}`, this.slice(0, 0))
    this.changedFrom = Math.max(0, this.count - 1)
  }

  /** Every part is written again, for parts that are new. */
  rewrite(): void {
    this.changedFrom = 0
  }

  private begin(step: number, value: number): void {
    if (this.count === viewLimits.seriesPoints) this.halve()
    this.points.set([step, value, value, value], width * this.count++)
  }

  /** A value that is not finite leaves the bounds as they are, and a point of none has none. */
  private widen(step: number, value: number): void {
    const at = width * (this.count - 1)
    const { points } = this
    points[at] = step
    points[at + 1] = least(points[at + 1] as number, value)
    points[at + 2] = most(points[at + 2] as number, value)
    points[at + 3] = value
    this.changedFrom = Math.min(this.changedFrom, this.count - 1)
  }

  private halve(): void {
    const { points } = this
    for (let to = 0; to < this.count / 2; to++) {
      const a = width * 2 * to
      const b = a + width
      points.set(
        [
          points[b] as number,
          least(points[a + 1] as number, points[b + 1] as number),
          most(points[a + 2] as number, points[b + 2] as number),
          points[b + 3] as number,
        ],
        width * to,
      )
    }
    this.count /= 2
    this.stride *= 2
    this.changedFrom = 0
  }

  private slice(from: number, to: number): Float64Array {
    return this.points.subarray(width * from, width * to)
  }
}

/** The points of a series as its parts hold them, oldest first: four doubles each. */
export function seriesPoints(name: string, parts: Parts): Float64Array {
  const pieces: Float64Array[] = []
  for (const piece of ['block', 'tail'])
    for (let k = 0; ; k++) {
      const array = parts.array(`${name}/${piece}/${k}`)
      if (array === undefined) break
      pieces.push(array as Float64Array)
    }
  const all = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function least(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a
}

function most(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a
}
