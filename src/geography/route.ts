/** A way along roads, as plain data that an agent keeps while it travels. */

import type { NodeNumber } from '../space/index.js'
import { between, distance, type PlanePoint } from './segments.js'

/** From a node of a road network to another. */
export interface Route {
  /** Where it bends, the beginning and the end among them. */
  readonly points: readonly PlanePoint[]
  readonly nodes: readonly NodeNumber[]
  /** In units of the plane. */
  readonly length: number
}

/** Where one is who has travelled so far: the beginning before it, the end beyond it. */
export function pointOnRoute({ points }: Route, travelled: number): PlanePoint {
  let rest = Math.max(0, travelled)
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1] as PlanePoint, points[i] as PlanePoint]
    const length = distance(from, to)
    if (rest < length) return between(from, to, rest / length)
    rest -= length
  }
  return points.at(-1) as PlanePoint
}
