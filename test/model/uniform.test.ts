/** Every random choice is uniform: each possible outcome is counted and held to a chi-square test, with fixed seeds. */

import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import { HexGrid, Network, Plane, SquareGrid } from '../../src/space/index.js'
import { stream, Thing, things } from '../space/things.js'
import { Ant, world } from './kit.js'

/** Draws an outcome as a number or text; made once for many draws. */
type Choice = [what: string, outcomes: number, make: () => () => number | string]

const each = 400

/** Above the 99.99 % quantile of chi-square (Wilson and Hilferty's approximation). */
function most(freedom: number): number {
  const v = 2 / (9 * freedom)
  return freedom * (1 - v + 3.72 * Math.sqrt(v)) ** 3
}

const square = (options = {}) => new SquareGrid<Thing>({ width: 5, height: 3, rng: stream('grid'), ...options })
const hex = () => new HexGrid<Thing>({ width: 5, height: 4, rng: stream('hex') })
const star = () => new Network<Thing>({ edges: [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5]], rng: stream('star') }) // biome-ignore format: one line

/** Where an agent goes from cell to cell. */
function walker(space: SquareGrid<Thing> | HexGrid<Thing>, from: number, radius = 1): () => number {
  const thing = new Thing(1)
  space.place(thing, from)
  return () => {
    const cell = space.walk(thing, radius)
    space.move(thing, from)
    return cell
  }
}

/** Where an agent is put that stands nowhere. */
function placed(space: SquareGrid<Thing>, put: (thing: Thing) => number): () => number {
  const thing = new Thing(1)
  return () => {
    const cell = put(thing)
    space.remove(thing)
    return cell
  }
}

const letters = ['a', 'b', 'c', 'd']
/** A stream as agents have it, with the general methods. */
const plain = () => Object.assign(Object.create(Rng.prototype), { uint32: bound(stream('plain')) }) as Rng
const bound = (rng: Rng) => () => rng.uint32()
const ants = (n: number) => world(m => m.spawn(n, Ant), undefined, { seed: 5 }).model.ants
const widowed = (n: number) => {
  const set = ants(n + 2)
  set.at(0)?.remove()
  set.at(-1)?.remove()
  return set
}
const names = (list: Iterable<Ant>) => Array.from(list, a => a.ordinal).join()

const choices: Choice[] = [
  ['rng.int(7)', 7, () => bind(stream('int'), rng => rng.int(7))],
  ['rng.int of more than 2²¹', 8, () => bind(stream('large'), rng => Math.floor(rng.int(2 ** 31) / 2 ** 28))],
  ['rng.float() in eighths', 8, () => bind(stream('float'), rng => Math.floor(rng.float() * 8))],
  ['rng.between(-2, 3) in fifths', 5, () => bind(stream('between'), rng => Math.floor(rng.between(-2, 3)))],
  ['rng.chance(0.5)', 2, () => bind(stream('chance'), rng => Number(rng.chance(0.5)))],
  ['rng.normal() by quartiles', 4, () => bind(stream('normal'), rng => quartile(rng.normal(), -0.6744897501960817, 0, 0.6744897501960817))],
  ['rng.exponential() by quartiles', 4, () => bind(stream('exponential'), rng => quartile(rng.exponential(2), 0.14384103622589042, Math.LN2 / 2, Math.LN2))],
  ['rng.pick(list)', 4, () => bind(stream('pick'), rng => rng.pick(letters))],
  ['rng.shuffle(list) of a named stream', 24, () => bind(stream('shuffle'), rng => rng.shuffle([...letters]).join(''))],
  ['rng.shuffle(list) of an agent', 24, () => bind(plain(), rng => rng.shuffle([...letters]).join(''))],
  ['rng.shuffle(list, 3), which leaves the fourth', 6, () => bind(stream('three'), rng => rng.shuffle([...letters], 3).join(''))],
  ['a stream derived from the seed', 6, () => bind(Rng.derive(rootOf(9), 3, 4), rng => rng.int(6))],

  ['grid.randomCell()', 15, () => bind(square(), grid => grid.randomCell())],
  ['grid.randomCellAround(), inside', 8, () => bind(square(), grid => grid.randomCellAround(7))],
  ['grid.randomCellAround(), at a corner', 3, () => bind(square(), grid => grid.randomCellAround(14))],
  ['grid.randomCellAround(), across both edges', 8, () => bind(square({ torus: true }), grid => grid.randomCellAround(0))],
  ['grid.randomCellAround(), radius 2', 14, () => bind(square(), grid => grid.randomCellAround(7, 2))],
  ['grid.randomCellAround(), von Neumann', 4, () => bind(square({ neighbors: 'vonNeumann' }), grid => grid.randomCellAround(7))],
  ['grid.randomCellAround(), hexagons of an even row', 6, () => bind(hex(), grid => grid.randomCellAround(12))],
  ['grid.randomCellAround(), hexagons of an odd row', 6, () => bind(hex(), grid => grid.randomCellAround(7))],
  ['grid.walk(), inside', 8, () => walker(square(), 7)],
  ['grid.walk(), where cells hold many', 8, () => walker(square({ occupancy: 'many' }), 7)],
  ['grid.walk(), at an edge', 5, () => walker(square(), 2)],
  ['grid.walk(), hexagons', 6, () => walker(hex(), 7)],
  ['grid.walk(), radius 2', 14, () => walker(square(), 7, 2)],
  ['grid.randomEmptyCell()', 12, () => bind(occupied(square()), grid => grid.randomEmptyCell())],
  ['grid.randomEmptyCell(), where cells hold many', 12, () => bind(occupied(square({ occupancy: 'many' })), grid => grid.randomEmptyCell())],
  ['grid.placeOnEmpty()', 12, () => bind(occupied(square()), grid => placed(grid, thing => grid.placeOnEmpty(thing))())],
  ['grid.placeRandomly(), one agent a cell', 12, () => bind(occupied(square()), grid => placed(grid, thing => grid.placeRandomly(thing))())],
  ['grid.placeRandomly(), where cells hold many', 15, () => bind(square({ occupancy: 'many' }), grid => placed(grid, thing => grid.placeRandomly(thing))())],
  ['grid.moveToEmpty()', 11, () => moverToEmpty()],
  ['grid.randomAt(cell, kind)', 4, () => bind(crowd(), grid => grid.randomAt(3, Sheep)?.id ?? -1)],

  ['network.randomNode()', 6, () => bind(star(), network => network.randomNode())],
  ['network.randomNode(), after a node was removed', 5, () => bind(withoutNode(), network => network.randomNode())],
  ['network.randomNodeAround()', 5, () => bind(star(), network => network.randomNodeAround(0) ?? -1)],
  ['network.randomEmptyCell()', 6, () => bind(star(), network => network.randomEmptyCell())],
  ['plane.placeRandomly(), along x', 9, () => thrower(plane => plane.xOf)],
  ['plane.placeRandomly(), along y', 4, () => thrower(plane => plane.yOf)],

  ['agents.random()', 6, () => bind(ants(6), set => set.random().ordinal)],
  ['agents.random(), after removals', 6, () => bind(widowed(6), set => set.random().ordinal)],
  ['agents.random() of a derived set', 5, () => bind(ants(6).where(a => a.ordinal > 0), set => set.random().ordinal)],
  ['agents.sample(1)', 5, () => bind(ants(5), set => names(set.sample(1)))],
  ['agents.sample(2)', 20, () => bind(ants(5), set => names(set.sample(2)))],
  ['agents.sample(all)', 24, () => bind(ants(4), set => names(set.sample(4)))],
  ['agents.shuffled()', 24, () => bind(ants(4), set => names(set.shuffled()))],
  ['agents.shuffled(), after removals', 24, () => bind(widowed(4), set => names(set.shuffled()))],
  ['agents.shuffleDo()', 24, () => bind(ants(4), set => inTurn(set))],
  ['agents.shuffleDo(), after removals', 24, () => bind(widowed(4), set => inTurn(set))],
] // biome-ignore format: a choice a line

function bind<T>(thing: T, draw: (thing: T) => number | string): () => number | string {
  return () => draw(thing)
}

function quartile(x: number, ...limits: number[]): number {
  return limits.filter(limit => x > limit).length
}

/** A grid with agents in cells 0, 7 and 14: the first, a middle one and the last. */
function occupied(grid: SquareGrid<Thing>): SquareGrid<Thing> {
  for (const [i, thing] of things(3).entries()) grid.place(thing, 7 * i)
  return grid
}

/** An agent of cell 3 that moves to any of the 11 cells empty by then, and back. */
function moverToEmpty(): () => number {
  const grid = occupied(square())
  const thing = new Thing(9)
  grid.place(thing, 3)
  return () => {
    const cell = grid.moveToEmpty(thing)
    grid.move(thing, 3)
    return cell
  }
}

class Sheep extends Thing {}

function crowd(): SquareGrid<Thing> {
  const grid = square({ occupancy: 'many' })
  for (let i = 0; i < 8; i++) grid.place(i % 2 === 0 ? new Sheep(i) : new Thing(i), 3)
  return grid
}

function withoutNode(): Network<Thing> {
  const network = star()
  network.removeNode(2)
  return network
}

/** Puts an agent at random into a plane that is not square; which unit of length it falls into. */
function thrower(coordinate: (plane: Plane<Thing>) => (thing: Thing) => number): () => number {
  const plane = new Plane<Thing>({ width: 9, height: 4, rng: stream('plane') })
  const thing = new Thing(1)
  return () => {
    plane.placeRandomly(thing)
    const at = Math.floor(coordinate(plane).call(plane, thing))
    plane.remove(thing)
    return at
  }
}

function inTurn(set: ReturnType<typeof ants>): string {
  const order: number[] = []
  set.shuffleDo(ant => order.push(ant.ordinal))
  return order.join()
}

describe('every outcome is as likely as the others', () => {
  it.each(choices)('%s', (_, outcomes, make) => {
    const draw = make()
    const counts = new Map<number | string, number>()
    for (let i = 0; i < each * outcomes; i++) {
      const outcome = draw()
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    expect([...counts.keys()].length).toBe(outcomes)
    const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - each) ** 2 / each, 0)
    expect(chi2).toBeLessThan(most(outcomes - 1))
  })
})
