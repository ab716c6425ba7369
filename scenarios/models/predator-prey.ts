/** Predators and prey in a plane: what Lotka (1925) and Volterra (1926) wrote for well-mixed populations, with bodies that move and meet. */

import { Agent, defineScenario, Model, Plane, z } from 'mycelia'

const chance = (standard: number, what: string) =>
  z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  size: z.number().min(1).max(10_000).default(100).describe('side of the square; its edges meet'),
  prey: z.number().int().min(0).max(100_000).default(600).describe('prey at first'),
  predators: z.number().int().min(0).max(100_000).default(80).describe('predators at first'),
  stride: z
    .number()
    .min(0)
    .max(10_000)
    .default(2)
    .describe('standard deviation of a step along each axis')
    .meta({ changeable: true }),
  reach: z
    .number()
    .min(0.1)
    .max(100)
    .default(2)
    .describe('how far a predator strikes, and prey feel crowded')
    .meta({ changeable: true }),
  crowd: z
    .number()
    .min(1)
    .max(1_000)
    .default(3)
    .describe('others within reach among which prey have no young')
    .meta({ changeable: true }),
  birth: chance(0.15, 'chance that a lonely prey has young, per step'),
  strike: chance(0.6, 'chance that a predator catches a prey within reach, per step'),
  convert: chance(0.3, 'chance of a young predator, per catch'),
  death: chance(0.1, 'chance that a predator dies, per step'),
})

abstract class Animal extends Agent<PredatorPrey> {
  wander() {
    const { plane, params, rng } = this.model
    plane.moveBy(this, rng.normal(0, params.stride), rng.normal(0, params.stride))
  }

  /** A young one of its kind at its side. */
  protected bear(kind: new () => Animal) {
    const { model } = this
    model.plane.place(model.spawn(kind), model.plane.xOf(this), model.plane.yOf(this))
  }
}

class Prey extends Animal {
  override step() {
    const { params, plane, rng } = this.model
    this.wander()
    const others = plane.neighbors(this, params.reach).filter(other => other instanceof Prey)
    if (rng.chance(params.birth * Math.max(0, 1 - others.length / params.crowd))) this.bear(Prey)
  }
}

class Predator extends Animal {
  override step() {
    const { params, plane, rng } = this.model
    this.wander()
    for (const other of plane.neighbors(this, params.reach)) {
      if (!(other instanceof Prey) || !rng.chance(params.strike)) continue
      other.remove()
      if (rng.chance(params.convert)) this.bear(Predator)
    }
    if (rng.chance(params.death)) this.remove()
  }
}

class PredatorPrey extends Model<typeof params> {
  plane = new Plane<Animal>({
    width: this.params.size,
    height: this.params.size,
    torus: true,
    cellSize: Math.max(this.params.reach, this.params.size / 1_000),
    rng: this.rng,
  })
  prey = this.agentsOf(Prey)
  predators = this.agentsOf(Predator)

  override setup() {
    const { prey, predators } = this.params
    for (const animal of [...this.spawn(prey, Prey), ...this.spawn(predators, Predator)]) this.plane.placeRandomly(animal)
  }

  override step() {
    this.prey.shuffleDo(prey => prey.step())
    this.predators.shuffleDo(predator => predator.step())
  }
}

export default defineScenario({
  name: 'predator-prey',
  title: 'Predators and prey in a plane',
  model: PredatorPrey,
  params,
  agents: { Prey, Predator },
  steps: 200,
  collect: { model: { prey: m => m.prey.size, predators: m => m.predators.size } },
  view: {
    charts: ['prey', 'predators'],
    agents: {
      Prey: () => ({ color: '#3a7d44', size: 0.7, label: 'prey' }),
      Predator: () => ({ color: '#d1495b', size: 1, label: 'predator' }),
    },
    space: m => m.plane,
  },
})
