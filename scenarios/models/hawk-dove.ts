/** Hawks and doves: fighters win from the meek and lose to each other, so both remain (J. Maynard Smith and G. Price, Nature 246, 1973). */

import { Agent, defineScenario, Model, SquareGrid, simultaneous, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(3).max(300).default(40).describe('columns and rows; the edges meet'),
  value: z.number().min(0).max(100).default(1).describe('what a contest is about, V').meta({ changeable: true }),
  cost: z.number().min(0.01).max(100).default(2).describe('what the loser of a fight pays, C').meta({ changeable: true }),
  contests: z.number().int().min(1).max(100).default(4).describe('contests a bird begins in a step'),
  opponents: z.enum(['anyone', 'neighbours']).default('neighbours').describe('whom a bird meets, and whom it imitates'),
  hawks: z.number().min(0).max(1).default(0.5).describe('share of hawks at first'),
})

class Bird extends Agent<HawkDove> {
  isHawk = false
  payoff = 0
  /** What it will be once all have looked. */
  next = false

  /** Against each opponent in turn: two hawks share V − C, two doves V, and a hawk takes V from a dove. */
  contest() {
    const { value, cost, contests } = this.model.params
    this.payoff = 0
    for (let i = 0; i < contests; i++) {
      const other = this.meet()
      if (this.isHawk) this.payoff += other.isHawk ? (value - cost) / 2 : value
      else this.payoff += other.isHawk ? 0 : value / 2
    }
  }

  /** Becomes as another that did better, with a chance in proportion to how much. */
  override step() {
    const { value, cost, contests } = this.model.params
    const other = this.meet()
    const better = (other.payoff - this.payoff) / (contests * (value + cost))
    this.next = better > 0 && this.rng.chance(better) ? other.isHawk : this.isHawk
  }

  advance() {
    this.isHawk = this.next
  }

  private meet(): Bird {
    const { birds, grid, params } = this.model
    if (params.opponents === 'anyone') return birds.random(this.rng)
    return this.rng.pick(grid.neighbors(this))
  }
}

class HawkDove extends Model<typeof params> {
  grid = new SquareGrid<Bird>({ width: this.params.size, height: this.params.size, torus: true })
  birds = this.agentsOf(Bird)

  override setup() {
    this.spawn(this.grid.size, Bird).forEach((bird, cell) => {
      bird.isHawk = this.rng.chance(this.params.hawks)
      this.grid.place(bird, cell)
    })
  }

  override step() {
    this.birds.do(bird => bird.contest())
    simultaneous(this.birds)
  }
}

export default defineScenario({
  name: 'hawk-dove',
  title: 'Hawks and doves',
  model: HawkDove,
  params,
  agents: { Bird },
  steps: 200,
  collect: { model: { hawks: m => m.birds.count(b => b.isHawk) / m.birds.size } },
  view: {
    charts: ['hawks'],
    agents: {
      Bird: b => ({ shape: 'square', ...(b.isHawk ? { color: '#d1495b', label: 'hawk' } : { color: '#a9c6d9', label: 'dove' }) }),
    },
    space: m => m.grid,
  },
})
