/** A model that draws normal and exponential numbers, and little else: engines whose logarithms differ would soon tell different stories. */

import { Agent, defineScenario, Model, math, z } from 'mycelia'

class Particle extends Agent<Brownian> {
  x = 0
  y = 0
  /** When it last jumped. */
  jumped = 0

  override step() {
    this.x += this.rng.normal()
    this.y += this.rng.normal(0, 2)
    this.x *= math.exp(-0.01 * math.hypot(this.x, this.y))
  }

  jump() {
    this.y += math.sin(this.x) * math.log1p(this.model.now)
    this.jumped = this.model.now
    this.after(this.rng.exponential(0.5), 'jump')
  }
}

class Brownian extends Model {
  particles = this.agentsOf(Particle)

  override setup() {
    for (const particle of this.spawn(40, Particle)) particle.after(particle.rng.exponential(0.5), 'jump')
  }

  override step() {
    this.particles.shuffleDo(particle => particle.step())
  }
}

export default defineScenario({
  name: 'noisy',
  title: 'Brownian particles that jump',
  model: Brownian,
  params: z.object({}),
  agents: { Particle },
  collect: { model: { spread: m => m.particles.mean(p => math.hypot(p.x, p.y)) } },
})
