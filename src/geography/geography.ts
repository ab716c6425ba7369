/** A map on a plane: areas, lines and points of GeoJSON in projected coordinates, and roads as a network. */

import pointInPolygon from 'point-in-polygon-hao'
import { OperatorError, type Rng, registerSaveable, type Saveable } from '../core/index.js'
import type { Attributes, Edge, Graph, Network, NodeNumber, Placeable } from '../space/index.js'
import { type MapParts, type MapProperties, partsOf } from './geojson.js'
import { type PointsOptions, pointsOfTable } from './points.js'
import { type Box, type Projection, projected, projectionOf, unprojected } from './projection.js'
import { pointOnRoute, type Route } from './route.js'
import { distance, distanceToLine, type PlanePoint } from './segments.js'

/** How a map is read. */
export interface GeographyOptions {
  /** `degrees` (default): longitude and latitude, which become metres; `plane`: projected already, in the unit it has. */
  coordinates?: 'degrees' | 'plane'
}

/** A polygon of the map: its outer ring, then its holes. */
export interface Area {
  readonly rings: readonly (readonly PlanePoint[])[]
  readonly properties: MapProperties
}

/** A line of the map. */
export interface RoadLine {
  readonly points: readonly PlanePoint[]
  readonly properties: MapProperties
}

/** A point of the map, or of a table. */
export interface MapPoint {
  readonly x: number
  readonly y: number
  readonly properties: MapProperties
}

/** Draws of a place in an area before it is given up: an area that fills a millionth of its box is found once in a million draws. */
const draws = 1_000_000

interface State {
  projection: Projection
  width: number
  height: number
  areas: Area[]
  lines: RoadLine[]
  points: MapPoint[]
}

/**
 * Coordinates run from 0 to `width` and `height`, x east and y south, so that `new Plane(map.extent())` holds every point of the map.
 * A map is part of a checkpoint.
 */
export class Geography implements Saveable {
  static readonly savedAs = 'Geography'
  readonly width: number
  readonly height: number
  readonly areas: readonly Area[]
  readonly lines: readonly RoadLine[]
  readonly points: readonly MapPoint[]
  private readonly projection: Projection

  /** Reads GeoJSON, as text or parsed. */
  constructor(geojson: unknown, { coordinates = 'degrees' }: GeographyOptions = {}) {
    const parts = partsOf(geojson)
    const box = boxOf(parts)
    if (coordinates === 'degrees') assertDegrees(box)
    this.projection = projectionOf(box, coordinates)
    const at = ([x = Number.NaN, y = Number.NaN]: readonly number[]): PlanePoint => projected(this.projection, x, y)
    ;[this.width, this.height] = projected(this.projection, box.east, box.south)
    this.areas = parts.polygons.map(({ at: rings, properties }) => ({ rings: rings.map(ring => ring.map(at)), properties }))
    this.lines = parts.lines.map(({ at: line, properties }) => ({ points: line.map(at), properties }))
    this.points = parts.points.map(({ at: point, properties }) => mapPoint(at(point), properties))
  }

  /** What a plane over the whole map is made with. */
  extent(): { width: number; height: number } {
    return { width: this.width, height: this.height }
  }

  /** Where a longitude and latitude (or a point that is projected already) lies on the plane. */
  toPlane(x: number, y: number): PlanePoint {
    return projected(this.projection, x, y)
  }

  /** The longitude and latitude of a point of the plane. */
  toMap(x: number, y: number): PlanePoint {
    return unprojected(this.projection, x, y)
  }

  /** Points of a table with a head line, in the map's coordinates: `lon,lat,name`. */
  pointsFrom(csv: string, options: PointsOptions = {}): MapPoint[] {
    return pointsOfTable(csv, options).map(({ at, properties }) => mapPoint(this.toPlane(...at), properties))
  }

  /** Whether a point lies in an area, its border included, its holes not. */
  contains(area: Area, x: number, y: number): boolean {
    return pointInPolygon([x, y], area.rings as unknown as number[][][]) !== false
  }

  /** The first area in which a point lies. */
  areaAt(x: number, y: number): Area | undefined {
    return this.areas.find(area => this.contains(area, x, y))
  }

  /** A uniformly chosen point of an area. */
  randomPointIn(area: Area, rng: Rng): PlanePoint {
    const { west, east, south, north } = around(area.rings[0] ?? [])
    for (let i = 0; i < draws; i++) {
      const [x, y] = [rng.between(west, east), rng.between(south, north)]
      if (this.contains(area, x, y)) return [x, y]
    }
    throw new OperatorError({ what: 'A random point of an area', expected: 'an area with an inside', got: area.properties })
  }

  /** The distance from a point to a line of the map, or to the border of an area. */
  distanceTo(part: RoadLine | Area, x: number, y: number): number {
    const lines = 'rings' in part ? part.rings : [part.points]
    return Math.min(...lines.map(line => distanceToLine([x, y], line)))
  }

  /**
   * The lines as the graph of a network: a node where lines begin, bend, cross at a common point, or end, with its `x` and `y`; edges
   * with their `length` and the properties of their line. Lines that cross without a common point do not meet: a bridge.
   */
  roads({ directed = false, where = () => true }: { directed?: boolean; where?: (line: RoadLine) => boolean } = {}): Graph {
    const numbers = new Map<string, number>()
    const nodeAttributes: Attributes[] = []
    const edges: Edge[] = []
    const nodeAt = ([x, y]: PlanePoint) => {
      const key = `${x} ${y}`
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, numbers.size)
      nodeAttributes.push({ x, y })
      return numbers.size - 1
    }
    for (const { points, properties } of this.lines.filter(where)) {
      for (let i = 1; i < points.length; i++) {
        const [from, to] = [points[i - 1] as PlanePoint, points[i] as PlanePoint]
        if (nodeAt(from) !== nodeAt(to)) edges.push([nodeAt(from), nodeAt(to), { ...properties, length: distance(from, to) }])
      }
    }
    return { nodes: numbers.size, edges, directed, nodeAttributes }
  }

  /** The node of a road network that is nearest to a point; throws of a network without nodes. */
  nearestNode(roads: Network<Placeable, Placeable>, x: number, y: number): NodeNumber {
    let nearest: NodeNumber | undefined
    let least = Number.POSITIVE_INFINITY
    for (const node of roads.allNodes()) {
      const away = distance([x, y], placeOf(roads, node))
      if (away >= least) continue
      least = away
      nearest = node
    }
    if (nearest !== undefined) return nearest
    throw new OperatorError({ what: 'The nearest node of a road network', expected: 'a network with nodes', got: 'none' })
  }

  /** The shortest way along the roads from a node to another, by `length`; undefined where there is none. */
  route(roads: Network<Placeable, Placeable>, from: NodeNumber, to: NodeNumber): Route | undefined {
    const goal = placeOf(roads, to)
    // A little less than the straight line, which rounding may make longer than the road.
    const path = roads.path(from, to, { weight: 'length', atLeast: node => distance(placeOf(roads, node), goal) * (1 - 1e-12) })
    if (path === undefined) return undefined
    const nodes = [from, ...path.steps]
    return { points: nodes.map(node => placeOf(roads, node)), nodes, length: path.cost }
  }

  /** Where one is on a route who has travelled so far: `plane.move(this, ...map.along(this.route, this.travelled))`. */
  along(route: Route, travelled: number): PlanePoint {
    return pointOnRoute(route, travelled)
  }

  saveState(): unknown {
    const { projection, width, height, areas, lines, points } = this
    return { projection, width, height, areas, lines, points }
  }

  loadState(state: unknown): void {
    Object.assign(this, state as State)
  }
}

function mapPoint([x, y]: PlanePoint, properties: MapProperties): MapPoint {
  return { x, y, properties }
}

/** Where a node of a road network lies. */
function placeOf(roads: Network<Placeable, Placeable>, node: NodeNumber): PlanePoint {
  const { x, y } = roads.nodeAttributes(node)
  if (typeof x === 'number' && typeof y === 'number') return [x, y]
  throw new OperatorError({
    what: `Node ${node} of a road network`,
    expected: 'attributes x and y, which say where it lies',
    got: roads.nodeAttributes(node),
    next: 'Make the network of the roads of the map: new Network(map.roads()).',
  })
}

function boxOf({ polygons, lines, points }: MapParts): Box {
  const all = [...polygons.flatMap(({ at }) => at.flat()), ...lines.flatMap(({ at }) => at), ...points.map(({ at }) => at)]
  const wrong = all.find(([x, y]) => !(Number.isFinite(x) && Number.isFinite(y)))
  if (wrong !== undefined) throw new OperatorError({ what: 'A position of a map', expected: 'two finite numbers', got: wrong })
  const box = around(all as unknown as PlanePoint[])
  if (box.east > box.west && box.north > box.south) return box
  throw new OperatorError({
    what: 'A map',
    expected: 'features that spread over some width and height',
    got: `${all.length} positions`,
  })
}

/** The box around points. */
function around(points: readonly PlanePoint[]): Box {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of points) {
    west = Math.min(west, x)
    east = Math.max(east, x)
    south = Math.min(south, y)
    north = Math.max(north, y)
  }
  return { west, east, south, north }
}

function assertDegrees({ west, east, south, north }: Box): void {
  if (west >= -180 && east <= 180 && south >= -90 && north <= 90) return
  throw new OperatorError({
    what: 'The positions of a map',
    expected: 'longitudes from -180 to 180 and latitudes from -90 to 90',
    got: `${west} to ${east}, ${south} to ${north}`,
    next: "For coordinates that are projected already give { coordinates: 'plane' }.",
  })
}

registerSaveable(Geography)
