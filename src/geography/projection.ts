/** From longitude and latitude to metres on a plane, and back. */

import { math } from '../core/index.js'

/** Metres in a degree of latitude, on a sphere with the Earth's mean radius of 6,371,008.8 m (IUGG). */
const METRES_A_DEGREE = (6_371_008.8 * Math.PI) / 180

/** Where a map begins and what a unit of its coordinates is: plain data, part of a checkpoint. x runs east, y south, as screens do. */
export interface Projection {
  /** The map's coordinates at the north-western corner. */
  readonly west: number
  readonly north: number
  /** Units of the plane in one unit of the map's coordinates. */
  readonly scaleX: number
  readonly scaleY: number
}

/** The smallest box around a map's coordinates. */
export interface Box {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

/**
 * `degrees`: the equirectangular projection about the box's middle latitude, which keeps distances within 0.1 % over a city and 1 % over
 * 200 km; `plane`: coordinates that are projected already (UTM, a national grid).
 */
export function projectionOf({ west, north, south }: Box, coordinates: 'degrees' | 'plane'): Projection {
  if (coordinates === 'plane') return { west, north, scaleX: 1, scaleY: 1 }
  const middle = (((north + south) / 2) * Math.PI) / 180
  return { west, north, scaleX: METRES_A_DEGREE * math.cos(middle), scaleY: METRES_A_DEGREE }
}

/** A point of the map on the plane. */
export function projected({ west, north, scaleX, scaleY }: Projection, x: number, y: number): [x: number, y: number] {
  return [(x - west) * scaleX, (north - y) * scaleY]
}

/** A point of the plane on the map. */
export function unprojected({ west, north, scaleX, scaleY }: Projection, x: number, y: number): [x: number, y: number] {
  return [west + x / scaleX, north - y / scaleY]
}
