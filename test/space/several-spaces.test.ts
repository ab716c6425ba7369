import { Agent, defineScenario, HexGrid, Model, Network, Plane, resume, SquareGrid, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { AgentsOfType } from '../../src/view/agents-of-type.js'
import { Looks } from '../../src/view/looks.js'
import { Parts } from '../../src/view/parts.js'
import { bytesOf, Thing, things } from './things.js'

class Person extends Agent<Town> {
  override step(): void {
    const { grid, net, plane } = this.model
    const open = grid.cellsWithRoomAround(grid.cellOf(this))
    if (open.length > 0) grid.move(this, this.rng.pick(open))
    if (plane.holds(this)) plane.moveBy(this, this.rng.normal(), this.rng.normal())
    const other = this.model.people.random(this.rng)
    if (other !== this && !net.connect(this, other, { weight: this.rng.int(9) })) net.disconnect(this, other)
    if (this.rng.chance(0.1)) {
      if (plane.holds(this)) plane.remove(this)
      else plane.placeRandomly(this)
    }
    if (this.rng.chance(0.02)) this.remove()
    else if (this.rng.chance(0.05)) this.model.born()
  }
}

class Friendship extends Agent<Town> {
  age = 0
  override step(): void {
    if (++this.age > 4) this.remove()
  }
}

class Town extends Model {
  grid = new SquareGrid<Person>({ width: 9, height: 9, torus: true, occupancy: 3, obstacles: c => c % 7 === 0, rng: this.rng })
  net = new Network<Person, Friendship>({ rng: this.rng })
  plane = new Plane<Person>({ width: 20, height: 20, torus: true, rng: this.rng })
  people = this.agentsOf(Person)
  friendships = this.agentsOf(Friendship)

  override setup(): void {
    for (let i = 0; i < 30; i++) this.born()
  }

  born(): void {
    const person = this.spawn(Person)
    this.grid.placeRandomly(person)
    this.net.join(person)
    if (person.ordinal % 2 === 0) this.plane.placeRandomly(person)
  }

  override step(): void {
    this.people.shuffleDo(p => p.step())
    const [a, b] = this.people.sample(2).toArray()
    if (a && b && this.net.links.at(this.net.cellOf(a), this.net.cellOf(b)) === undefined)
      this.net.links.place(this.spawn(Friendship), this.net.cellOf(a), this.net.cellOf(b))
    this.friendships.do(f => f.step())
  }
}

const town = defineScenario({
  title: 'Town',
  model: Town,
  params: z.object({}),
  agents: { Person, Friendship },
  view: { space: m => m.plane },
})

describe('an agent in a grid, a network and a plane', () => {
  const grid = new SquareGrid<Thing>({ width: 5, height: 5 })
  const net = new Network<Thing>({ nodes: 3, edges: [[0, 1]] })
  const plane = new Plane<Thing>({ width: 10, height: 10 })
  const [one, two] = things(2) as [Thing, Thing]
  for (const [i, thing] of [one, two].entries()) {
    grid.place(thing, i)
    net.place(thing, i)
    plane.place(thing, i, i)
  }

  it('has one place in each, which moves alone', () => {
    grid.move(one, 24)
    net.move(one, 2)
    plane.move(one, 9, 9)
    expect([grid.cellOf(one), net.cellOf(one), plane.xOf(one)]).toEqual([24, 2, 9])
    expect([grid.at(0), grid.at(24), net.at(0), net.at(2)]).toEqual([undefined, one, undefined, one])
    expect(plane.nearest(two, 1)).toEqual([one])
    expect(() => grid.place(one, 3)).toThrow('Agent Thing-0 already stands in this grid. Use move().')
  })

  it('leaves one and keeps the others, and is at last as one that never stood anywhere', () => {
    net.remove(one)
    expect([grid.holds(one), net.holds(one), plane.holds(one)]).toEqual([true, false, true])
    expect(() => net.cellOf(one)).toThrow('Agent Thing-0 does not stand in this network')
    plane.remove(one)
    expect(grid.cellOf(one)).toBe(24)
    grid.remove(one)
    expect([one._home, one._spot]).toEqual([undefined, -1])
  })
})

describe('a model of several spaces', () => {
  it('takes a removed agent out of all of them', () => {
    const sim = simulate(town, { seed: 2 })
    const { grid, net, plane, people } = sim.model
    sim.run({ steps: 20 })
    expect(people.size).toBeGreaterThan(10)
    const standing = (space: { holds(p: Person): boolean }) => people.count(p => space.holds(p))
    expect([grid.count, net.count, plane.count]).toEqual([people.size, people.size, standing(plane)])
  })

  it('goes on after a save exactly as without one, at every step', () => {
    const whole = simulate(town, { seed: 3 })
    whole.run({ steps: 12 })
    for (let step = 0; step < 12; step++) {
      const first = simulate(town, { seed: 3 })
      first.run({ steps: step })
      const rest = resume(town, first.save())
      rest.run({ steps: 12 - step })
      expect(rest.digest, `saved at step ${step}`).toBe(whole.digest)
    }
  })

  it('shows a viewer those who stand in the space that is drawn, wherever else they stand', () => {
    const sim = simulate(town, { seed: 2 })
    const parts = new Parts(0)
    const { plane, people } = sim.model
    new AgentsOfType('Person', undefined).write(people, people.size, plane, new Looks(), parts)
    expect(parts.array('agents/Person/id')).toEqual(Uint32Array.from(people.where(p => plane.holds(p)).toArray(), p => p.id))
  })
})

describe('a space with a capacity', () => {
  it.each([
    ['grid', () => new SquareGrid<Thing>({ width: 2, height: 2, occupancy: 3 })],
    ['hex grid', () => new HexGrid<Thing>({ width: 2, height: 2, occupancy: 3 })],
    ['network', () => new Network<Thing>({ nodes: 4, occupancy: 3 })],
  ] as const)('%s: holds as many a cell and no more, whoever came and went', (_name, make) => {
    const space = make()
    const all = things(13)
    for (const thing of all.slice(0, 3)) space.place(thing, 1)
    expect(() => space.place(all[3] as Thing, 1)).toThrow('3 agents stand there, and a cell holds no more')
    expect([space.hasRoom(1), space.hasRoom(2), space.countAt(1), space.occupancy]).toEqual([false, true, 3, 3])
    space.move(all[0] as Thing, 2)
    space.place(all[3] as Thing, 1)
    expect([space.countAt(1), space.countAt(2)]).toEqual([3, 1])
    space.remove(all[3] as Thing)
    expect(space.hasRoom(1)).toBe(true)
  })

  it('refuses a capacity that is none', () => {
    expect(() => new SquareGrid({ width: 2, height: 2, occupancy: 0 })).toThrow(
      'The occupancy of a space: expected a whole number',
    )
    expect(() => new SquareGrid({ width: 2, height: 2, occupancy: 'few' as never })).toThrow('occupancy "few"')
  })

  it('is kept by a save', () => {
    const sim = simulate(town, { seed: 5 })
    const again = resume(town, sim.save())
    const full = again.model.grid
    for (let cell = 0; cell < full.size; cell++) expect(full.countAt(cell)).toBe(full.agentsAt(cell).length)
    expect([full.occupancy, full.isBlocked(0), full.isBlocked(1)]).toEqual([3, true, false])
  })
})

describe('a network without attributes, edge agents or other spaces', () => {
  it('is saved in the bytes in which it always was', () => {
    const net = new Network<Thing>({ nodes: 2, edges: [[0, 1]] })
    const before = bytesOf(net)
    expect(net.links.count).toBe(0)
    net.setEdge(0, 1, { weight: 2 })
    expect(Buffer.from(bytesOf(net)).equals(before)).toBe(false)
    net.removeEdge(0, 1)
    net.addEdge(0, 1)
    expect(net.edgeAttributes(0, 1)).toEqual({})
  })
})

describe('agents on edges', () => {
  const edged = () => {
    const net = new Network<Thing, Thing>({
      nodes: 4,
      edges: [
        [0, 1],
        [1, 2],
      ],
    })
    const [link] = things(1) as [Thing]
    net.links.place(link, 1, 0)
    return { net, link }
  }

  it('stand on one edge, found from both ends, and make the edge where there is none', () => {
    const { net, link } = edged()
    const [second] = [new Thing(7)]
    net.links.place(second, 2, 3, { weight: 4 })
    expect([net.links.at(0, 1), net.links.at(1, 0), net.links.endsOf(link), net.edgeAttributes(3, 2)]).toEqual([
      link,
      link,
      [0, 1],
      { weight: 4 },
    ])
    expect(net.links.allAt(2)).toEqual([second])
    expect(() => net.links.place(new Thing(9), 0, 1)).toThrow('Thing-0 stands there')
    expect(net.links.at(0, 3)).toBe(undefined)
  })

  it('take their edge with them, and lose their place with their edge', () => {
    const { net, link } = edged()
    net.links.remove(link)
    expect([net.hasEdge(0, 1), net.links.holds(link), net.links.count]).toEqual([false, false, 0])
    net.links.place(link, 0, 1)
    net.removeNode(0)
    expect([net.links.holds(link), link._home]).toEqual([false, undefined])
  })
})

class Village extends Model {
  net = new Network<Thing, Bond>({ nodes: 3, rng: this.rng })
  /** Held in a field, and empty for long. */
  bonds = this.net.links
  override step(): void {
    if (this.steps === 3) {
      this.bonds.place(this.spawn(Bond), 0, 1)
      this.net.removeEdge(0, 1)
    }
  }
}

class Bond extends Agent<Village> {}

describe('links without an agent', () => {
  it('are those of their network after a resume as well, when a model holds them in a field', () => {
    const village = defineScenario({ title: 'Village', model: Village, params: z.object({}), agents: { Bond } })
    const whole = simulate(village, { seed: 1 })
    whole.run({ steps: 1 })
    const half = resume(village, whole.save())
    for (const sim of [whole, half]) sim.run({ steps: 3 })
    expect(half.model.bonds).toBe(half.model.net.links)
    expect(half.model.bonds.holds(half.model.agentsOf(Bond).at(0) as Bond)).toBe(false)
    expect(half.digest).toBe(whole.digest)
  })
})
