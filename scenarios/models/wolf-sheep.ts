/** Wolves eat sheep, sheep eat grass, grass grows back: three populations that chase each other (after U. Wilensky's NetLogo model, 1997). */

import { Agent, defineScenario, Layer, Model, SquareGrid, z } from 'mycelia'

const share = (standard: number, what: string) => z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  width: z.number().int().min(2).max(1_000).default(25).describe('columns of the meadow'),
  height: z.number().int().min(2).max(1_000).default(25).describe('rows of the meadow'),
  sheep: z.number().int().min(0).max(1_000_000).default(60).describe('sheep at first'),
  wolves: z.number().int().min(0).max(1_000_000).default(40).describe('wolves at first'),
  regrow: z.number().int().min(1).max(1_000).default(20).describe('steps until eaten grass is back').meta({ changeable: true }),
  sheepReproduce: share(0.2, 'chance that a sheep has a lamb, per step'),
  wolfReproduce: share(0.1, 'chance that a wolf has a cub, per step'),
  sheepGain: z.number().min(0).max(100).default(5).describe('energy a sheep has from grass').meta({ changeable: true }),
  wolfGain: z.number().min(0).max(100).default(13).describe('energy a wolf has from a sheep').meta({ changeable: true }),
})

abstract class Animal extends Agent<WolfSheep> {
  energy = 0

  /** Spends one energy on a step to a neighbouring cell. */
  walk(): number {
    this.energy -= 1
    return this.model.grid.walk(this)
  }
}

class Sheep extends Animal {
  override step() {
    const { grid, grass, params, rng } = this.model
    const cell = this.walk()
    if (grass.get(cell) === 0) {
      this.energy += params.sheepGain
      grass.set(cell, params.regrow)
    }
    if (this.energy < 0) this.remove()
    else if (rng.chance(params.sheepReproduce)) {
      this.energy /= 2
      grid.place(this.model.spawn(Sheep, { energy: this.energy }), cell)
    }
  }
}

class Wolf extends Animal {
  override step() {
    const { grid, params, rng } = this.model
    const cell = this.walk()
    const prey = grid.randomAt(cell, Sheep)
    if (prey !== undefined) {
      this.energy += params.wolfGain
      prey.remove()
    }
    if (this.energy < 0) this.remove()
    else if (rng.chance(params.wolfReproduce)) {
      this.energy /= 2
      grid.place(this.model.spawn(Wolf, { energy: this.energy }), cell)
    }
  }
}

class WolfSheep extends Model<typeof params> {
  grid = new SquareGrid<Animal>({
    width: this.params.width,
    height: this.params.height,
    occupancy: 'many',
    rng: this.rng,
  })
  /** Steps until the grass is back; 0: it stands. */
  grass = new Layer(this.grid, {
    type: Int16Array,
    initial: () => (this.rng.chance(0.5) ? 0 : 1 + this.rng.int(this.params.regrow)),
  })
  sheep = this.agentsOf(Sheep)
  wolves = this.agentsOf(Wolf)

  override setup() {
    const { sheep, wolves, sheepGain, wolfGain } = this.params
    const flock = this.spawn(sheep, Sheep, () => ({ energy: this.rng.int(2 * sheepGain) }))
    const pack = this.spawn(wolves, Wolf, () => ({ energy: this.rng.int(2 * wolfGain) }))
    for (const animal of [...flock, ...pack]) this.grid.placeRandomly(animal)
  }

  override step() {
    this.sheep.shuffleDo(sheep => sheep.step())
    this.wolves.shuffleDo(wolf => wolf.step())
    this.grass.map(steps => (steps > 0 ? steps - 1 : 0))
  }
}

export default defineScenario({
  name: 'wolf-sheep',
  title: 'Wolves, sheep and grass',
  model: WolfSheep,
  params,
  agents: { Sheep, Wolf },
  steps: 100,
  collect: {
    model: {
      sheep: m => m.sheep.size,
      wolves: m => m.wolves.size,
      grass: m => m.grass.data.reduce((standing, steps) => standing + Number(steps === 0), 0),
    },
  },
  view: {
    charts: ['sheep', 'wolves', 'grass'],
    agents: {
      Sheep: () => ({ color: '#f4f1de', size: 0.6 }),
      Wolf: () => ({ color: '#3d405b', size: 0.8 }),
    },
    layers: { grass: { colors: ['#5b8c5a', '#c9b79c'], min: 0, max: 1 } },
    space: m => m.grid,
  },
})
