/** Traffic on a ring: drivers who brake now and then make jams from nothing (K. Nagel and M. Schreckenberg, J. Phys. I France 2, 1992). */

import { Agent, defineScenario, Model, math, Plane, simultaneous, z } from 'mycelia'

const params = z.object({
  length: z.number().int().min(10).max(100_000).default(200).describe('cells of the road, which is a ring'),
  density: z.number().min(0.01).max(1).default(0.2).describe('cars a cell'),
  fastest: z.number().int().min(1).max(20).default(5).describe('highest speed, cells a step').meta({ changeable: true }),
  dawdle: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('chance that a driver goes one slower, per step')
    .meta({ changeable: true }),
})

class Car extends Agent<Traffic> {
  cell = 0
  speed = 0
  /** Cars do not overtake, so this one stays ahead. */
  ahead: Car = this

  /** Faster by one, but not into the car ahead; and sometimes slower by one. */
  override step() {
    const { params, rng } = this.model
    this.speed = Math.min(this.speed + 1, params.fastest, this.gap)
    if (this.speed > 0 && rng.chance(params.dawdle)) this.speed--
  }

  advance() {
    this.cell = (this.cell + this.speed) % this.model.params.length
    this.drive()
  }

  /** Free cells up to the car ahead. */
  get gap(): number {
    const { length } = this.model.params
    return (this.ahead.cell - this.cell - 1 + length) % length
  }

  /** Around the ring, with the right hand outside. */
  get angle(): number {
    return (2 * Math.PI * this.cell) / this.model.params.length
  }

  /** Stands in the plane where its cell is. */
  drive() {
    this.model.plane.move(this, 50 + 45 * math.cos(this.angle), 50 + 45 * math.sin(this.angle))
  }
}

class Traffic extends Model<typeof params> {
  /** For the eye alone: the road is the cars' cells. */
  plane = new Plane<Car>({ width: 100, height: 100 })
  cars = this.agentsOf(Car)

  override setup() {
    const { length, density } = this.params
    const cells = this.rng.permutation(length).slice(0, Math.max(1, Math.round(density * length)))
    cells.sort((a, b) => a - b)
    const cars = this.spawn(cells.length, Car, i => ({ cell: cells[i] as number }))
    cars.forEach((car, i) => {
      car.ahead = cars[(i + 1) % cars.length] as Car
      this.plane.place(car, 50, 50)
      car.drive()
    })
  }

  override step() {
    simultaneous(this.cars)
  }
}

export default defineScenario({
  name: 'traffic',
  title: 'Traffic on a ring',
  model: Traffic,
  params,
  agents: { Car },
  steps: 200,
  collect: {
    model: {
      flow: m => m.cars.sum(c => c.speed) / m.params.length,
      speed: m => m.cars.mean(c => c.speed),
      standing: m => m.cars.count(c => c.speed === 0) / m.cars.size,
    },
  },
  view: {
    charts: ['flow', 'speed', 'standing'],
    agents: {
      Car: c => ({
        shape: 'arrow',
        size: 1.5,
        angle: c.angle + Math.PI / 2,
        ...(c.speed === 0 ? { color: '#d1495b', label: 'standing' } : { color: '#30638e', label: 'driving' }),
      }),
    },
    space: m => m.plane,
  },
})
