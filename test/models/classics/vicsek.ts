/** The Vicsek model: particles fly as their neighbours do, but for noise; little noise makes order (T. Vicsek et al., PRL 75, 1995). */

import { Agent, defineScenario, Model, math, Plane, z } from 'mycelia'

const params = z.object({
  particles: z.number().int().min(1).default(300).describe('number of particles'),
  size: z.number().min(1).default(7).describe('side of the square; its edges meet'),
  noise: z.number().min(0).max(6.3).default(0.5).describe('width of the uniform noise on the heading, radians'),
  speed: z.number().min(0).default(0.03).describe('distance flown in a step; particles see as far as 1'),
})

class Particle extends Agent<Vicsek> {
  heading = 0
  next = 0

  override step() {
    const { plane, params } = this.model
    let x = math.cos(this.heading)
    let y = math.sin(this.heading)
    for (const other of plane.neighbors(this, 1)) {
      x += math.cos(other.heading)
      y += math.sin(other.heading)
    }
    this.next = math.atan2(y, x) + this.rng.between(-params.noise / 2, params.noise / 2)
  }

  advance() {
    const { speed } = this.model.params
    this.heading = this.next
    this.model.plane.moveBy(this, speed * math.cos(this.heading), speed * math.sin(this.heading))
  }
}

class Vicsek extends Model<typeof params> {
  plane = new Plane<Particle>({ width: this.params.size, height: this.params.size, torus: true, cellSize: 1, rng: this.rng })
  particles = this.agentsOf(Particle)

  override setup() {
    for (const particle of this.spawn(this.params.particles, Particle)) {
      particle.heading = this.rng.between(-Math.PI, Math.PI)
      this.plane.placeRandomly(particle)
    }
  }

  override step() {
    this.particles.do(particle => particle.step())
    this.particles.do(particle => particle.advance())
  }

  /** 1 where all fly alike, near 0 where each flies as it will. */
  get order(): number {
    const x = this.particles.mean(particle => math.cos(particle.heading))
    const y = this.particles.mean(particle => math.sin(particle.heading))
    return math.hypot(x, y)
  }
}

export default defineScenario({
  title: 'Vicsek',
  model: Vicsek,
  params,
  agents: { Particle },
  collect: { model: { order: m => m.order } },
})
