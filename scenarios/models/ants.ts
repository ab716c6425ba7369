/** Ants that find the shortest ways to food by what they leave on the ground (after U. Wilensky's NetLogo model, 1997; J.-L. Deneubourg et al., 1990). */

import { Agent, defineScenario, Layer, Model, math, SquareGrid, z } from 'mycelia'

const share = (standard: number, what: string) =>
  z.number().min(0).max(1).default(standard).describe(what).meta({ changeable: true })

const params = z.object({
  size: z.number().int().min(21).max(301).default(71).describe('columns and rows'),
  ants: z.number().int().min(1).max(10_000).default(120).describe('number of ants'),
  drop: z
    .number()
    .min(0)
    .max(1_000)
    .default(60)
    .describe('pheromone an ant with food leaves in a step')
    .meta({ changeable: true }),
  diffusion: share(0.5, 'share of its pheromone that a cell gives to those around, per step'),
  evaporation: share(0.1, 'share of the pheromone that evaporates, per step'),
})

/** The eight directions, clockwise from the right. */
const directions = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const

/** Pheromone below `faint` is not smelled; above `strong` it leads nobody, so that ants on a good way do not turn back. */
const [faint, strong] = [0.05, 2]

class Ant extends Agent<Ants> {
  /** Place in `directions`. */
  heading = 0
  carries = false

  override step() {
    const { grid, food, pheromone, nestScent, params } = this.model
    const cell = grid.cellOf(this)
    if (this.carries && nestScent.get(cell) > -3) this.turnWith(false)
    else if (!this.carries && food.get(cell) > 0) {
      this.model.take(cell)
      this.turnWith(true)
    } else if (this.carries) {
      pheromone.add(cell, params.drop)
      this.turnTowards(nestScent)
    } else if (pheromone.get(cell) > faint && pheromone.get(cell) < strong) this.turnTowards(pheromone)
    this.advance()
  }

  private turnWith(carries: boolean) {
    if (!carries) this.model.brought++
    this.carries = carries
    this.heading = (this.heading + 4) % 8
  }

  /** To the one of the three cells ahead that smells most. */
  private turnTowards(scent: Layer) {
    const smell = (turn: number) => {
      const cell = this.ahead(turn)
      return cell === undefined ? Number.NEGATIVE_INFINITY : scent.get(cell)
    }
    const [left, straight, right] = [smell(7), smell(0), smell(1)]
    if (straight >= left && straight >= right) return
    this.heading = (this.heading + (right > left ? 1 : 7)) % 8
  }

  /** Wiggles, then goes one cell ahead; at the edge it turns back. */
  private advance() {
    const { grid, rng } = this.model
    this.heading = (this.heading + rng.pick([7, 0, 0, 1])) % 8
    const cell = this.ahead(0)
    if (cell === undefined) this.heading = (this.heading + 4) % 8
    else grid.move(this, cell)
  }

  private ahead(turn: number): number | undefined {
    const { grid } = this.model
    const [dx, dy] = directions[(this.heading + turn) % 8] ?? [0, 0]
    const from = grid.cellOf(this)
    const [x, y] = [grid.xOf(from) + dx, grid.yOf(from) + dy]
    return x < 0 || y < 0 || x >= grid.width || y >= grid.height ? undefined : grid.cell(x, y)
  }
}

class Ants extends Model<typeof params> {
  grid = new SquareGrid<Ant>({ width: this.params.size, height: this.params.size, occupancy: 'many', rng: this.rng })
  /** Minus the distance from the nest, in the middle. */
  nestScent = new Layer(this.grid, { initial: (_cell, x, y) => -this.away(x, y, 0, 0) })
  /** The heap at each cell, counted from 1; 0: none. */
  heap = new Layer(this.grid, { type: Uint8Array, initial: (_cell, x, y) => this.heapAt(x, y) })
  food = new Layer(this.grid, { initial: cell => (this.heap.get(cell) > 0 ? 2 : 0) })
  pheromone = new Layer(this.grid)
  ants = this.agentsOf(Ant)
  /** Food that lies in each heap, the nearest first. */
  left = [0, 0, 0]
  brought = 0

  override setup() {
    this.food.data.forEach((food, cell) => {
      if (food > 0) this.left[this.heap.get(cell) - 1] = (this.left[this.heap.get(cell) - 1] as number) + food
    })
    const middle = (this.params.size - 1) >> 1
    for (const ant of this.spawn(this.params.ants, Ant, () => ({ heading: this.rng.int(8) })))
      this.grid.placeAt(ant, middle, middle)
  }

  override step() {
    const { diffusion, evaporation } = this.params
    this.ants.shuffleDo(ant => ant.step())
    this.pheromone.diffuse(diffusion)
    this.pheromone.evaporate(evaporation)
    if (this.isOver) this.stop('all food is in the nest')
  }

  /** One piece of the food of a cell. */
  take(cell: number) {
    const heap = this.heap.get(cell) - 1
    this.food.add(cell, -1)
    this.left[heap] = (this.left[heap] as number) - 1
  }

  private get isOver(): boolean {
    return this.left.every(food => food === 0) && this.ants.count(ant => ant.carries) === 0
  }

  private heapAt(x: number, y: number): number {
    return 1 + heaps.findIndex(([dx, dy]) => this.away(x, y, dx, dy) < this.params.size / 14)
  }

  /** Cells from a place that is given in sizes from the middle. */
  private away(x: number, y: number, dx: number, dy: number): number {
    const { size } = this.params
    const middle = (size - 1) / 2
    return math.hypot(x - middle - dx * size, y - middle - dy * size)
  }
}

/** Where the heaps lie, in sizes of the ground from the nest. */
const heaps = [
  [0.2, 0],
  [-0.25, -0.18],
  [-0.2, 0.36],
] as const

export default defineScenario({
  name: 'ants',
  title: 'Ants with pheromone',
  model: Ants,
  params,
  agents: { Ant },
  steps: 600,
  collect: {
    model: {
      near: m => m.left[0] as number,
      middle: m => m.left[1] as number,
      far: m => m.left[2] as number,
      brought: m => m.brought,
    },
  },
  view: {
    charts: ['near', 'middle', 'far'],
    agents: {
      Ant: a => ({
        size: 0.9,
        ...(a.carries ? { color: '#d1495b', label: 'with food' } : { color: '#2b2d42', label: 'searching' }),
      }),
    },
    layers: {
      pheromone: { colors: ['#ffffff', '#7fc8a9', '#1b7f5c'], min: 0, max: 4 },
      food: { colors: ['#ffffff', '#edae49'], min: 0, max: 2 },
    },
    space: m => m.grid,
  },
})
