/** Diffusion-limited aggregation: wanderers stick where they touch, and a tree grows (T. Witten and L. Sander, Phys. Rev. Lett. 47, 1981). */

import { Agent, defineScenario, Layer, Model, math, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(11).max(2_001).default(151).describe('columns and rows; the seed is in the middle'),
  perStep: z.number().int().min(1).max(1_000).default(3).describe('particles that come in a step, one after another'),
  stickiness: z.number().min(0.01).max(1).default(1).describe('chance to stick at a touch').meta({ changeable: true }),
})

class Particle extends Agent<Dla> {
  /** The step in which it stuck. */
  since = 0
}

class Dla extends Model<typeof params> {
  grid = new SquareGrid<Particle>({ width: this.params.size, height: this.params.size, neighbors: 'vonNeumann', rng: this.rng })
  particles = this.agentsOf(Particle)
  /** 1 beside a particle that stuck. */
  touching = new Layer(this.grid, { type: Uint8Array })
  /** Distance of the farthest particle from the seed. */
  radius = 0

  override setup() {
    const middle = (this.params.size - 1) >> 1
    this.stick(this.grid.cell(middle, middle))
  }

  override step() {
    for (let i = 0; i < this.params.perStep && !this.isDone; i++) this.stick(this.wander())
    if (this.isDone) this.stop('the tree has reached the edge')
  }

  private get isDone(): boolean {
    return this.radius + 3 >= (this.params.size - 1) / 2
  }

  /** A walk from a circle around the tree until it sticks; gives the cell. A walker that goes far away begins again. */
  private wander(): number {
    const { grid, params, rng, touching } = this
    const start = Math.min(this.radius + 2, (params.size - 3) / 2)
    let cell = this.onCircle(start)
    while (touching.get(cell) === 0 || !grid.isEmpty(cell) || !rng.chance(params.stickiness)) {
      const next = grid.randomCellAround(cell)
      if (grid.isEmpty(next)) cell = next
      if (this.away(cell) > 2 * start + 5 || this.isEdge(cell)) cell = this.onCircle(start)
    }
    return cell
  }

  private stick(cell: number) {
    const { grid, touching } = this
    grid.place(this.spawn(Particle, { since: this.steps }), cell)
    for (const beside of grid.cellsAround(cell)) touching.set(beside, 1)
    this.radius = Math.max(this.radius, this.away(cell))
  }

  private onCircle(radius: number): number {
    const middle = (this.params.size - 1) >> 1
    const angle = this.rng.between(0, 2 * Math.PI)
    return this.grid.cell(Math.round(middle + radius * math.cos(angle)), Math.round(middle + radius * math.sin(angle)))
  }

  private isEdge(cell: number): boolean {
    const { grid } = this
    const [x, y] = [grid.xOf(cell), grid.yOf(cell)]
    return x === 0 || y === 0 || x === grid.width - 1 || y === grid.height - 1
  }

  /** Distance of a cell from the seed. */
  away(cell: number): number {
    const middle = (this.params.size - 1) >> 1
    return math.hypot(this.grid.xOf(cell) - middle, this.grid.yOf(cell) - middle)
  }

  /** Root of the mean squared distance from the seed. */
  get gyration(): number {
    return Math.sqrt(this.particles.mean(p => this.away(this.grid.cellOf(p)) ** 2))
  }
}

export default defineScenario({
  name: 'dla',
  title: 'Diffusion-limited aggregation',
  model: Dla,
  params,
  agents: { Particle },
  steps: 200,
  collect: { model: { particles: m => m.particles.size, gyration: m => m.gyration } },
  view: {
    charts: ['particles', 'gyration'],
    agents: {
      Particle: p => ({
        shape: 'square',
        color: ['#30638e', '#3a7d44', '#edae49', '#d1495b'][Math.floor(p.since / 50) % 4] ?? '',
        label: 'stuck',
      }),
    },
    space: m => m.grid,
  },
})
