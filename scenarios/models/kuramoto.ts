/** Kuramoto's oscillators: each has its own pace, and a strong enough pull makes them beat together (Y. Kuramoto, 1975; S. Strogatz, Physica D 143, 2000). */

import { Agent, defineScenario, Model, math, Plane, simultaneous, z } from 'mycelia'

const params = z.object({
  oscillators: z.number().int().min(1).max(100_000).default(300).describe('number of oscillators'),
  coupling: z.number().min(0).max(100).default(2).describe('strength of the pull to the others, K').meta({ changeable: true }),
  spread: z.number().min(0).max(10).default(0.5).describe('half-width of the (Cauchy) law of paces, γ; order begins at K = 2γ'),
  timeStep: z.number().min(0.001).max(0.5).default(0.05).describe('time that a step takes'),
})

class Oscillator extends Agent<Kuramoto> {
  /** Natural pace, radians per unit of time. */
  pace = 0
  phase = 0
  next = 0
  /** Its phase as a point of the unit circle. */
  x = 1
  y = 0

  /** One step of Euler's along dθ/dt = ω + K r sin(ψ − θ). */
  override step() {
    const { order, meanPhase, params } = this.model
    this.next = this.phase + params.timeStep * (this.pace + params.coupling * order * math.sin(meanPhase - this.phase))
  }

  /** Around the circle, on which it is drawn. */
  advance() {
    this.phase = this.next - 2 * Math.PI * Math.floor(this.next / (2 * Math.PI))
    this.x = math.cos(this.phase)
    this.y = math.sin(this.phase)
    this.model.plane.move(this, 1 + 0.9 * this.x, 1 + 0.9 * this.y)
  }
}

class Kuramoto extends Model<typeof params> {
  plane = new Plane<Oscillator>({ width: 2, height: 2 })
  oscillators = this.agentsOf(Oscillator)
  /** Length and direction of the mean of all phases as points of the unit circle, r and ψ. */
  order = 0
  meanPhase = 0

  override setup() {
    const { params, rng } = this
    for (const oscillator of this.spawn(params.oscillators, Oscillator)) {
      // The tangent of a uniform angle has Cauchy's law.
      const angle = rng.between(-Math.PI / 2, Math.PI / 2)
      oscillator.pace = (params.spread * math.sin(angle)) / math.cos(angle)
      oscillator.next = rng.between(0, 2 * Math.PI)
      this.plane.place(oscillator, 1, 1)
      oscillator.advance()
    }
    this.average()
  }

  override step() {
    simultaneous(this.oscillators)
    this.average()
  }

  private average() {
    const x = this.oscillators.mean(oscillator => oscillator.x)
    const y = this.oscillators.mean(oscillator => oscillator.y)
    this.order = math.hypot(x, y)
    this.meanPhase = math.atan2(y, x)
  }
}

export default defineScenario({
  name: 'kuramoto',
  title: 'Kuramoto’s oscillators',
  model: Kuramoto,
  params,
  agents: { Oscillator },
  steps: 400,
  collect: { model: { order: m => m.order } },
  view: {
    charts: ['order'],
    agents: {
      Oscillator: o => ({
        size: 0.8,
        ...(o.pace < 0 ? { color: '#30638e', label: 'slow' } : { color: '#d1495b', label: 'fast' }),
      }),
    },
    space: m => m.plane,
  },
})
