/** Conway's Game of Life: every cell looks at its eight neighbours, then all change at once (M. Gardner, Scientific American, October 1970). */

import { Agent, defineScenario, Model, SquareGrid, simultaneous, z } from 'mycelia'

/** Living cells as text, one line a row; placed in the middle. */
const patterns = {
  glider: ['.#.', '..#', '###'],
  'r-pentomino': ['.##', '##.', '.#.'],
  acorn: ['.#.....', '...#...', '##..###'],
}

const params = z.object({
  width: z.number().int().min(3).max(1_000).default(60).describe('columns; the edges meet'),
  height: z.number().int().min(3).max(1_000).default(60).describe('rows'),
  start: z.enum(['random', 'glider', 'r-pentomino', 'acorn']).default('random').describe('what lives at first'),
  density: z.number().min(0).max(1).default(0.3).describe('chance that a cell lives at first, where the start is random'),
})

class Cell extends Agent<Life> {
  lives = false
  willLive = false

  override step() {
    let living = 0
    for (const neighbor of this.model.grid.neighbors(this)) if (neighbor.lives) living++
    this.willLive = living === 3 || (living === 2 && this.lives)
  }

  advance() {
    this.lives = this.willLive
  }
}

class Life extends Model<typeof params> {
  grid = new SquareGrid<Cell>({ width: this.params.width, height: this.params.height, torus: true })
  cells = this.agentsOf(Cell)

  override setup() {
    const { grid, params } = this
    this.spawn(grid.size, Cell).forEach((cell, at) => {
      grid.place(cell, at)
      cell.lives = params.start === 'random' && this.rng.chance(params.density)
    })
    if (params.start !== 'random') this.draw(patterns[params.start])
  }

  override step() {
    simultaneous(this.cells)
  }

  private draw(rows: readonly string[]) {
    const { grid } = this
    const left = (grid.width - (rows[0]?.length ?? 0)) >> 1
    const top = (grid.height - rows.length) >> 1
    rows.forEach((row, y) => {
      for (let x = 0; x < row.length; x++) {
        const cell = grid.at(grid.cell(left + x, top + y))
        if (cell !== undefined) cell.lives = row[x] === '#'
      }
    })
  }
}

export default defineScenario({
  name: 'game-of-life',
  title: 'Game of Life',
  model: Life,
  params,
  agents: { Cell },
  steps: 200,
  collect: { model: { living: m => m.cells.count(c => c.lives) } },
  view: {
    charts: ['living'],
    agents: {
      Cell: c => ({
        shape: 'square',
        ...(c.lives ? { color: '#2b2d42', label: 'living' } : { color: '#edf2f4', label: 'dead' }),
      }),
    },
    space: m => m.grid,
  },
})
