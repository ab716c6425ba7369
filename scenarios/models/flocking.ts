/** Boids: birds that keep together, keep apart and fly alike make a flock without a leader (C. Reynolds, SIGGRAPH 1987). */

import { Agent, defineScenario, Model, math, Plane, z } from 'mycelia'

const factor = (standard: number, what: string) => z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  birds: z.number().int().min(1).max(1_000_000).default(200).describe('number of birds'),
  size: z.number().min(1).max(1_000_000).default(100).describe('side of the square they fly in; its edges meet'),
  vision: z.number().min(0).max(1_000).default(5).describe('how far a bird sees').meta({ changeable: true }),
  speed: z.number().min(0).max(100).default(1).describe('distance flown in a step').meta({ changeable: true }),
  separation: z.number().min(0).max(1_000).default(1).describe('distance below which birds avoid each other').meta({ changeable: true }),
  cohere: factor(0.03, 'weight of flying towards the neighbours'),
  separate: factor(0.015, 'weight of flying away from those too close'),
  match: factor(0.05, 'weight of flying as the neighbours fly'),
})

/**
 * The neighbours of whoever looks, in one list for all, as a list for each would cost a fifth of the step. It is no field of the model,
 * whose state it is not part of, and new in each run: storing young agents in an old list is slow.
 */
let seen: Bird[] = []

class Bird extends Agent<Flocking> {
  /** Heading, a unit vector. */
  vx = 1
  vy = 0
  /** How many it saw in its last step. */
  neighbors = 0

  /** A uniformly random heading: a uniformly chosen point of the disc, brought to length 1. */
  turnAnywhere() {
    const { rng } = this.model
    let length = 0
    while (length === 0 || length > 1) {
      this.vx = rng.between(-1, 1)
      this.vy = rng.between(-1, 1)
      length = Math.sqrt(this.vx * this.vx + this.vy * this.vy)
    }
    this.vx /= length
    this.vy /= length
  }

  override step() {
    const { plane, params } = this.model
    const near = params.separation * params.separation
    const neighbors = plane.neighbors(this, params.vision, seen)
    let cohereX = 0
    let cohereY = 0
    let separateX = 0
    let separateY = 0
    let matchX = 0
    let matchY = 0
    for (const other of neighbors) {
      const dx = plane.dx(this, other)
      const dy = plane.dy(this, other)
      cohereX += dx
      cohereY += dy
      matchX += other.vx
      matchY += other.vy
      if (dx * dx + dy * dy < near) {
        separateX -= dx
        separateY -= dy
      }
    }
    const n = Math.max(neighbors.length, 1)
    const vx = this.vx + (params.cohere * cohereX + params.separate * separateX + params.match * matchX) / n
    const vy = this.vy + (params.cohere * cohereY + params.separate * separateY + params.match * matchY) / n
    const length = Math.sqrt(vx * vx + vy * vy)
    this.vx = vx / length
    this.vy = vy / length
    this.neighbors = neighbors.length
    plane.moveBy(this, this.vx * params.speed, this.vy * params.speed)
  }
}

class Flocking extends Model<typeof params> {
  plane = new Plane<Bird>({
    width: this.params.size,
    height: this.params.size,
    torus: true,
    cellSize: Math.max(this.params.vision, this.params.size / 1_000),
    rng: this.rng,
  })
  birds = this.agentsOf(Bird)

  override setup() {
    seen = []
    for (const bird of this.spawn(this.params.birds, Bird)) {
      bird.turnAnywhere()
      this.plane.placeRandomly(bird)
    }
  }

  override step() {
    this.birds.shuffleDo(bird => bird.step())
  }
}

export default defineScenario({
  name: 'flocking',
  title: 'Flocking birds',
  model: Flocking,
  params,
  agents: { Bird },
  steps: 100,
  collect: {
    model: {
      neighbors: m => m.birds.mean(b => b.neighbors),
      order: m =>
        math.hypot(
          m.birds.mean(b => b.vx),
          m.birds.mean(b => b.vy),
        ),
    },
  },
  view: {
    charts: ['order', 'neighbors'],
    agents: { Bird: b => ({ shape: 'arrow', angle: math.atan2(b.vy, b.vx), color: '#30638e' }) },
    space: m => m.plane,
  },
})
