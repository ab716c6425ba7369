/** Sugarscape: agents with different eyes and stomachs on two hills of sugar (Epstein and Axtell, Growing Artificial Societies, 1996, rules M and G). */

import { Agent, defineScenario, gini, Layer, Model, math, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(10).max(500).default(50).describe('columns and rows; the edges meet'),
  agents: z.number().int().min(1).max(200_000).default(400).describe('agents at first; at most as many as cells'),
  growth: z.number().min(0).max(100).default(1).describe('sugar that grows back in a cell per step').meta({ changeable: true }),
  capacity: z.number().int().min(1).max(100).default(4).describe('most sugar of a cell, on the hilltops'),
  maxVision: z.number().int().min(1).max(20).default(6).describe('farthest an agent sees along rows and columns, cells'),
  maxMetabolism: z.number().int().min(1).max(20).default(4).describe('most sugar an agent burns per step'),
})

class Forager extends Agent<Sugarscape> {
  sugar = 0
  vision = 1
  metabolism = 1

  override step() {
    const { grid, sugar } = this.model
    const cell = this.best()
    grid.move(this, cell)
    this.sugar += sugar.get(cell) - this.metabolism
    sugar.set(cell, 0)
    if (this.sugar < 0) this.remove()
  }

  /** The nearest of the free cells in sight with the most sugar; among equals the first in a random order of directions. */
  private best(): number {
    const { grid, sugar, rng } = this.model
    const from = grid.cellOf(this)
    const [x, y] = [grid.xOf(from), grid.yOf(from)]
    let [best, most] = [from, sugar.get(from)]
    const directions = rng.shuffle([0, 1, 2, 3])
    for (let far = 1; far <= this.vision; far++) {
      for (const direction of directions) {
        const step = direction < 2 ? far : -far
        const cell = direction % 2 === 0 ? grid.cell(x + step, y) : grid.cell(x, y + step)
        if (sugar.get(cell) <= most || !grid.isEmpty(cell)) continue
        best = cell
        most = sugar.get(cell)
      }
    }
    return best
  }
}

class Sugarscape extends Model<typeof params> {
  grid = new SquareGrid<Forager>({ width: this.params.size, height: this.params.size, torus: true, rng: this.rng })
  capacity = new Layer(this.grid, { initial: (_cell, x, y) => this.hill(x, y) })
  sugar = new Layer(this.grid, { initial: cell => this.capacity.get(cell) })
  foragers = this.agentsOf(Forager)

  override setup() {
    const { params, rng } = this
    const born = this.spawn(params.agents, Forager, () => ({
      sugar: 5 + rng.int(21),
      vision: 1 + rng.int(params.maxVision),
      metabolism: 1 + rng.int(params.maxMetabolism),
    }))
    for (const forager of born) this.grid.placeOnEmpty(forager)
  }

  override step() {
    const { capacity, params, sugar } = this
    this.foragers.shuffleDo(forager => forager.step())
    sugar.map((amount, cell) => Math.min(capacity.get(cell), amount + params.growth))
  }

  /** Terraces around two hilltops, one in the north-east and one in the south-west. */
  private hill(x: number, y: number): number {
    const { size, capacity } = this.params
    const near = Math.min(math.hypot(x - 0.7 * size, y - 0.3 * size), math.hypot(x - 0.3 * size, y - 0.7 * size))
    return Math.max(0, capacity - Math.floor((near / size) * (2.5 * capacity)))
  }
}

export default defineScenario({
  name: 'sugarscape',
  title: 'Sugarscape',
  model: Sugarscape,
  params,
  agents: { Forager },
  steps: 200,
  collect: {
    model: {
      foragers: m => m.foragers.size,
      gini: m => gini(m.foragers.column(f => f.sugar)),
      vision: m => m.foragers.mean(f => f.vision),
      metabolism: m => m.foragers.mean(f => f.metabolism),
    },
  },
  view: {
    charts: ['foragers', 'gini'],
    agents: { Forager: () => ({ color: '#d1495b', size: 0.8 }) },
    layers: { sugar: { colors: ['#ffffff', '#edae49'], min: 0, max: 4 } },
    space: m => m.grid,
  },
})
