import { describe, expect, it } from 'vitest'
import {
  Agent,
  defineScenario,
  HexGrid,
  Layer,
  Model,
  Network,
  Plane,
  resume,
  SquareGrid,
  simulate,
  smallWorld,
  z,
} from '../../src/index.js'

const params = z.object({ size: z.number().int().default(12) })

class Sheep extends Agent<Meadow> {
  energy = 4
  override step(): void {
    const { grid, grass } = this.model
    const cell = grid.walk(this, 1, this.rng)
    this.energy += grass.get(cell) > 0.5 ? 2 : -1
    grass.set(cell, 0)
    if (this.energy > 8) grid.place(this.model.spawn(Sheep), cell)
    else if (this.energy < 0) this.remove()
  }
}

class Wolf extends Agent<Meadow> {
  override step(): void {
    const cell = this.model.grid.walk(this)
    this.model.grid.randomAt(cell, Sheep)?.remove()
  }
}

class Bird extends Agent<Meadow> {
  heard = 0
  override step(): void {
    const { plane } = this.model
    for (const other of plane.neighbors(this, 2)) this.heard += plane.dx(this, other)
    plane.moveBy(this, this.rng.normal(), this.heard % 1)
  }
}

class Person extends Agent<Meadow> {
  seen = 0
  override step(): void {
    const { town } = this.model
    for (const friend of town.neighbors(this)) this.seen += friend.ordinal
    const other = this.model.agentsOf(Person).random(this.rng)
    if (other !== this && !town.connect(this, other)) town.disconnect(this, other)
  }
}

class Bee extends Agent<Meadow> {
  override step(): void {
    if (this.model.hive.neighbors(this).length > 2) this.model.hive.moveToEmpty(this)
  }
}

class Meadow extends Model<typeof params> {
  grid = new SquareGrid<Sheep | Wolf>({ width: this.params.size, height: 10, torus: true, occupancy: 'many', rng: this.rng })
  grass = new Layer(this.grid, { initial: 1 })
  hive = new HexGrid<Bee>({ width: 6, height: 6, rng: this.rng })
  plane = new Plane<Bird>({ width: 20, height: 20, torus: true, cellSize: 2, rng: this.rng })
  town = new Network<Person>({ ...smallWorld({ nodes: 20, degree: 4, rewire: 0.2, rng: this.rng }), rng: this.rng })
  override setup(): void {
    for (const a of [...this.spawn(30, Sheep), ...this.spawn(4, Wolf)]) this.grid.placeRandomly(a)
    for (const bird of this.spawn(25, Bird)) this.plane.placeRandomly(bird)
    for (const person of this.spawn(20, Person)) this.town.placeOnEmpty(person)
    for (const bee of this.spawn(18, Bee)) this.hive.placeOnEmpty(bee)
  }
  override step(): void {
    for (const kind of [Sheep, Wolf, Bird, Person, Bee]) this.agentsOf<Agent>(kind).shuffleDo(a => a.step())
    this.grass.map(g => Math.min(1, g + 0.1))
    this.grass.diffuse(0.1)
  }
}

const meadow = defineScenario({
  title: 'Every space at once',
  model: Meadow,
  params,
  agents: { Sheep, Wolf, Bird, Person, Bee },
})

describe('spaces in a model', () => {
  it('D5: a run resumed from a checkpoint at any step has the digest of the uninterrupted one', () => {
    const whole = simulate(meadow, { seed: 7 })
    whole.run({ steps: 40 })
    for (const at of [0, 1, 13, 39]) {
      const first = simulate(meadow, { seed: 7 })
      if (at > 0) first.run({ steps: at })
      const second = resume(meadow, first.save())
      second.run({ steps: 40 - at })
      expect(second.digest).toBe(whole.digest)
    }
  })

  it('an agent that dies leaves its space', () => {
    const sim = simulate(meadow, { seed: 1 })
    sim.run({ steps: 30 })
    const { grid, agentsOf } = sim.model
    expect(grid.count).toBe(agentsOf.call(sim.model, Sheep).length + agentsOf.call(sim.model, Wolf).length)
    const sheep = sim.model.spawn(Sheep)
    grid.place(sheep, 5)
    sheep.remove()
    expect(grid.agentsAt(5)).not.toContain(sheep)
    expect(() => grid.place(sheep, 5)).toThrow('is dead')
    expect(() => grid.moveTo(sheep, 3, 4)).toThrow(/Agent Sheep-\d+ does not stand in this grid/)
  })
})
