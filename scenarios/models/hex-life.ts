/** Life on hexagons: Conway's game with six neighbours; with the rule 35/2 it too has gliders (C. Bays, Complex Systems 15, 2005). */

import { Agent, defineScenario, HexGrid, Model, simultaneous, z } from 'mycelia'

const counts = (standard: string, what: string) =>
  z
    .string()
    .regex(/^[0-6]*$/)
    .default(standard)
    .describe(what)

const params = z.object({
  width: z.number().int().min(3).max(1_000).default(60).describe('columns; the edges meet'),
  height: z.number().int().min(4).max(1_000).multipleOf(2).default(60).describe('rows, an even number'),
  density: z.number().min(0).max(1).default(0.3).describe('chance that a cell lives at first'),
  survive: counts('35', 'numbers of living neighbours with which a cell lives on, as digits'),
  birth: counts('2', 'numbers of living neighbours with which a dead cell comes to life, as digits'),
})

class Cell extends Agent<HexLife> {
  lives = false
  willLive = false

  override step() {
    const { grid, params } = this.model
    const living = grid.neighbors(this).filter(neighbor => neighbor.lives).length
    this.willLive = (this.lives ? params.survive : params.birth).includes(String(living))
  }

  advance() {
    this.lives = this.willLive
  }
}

class HexLife extends Model<typeof params> {
  grid = new HexGrid<Cell>({ width: this.params.width, height: this.params.height, torus: true })
  cells = this.agentsOf(Cell)

  override setup() {
    this.spawn(this.grid.size, Cell).forEach((cell, at) => {
      this.grid.place(cell, at)
      cell.lives = this.rng.chance(this.params.density)
    })
  }

  override step() {
    simultaneous(this.cells)
  }
}

export default defineScenario({
  name: 'hex-life',
  title: 'Life on hexagons',
  model: HexLife,
  params,
  agents: { Cell },
  steps: 200,
  collect: { model: { living: m => m.cells.count(c => c.lives) } },
  view: {
    charts: ['living'],
    agents: {
      Cell: c => (c.lives ? { color: '#2b2d42', label: 'living' } : { color: '#edf2f4', label: 'dead' }),
    },
    space: m => m.grid,
  },
})
