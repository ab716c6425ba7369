/** The Vicsek model: particles fly as their neighbours do, but for noise; little noise makes order (T. Vicsek et al., PRL 75, 1995). */

import { Agent, defineScenario, Model, math, Plane, simultaneous, z } from 'mycelia'

const params = z.object({
  particles: z.number().int().min(1).max(100_000).default(300).describe('number of particles'),
  size: z.number().min(1).max(1_000).default(7).describe('side of the square; its edges meet'),
  noise: z
    .number()
    .min(0)
    .max(6.3)
    .default(0.5)
    .describe('width of the uniform noise on the heading, radians')
    .meta({ changeable: true }),
  speed: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .describe('distance flown in a step; particles see as far as 1')
    .meta({ changeable: true }),
})

class Particle extends Agent<Vicsek> {
  heading = 0
  next = 0
  /** The heading as a unit vector. */
  x = 1
  y = 0

  /** Takes the mean direction of itself and those around, and errs by the noise. */
  override step() {
    const { plane, params } = this.model
    let { x, y } = this
    for (const other of plane.neighbors(this, 1)) {
      x += other.x
      y += other.y
    }
    this.next = math.atan2(y, x) + this.rng.between(-params.noise / 2, params.noise / 2)
  }

  advance() {
    const { plane, params } = this.model
    this.turn(this.next)
    plane.moveBy(this, params.speed * this.x, params.speed * this.y)
  }

  turn(heading: number) {
    this.heading = heading
    this.x = math.cos(heading)
    this.y = math.sin(heading)
  }
}

class Vicsek extends Model<typeof params> {
  plane = new Plane<Particle>({ width: this.params.size, height: this.params.size, torus: true, cellSize: 1, rng: this.rng })
  particles = this.agentsOf(Particle)

  override setup() {
    for (const particle of this.spawn(this.params.particles, Particle)) {
      particle.turn(this.rng.between(-Math.PI, Math.PI))
      this.plane.placeRandomly(particle)
    }
  }

  override step() {
    simultaneous(this.particles)
  }

  /** 1 where all fly alike, near 0 where each flies as it will. */
  get order(): number {
    return math.hypot(
      this.particles.mean(particle => particle.x),
      this.particles.mean(particle => particle.y),
    )
  }
}

export default defineScenario({
  name: 'vicsek',
  title: 'Vicsek’s particles',
  model: Vicsek,
  params,
  agents: { Particle },
  steps: 200,
  collect: { model: { order: m => m.order } },
  view: {
    charts: ['order'],
    agents: { Particle: p => ({ shape: 'arrow', angle: p.heading, color: '#30638e', size: 1.2 }) },
    space: m => m.plane,
  },
})
