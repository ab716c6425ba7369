import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { Plane } from '../../src/space/index.js'
import { idsOf, restored, sameBytes, sorted, stream, Thing, things } from './things.js'

const specs = fc.record({
  width: fc.constantFrom(1, 7.3, 100),
  height: fc.constantFrom(1, 12, 64.5),
  x: fc.boolean(),
  y: fc.boolean(),
  cellSize: fc.constantFrom(0.4, 3, 10, 500),
})
type Spec = typeof specs extends fc.Arbitrary<infer T> ? T : never
const unit = fc.double({ min: 0, max: 1, noNaN: true })

function planeOf({ width, height, x, y, cellSize }: Spec): Plane<Thing> {
  return new Plane<Thing>({ width, height, torus: { x, y }, cellSize, rng: stream() })
}

/** Squared distance by trying every image. */
function squared(spec: Spec, plane: Plane<Thing>, a: Thing, b: Thing): number {
  const gap = (d: number, size: number, wraps: boolean) => (wraps ? Math.min(...[d, d - size, d + size].map(Math.abs)) : d)
  const dx = gap(plane.xOf(b) - plane.xOf(a), spec.width, spec.x)
  const dy = gap(plane.yOf(b) - plane.yOf(a), spec.height, spec.y)
  return dx * dx + dy * dy
}

describe('a plane', () => {
  const moves = fc.array(fc.record({ who: fc.nat(29), x: unit, y: unit, remove: fc.boolean() }), { maxLength: 60 })

  it('finds within a radius, and nearest, exactly what a look at every agent does, after any moves', () => {
    fc.assert(
      fc.property(specs, moves, unit, fc.nat(40), (spec, steps, reach, k) => {
        const plane = planeOf(spec)
        const all = things(30)
        for (const t of all) plane.placeRandomly(t)
        for (const { who, x, y, remove } of steps) {
          const thing = all[who] as Thing
          if (remove && thing._home) plane.remove(thing)
          else if (thing._home) plane.move(thing, x * spec.width, y * spec.height)
          else plane.place(thing, x * spec.width, y * spec.height)
        }
        const here = all.filter(t => t._home === plane)
        expect(plane.count).toBe(here.length)
        const radius = reach * reach * 1.5 * Math.max(spec.width, spec.height)
        for (const t of here) {
          const others = here.filter(o => o !== t)
          const near = others.filter(o => squared(spec, plane, t, o) <= radius * radius)
          expect(sorted(idsOf(plane.neighbors(t, radius)))).toEqual(idsOf(near))
          const byDistance = [...others].sort((a, b) => squared(spec, plane, t, a) - squared(spec, plane, t, b) || a.id - b.id)
          expect(idsOf(plane.nearest(t, k))).toEqual(idsOf(byDistance.slice(0, k)))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('counts the radius itself in, at a cell edge too', () => {
    const plane = new Plane<Thing>({ width: 10, height: 10, torus: true, cellSize: 1 })
    const [a, b, c] = things(3) as [Thing, Thing, Thing]
    plane.place(a, 1, 5)
    plane.place(b, 9, 5)
    plane.place(c, 3, 5)
    expect(sorted(idsOf(plane.neighbors(a, 2)))).toEqual([1, 2])
    expect(plane.neighbors(a, 1.999).length).toBe(0)
    expect(sorted(idsOf(plane.agentsAround(11, -5, 2)))).toEqual([0, 1, 2])
    expect(plane.dx(a, b)).toBe(-2)
    expect(plane.distance(b, c)).toBe(4)
  })

  it('measures along either axis the shorter way round its own size, on a torus that is not square', () => {
    const differences = (x: boolean, y: boolean, from: [number, number], to: [number, number]) => {
      const plane = new Plane<Thing>({ width: 30, height: 8, torus: { x, y } })
      const [a, b] = things(2) as [Thing, Thing]
      plane.place(a, ...from)
      plane.place(b, ...to)
      return [plane.dx(a, b), plane.dy(a, b), plane.distance(a, b), plane.distance(b, a), plane.neighbors(a, 5).length]
    }
    expect(differences(true, true, [1, 1], [28, 7])).toEqual([-3, -2, Math.sqrt(13), Math.sqrt(13), 1])
    expect(differences(true, true, [28, 7], [1, 1])).toEqual([3, 2, Math.sqrt(13), Math.sqrt(13), 1])
    expect(differences(true, false, [1, 1], [28, 5])).toEqual([-3, 4, 5, 5, 1])
    expect(differences(false, true, [1, 1], [5, 6])).toEqual([4, -3, 5, 5, 1])
    expect(differences(false, false, [1, 1], [28, 7])).toEqual([27, 6, Math.sqrt(765), Math.sqrt(765), 0])
    expect(differences(true, true, [0, 0], [14, 3])).toEqual([14, 3, Math.sqrt(205), Math.sqrt(205), 0])
    expect(differences(true, true, [0, 0], [16, 5])).toEqual([-14, -3, Math.sqrt(205), Math.sqrt(205), 0])
  })

  it('folds any position back onto a torus', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), x => {
        const plane = new Plane<Thing>({ width: 7.3, height: 5, torus: { x: true } })
        const thing = new Thing(1)
        plane.place(thing, x, 5)
        expect(plane.xOf(thing)).toBeGreaterThanOrEqual(0)
        expect(plane.xOf(thing)).toBeLessThan(7.3)
        const turns = (x - plane.xOf(thing)) / 7.3
        expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-6)
      }),
    )
  })

  it('goes on after a restore exactly as the original does, neighbours in the same order', () => {
    fc.assert(
      fc.property(specs, moves, moves, (spec, first, then) => {
        const plane = planeOf(spec)
        const all = things(30)
        for (const t of all) plane.placeRandomly(t)
        const apply = (p: Plane<Thing>, cast: Thing[], steps: typeof first) => {
          for (const { who, x, y, remove } of steps) {
            const thing = cast[who] as Thing
            if (!thing._home) p.place(thing, x * spec.width, y * spec.height)
            else if (remove) p.forget(thing)
            else p.move(thing, x * spec.width, y * spec.height)
          }
        }
        apply(plane, all, first)
        const { copy, cast } = restored(plane)
        const twins = all.map(t => cast[t.id] ?? new Thing(t.id))
        apply(plane, all, then)
        apply(copy, twins, then)
        for (const [i, t] of all.entries()) {
          const twin = twins[i] as Thing
          if (t._home) expect(idsOf(copy.neighbors(twin, 5))).toEqual(idsOf(plane.neighbors(t, 5)))
        }
        expect(sameBytes(copy, plane)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses, naming agent and place, and leaves the agent where it was', () => {
    class Bird extends Thing {}
    const plane = new Plane<Thing>({ width: 150, height: 100, torus: { y: true } })
    const bird = new Bird(3)
    expect(() => plane.place(bird, 151.2, 4)).toThrow('Agent Bird-3 cannot be placed at (151.2,4): the plane is 150×100.')
    expect(bird._home).toBe(undefined)
    plane.place(bird, 150, 4)
    expect(() => plane.moveBy(bird, 0.5, 0)).toThrow('Agent Bird-3 cannot move to (150.5,4): the plane is 150×100.')
    expect(() => plane.move(bird, 1, Number.NaN)).toThrow('Agent Bird-3 cannot move to (1,NaN)')
    expect([plane.xOf(bird), plane.yOf(bird)]).toEqual([150, 4])
    expect(() => plane.place(bird, 1, 1)).toThrow('already stands in this plane')
    expect(() => plane.neighbors(bird, Number.NaN)).toThrow('The radius of a query')
    expect(() => plane.xOf(new Bird(4))).toThrow('Agent Bird-4 does not stand in this plane')
    expect(() => new Plane({ width: 10, height: 10, cellSize: 1e-6 })).toThrow(OperatorError)
    expect(() => plane.placeRandomly(new Bird(5))).toThrow('expected a random stream')
  })
})
