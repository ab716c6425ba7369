/** Distances on the plane: between points, and from a point to a line of segments. */

import { math } from '../core/index.js'

export type Point = readonly [x: number, y: number]

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return math.hypot(bx - ax, by - ay)
}

/** The least distance from a point to a line of one or more segments. */
export function distanceToLine(at: Point, line: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) least = Math.min(least, toSegment(at, line[i - 1] as Point, line[i] as Point))
  return least
}

function toSegment(at: Point, from: Point, to: Point): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const squared = dx * dx + dy * dy
  const share = squared === 0 ? 0 : ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / squared
  return distance(at, between(from, to, Math.min(1, Math.max(0, share))))
}

/** The point a share of the way from one to another. */
export function between([ax, ay]: Point, [bx, by]: Point, share: number): Point {
  return [ax + share * (bx - ax), ay + share * (by - ay)]
}
