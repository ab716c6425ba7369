/** Distances on the plane: between points, and from a point to a line of segments. */

import { math } from '../core/index.js'

export type PlanePoint = readonly [x: number, y: number]

export function distance([ax, ay]: PlanePoint, [bx, by]: PlanePoint): number {
  return math.hypot(bx - ax, by - ay)
}

/** The least distance from a point to a line of one or more segments. */
export function distanceToLine(at: PlanePoint, line: readonly PlanePoint[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) least = Math.min(least, toSegment(at, line[i - 1] as PlanePoint, line[i] as PlanePoint))
  return least
}

function toSegment(at: PlanePoint, from: PlanePoint, to: PlanePoint): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const squared = dx * dx + dy * dy
  const share = squared === 0 ? 0 : ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / squared
  return distance(at, between(from, to, Math.min(1, Math.max(0, share))))
}

/** The point a share of the way from one to another. */
export function between([ax, ay]: PlanePoint, [bx, by]: PlanePoint, share: number): PlanePoint {
  return [ax + share * (bx - ax), ay + share * (by - ay)]
}
