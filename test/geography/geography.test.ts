import { Agent, defineScenario, Model, Network, Plane, resume, simulate, z } from 'mycelia'
import { Geography, type Route } from 'mycelia/spaces'
import { describe, expect, it } from 'vitest'
import { stream } from '../space/things.js'

const feature = (type: string, coordinates: unknown, properties: object = {}) => ({
  type: 'Feature',
  geometry: { type, coordinates },
  properties,
})
const box = (w: number, s: number, e: number, n: number) => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
]

/** A town of 100 × 80: a park with a pond in it, a harbour, a street with a branch, and a bridge over the street. */
const town = {
  type: 'FeatureCollection',
  features: [
    feature('Polygon', [box(0, 0, 40, 40), box(10, 10, 20, 20)], { name: 'park', trees: 9, list: [1] }),
    feature('MultiPolygon', [[box(60, 0, 100, 20)], [box(90, 60, 100, 80)]], { name: 'harbour' }),
    feature(
      'LineString',
      [
        [0, 50],
        [30, 50],
        [60, 50],
        [60, 80],
      ],
      { name: 'street', lanes: 2 },
    ),
    feature(
      'MultiLineString',
      [
        [
          [30, 50],
          [30, 80],
        ],
        [
          [30, 80],
          [60, 80],
        ],
      ],
      { name: 'lane' },
    ),
    feature(
      'LineString',
      [
        [45, 40],
        [45, 60],
      ],
      { name: 'bridge' },
    ),
    feature('Point', [5, 75], { name: 'well' }),
  ],
}
const map = new Geography(JSON.stringify(town), { coordinates: 'plane' })
const [park, harbour] = map.areas as [(typeof map.areas)[0], (typeof map.areas)[0]]
const at = (x: number, y: number) => map.toPlane(x, y)

describe('areas, lines and points of a map', () => {
  it('lie on a plane that begins in the north-west', () => {
    expect([map.width, map.height, at(0, 80), at(100, 0), map.toMap(...at(33, 44))]).toEqual([
      100,
      80,
      [0, 0],
      [100, 80],
      [33, 44],
    ])
    expect(map.areas.map(({ properties }) => properties.name)).toEqual(['park', 'harbour', 'harbour'])
    expect(park.properties).toEqual({ name: 'park', trees: 9 })
    expect(map.points).toEqual([{ x: 5, y: 5, properties: { name: 'well' } }])
  })

  it.each([
    [5, 5, 'park'],
    [40, 20, 'park'],
    [0, 0, 'park'],
    [15, 15, undefined],
    [10, 15, 'park'],
    [50, 10, undefined],
    [70, 19, 'harbour'],
    [95, 70, 'harbour'],
  ])('(%d,%d) lies in %s', (x, y, name) => {
    expect(map.areaAt(...at(x, y))?.properties.name).toBe(name)
  })

  it('are as far from a point as on paper', () => {
    expect(map.distanceTo(park, ...at(15, 15))).toBe(5)
    expect(map.distanceTo(harbour, ...at(57, 24))).toBe(5)
    const street = map.lines[0] as (typeof map.lines)[0]
    expect([map.distanceTo(street, ...at(20, 57)), map.distanceTo(street, ...at(63, 84))]).toEqual([7, 5])
  })

  it('give random points that are uniform over an area and miss its holes', () => {
    const rng = stream(4)
    let west = 0
    for (let i = 0; i < 4000; i++) {
      const [x, y] = map.randomPointIn(park, rng)
      expect(map.contains(park, x, y)).toBe(true)
      west += Number(x < 20)
    }
    // The western half of the park is smaller by the pond: 700 of 1,500.
    expect(Math.abs(west - (4000 * 700) / 1500)).toBeLessThan(4 * Math.sqrt(4000 * (7 / 15) * (8 / 15)))
  })
})

describe('roads', () => {
  const roads = new Network(map.roads())
  const node = (x: number, y: number) => map.nearestNode(roads, ...at(x, y))

  it('are a network whose edges have lengths; lines that cross without a common point do not meet', () => {
    expect([roads.nodeCount, roads.edgeCount]).toEqual([7, 6])
    expect(roads.edgeAttributes(node(60, 50), node(60, 80))).toEqual({ name: 'street', lanes: 2, length: 30 })
    expect(map.route(roads, node(0, 50), node(45, 60))).toBe(undefined)
    expect(new Network(map.roads({ where: ({ properties }) => properties.name === 'lane' })).edgeCount).toBe(2)
  })

  it('are travelled along the shortest way', () => {
    const route = map.route(roads, node(0, 50), node(60, 80)) as Route
    expect(route.length).toBe(90)
    expect(map.along(route, 15)).toEqual(at(15, 50))
    expect(map.along(route, -1)).toEqual(at(0, 50))
    expect(map.along(route, 1e9)).toEqual(at(60, 80))
    expect(map.along(route, 75)).toEqual(route.nodes.includes(node(30, 80)) ? at(45, 80) : at(60, 65))
  })

  it('have ways one has to go round in one direction', () => {
    const oneWay = new Network(map.roads({ directed: true }))
    expect(map.route(oneWay, node(60, 80), node(0, 50))).toBe(undefined)
    expect(map.route(oneWay, node(0, 50), node(60, 80))?.length).toBe(90)
  })
})

describe('longitudes and latitudes', () => {
  it('become metres: Berlin and Potsdam are 27 km apart', () => {
    const cities = new Geography({
      type: 'MultiPoint',
      coordinates: [
        [13.405, 52.52],
        [13.0645, 52.3906],
      ],
    })
    const [berlin, potsdam] = cities.pointsFrom('name,lon,lat\nBerlin,13.4050,52.5200\nPotsdam,13.0645,52.3906\n')
    const [dx, dy] = [Number(berlin?.x) - Number(potsdam?.x), Number(berlin?.y) - Number(potsdam?.y)]
    // On the sphere of radius 6,371.0088 km by the haversine formula: 27.2034 km.
    expect(Math.hypot(dx, dy)).toBeGreaterThan(27_203.4 * 0.999)
    expect(Math.hypot(dx, dy)).toBeLessThan(27_203.4 * 1.001)
    expect(berlin?.properties).toEqual({ name: 'Berlin' })
    expect(cities.toMap(...cities.toPlane(13.2, 52.45)).map(d => d.toFixed(9))).toEqual(['13.200000000', '52.450000000'])
  })
})

describe('what is no map', () => {
  it.each([
    ['nonsense', {}, 'expected GeoJSON'],
    [{ type: 'Topology' }, {}, 'expected GeoJSON: a FeatureCollection'],
    [
      {
        type: 'LineString',
        coordinates: [
          [500_000, 1],
          [500_100, 90],
        ],
      },
      {},
      "give { coordinates: 'plane' }",
    ],
    [{ type: 'Point', coordinates: [1, 2] }, {}, 'spread over some width and height'],
    [
      {
        type: 'LineString',
        coordinates: [
          [0, 1],
          [1, Number.NaN],
        ],
      },
      {},
      'A position of a map',
    ],
    [{ type: 'Curve', coordinates: [] }, {}, 'A map'],
  ])('%j is refused', (given, options, message) => {
    expect(() => new Geography(given, options)).toThrow(message)
  })

  it('is a table without the columns, or without numbers in them', () => {
    expect(() => map.pointsFrom('x,y\n1,2\n')).toThrow('expected a column "lon"')
    expect(() => map.pointsFrom('lon,lat\n1,\n')).toThrow('Column "lat" in line 2 of a table of points: expected a number')
    expect(map.pointsFrom('x,y\n1,80\n', { x: 'x', y: 'y' })[0]).toEqual({ x: 1, y: 0, properties: {} })
  })
})

class Walker extends Agent<Town> {
  route: Route | undefined = undefined
  travelled = 0
  override step(): void {
    const { map, roads, plane } = this.model
    if (this.route === undefined || this.travelled >= this.route.length) {
      const here = this.route?.nodes.at(-1) ?? roads.randomNode(this.rng)
      this.route = map.route(roads, here, roads.randomNode(this.rng)) ?? this.route
      this.travelled = 0
    }
    this.travelled += 7
    if (this.route !== undefined) plane.move(this, ...map.along(this.route, this.travelled))
  }
}

class Town extends Model {
  map = new Geography(town, { coordinates: 'plane' })
  plane = new Plane<Walker>({ ...this.map.extent(), rng: this.rng })
  roads = new Network(this.map.roads())
  walkers = this.agentsOf(Walker)
  override setup(): void {
    for (const walker of this.spawn(5, Walker)) this.plane.placeRandomly(walker)
  }
  override step(): void {
    this.walkers.do(w => w.step())
  }
}

it('a model on a map goes on after a save exactly as without one, and the map with it', () => {
  const scenario = defineScenario({ title: 'Town', model: Town, params: z.object({}), agents: { Walker } })
  const whole = simulate(scenario, { seed: 1 })
  whole.run({ steps: 20 })
  const first = simulate(scenario, { seed: 1 })
  first.run({ steps: 7 })
  const rest = resume(scenario, first.save())
  rest.run({ steps: 13 })
  expect(rest.digest).toBe(whole.digest)
  expect(rest.model.map.areaAt(...rest.model.map.toPlane(5, 5))?.properties.name).toBe('park')
  const { map, roads, walkers, plane } = rest.model
  for (const w of walkers) {
    const away = Math.min(...map.lines.map(line => map.distanceTo(line, plane.xOf(w), plane.yOf(w))))
    if (w.route !== undefined && w.route.length > 0) expect(away).toBeLessThan(1e-9)
  }
  expect(roads.nodeAttributes(0)).toEqual({ x: 0, y: 30 })
})
