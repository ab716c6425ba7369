/** A forest fire: trees set fire to their neighbours. The density of trees decides whether the fire crosses the forest. */

import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'

const params = z.object({
  width: z.number().int().min(1).max(2_000).default(100).describe('columns of the forest; the first one burns at the start'),
  height: z.number().int().min(1).max(2_000).default(100).describe('rows of the forest'),
  density: z.number().min(0).max(1).default(0.7).describe('chance that a cell has a tree'),
})

const Green = 0
const Burning = 1
const Burnt = 2

/** The neighbours of whoever burns, in one list for all: no field of the model, whose state it is not part of, and new in each run. */
let near: Tree[] = []

class Tree extends Agent<ForestFire> {
  state = Green

  override step() {
    if (this.state !== Burning) return
    for (const neighbor of this.model.grid.neighbors(this, 1, near)) if (neighbor.state === Green) neighbor.state = Burning
    this.state = Burnt
  }
}

class ForestFire extends Model<typeof params> {
  grid = new SquareGrid<Tree>({
    width: this.params.width,
    height: this.params.height,
    neighbors: 'vonNeumann',
  })
  trees = this.agentsOf(Tree)

  override setup() {
    near = []
    const { grid, params, rng } = this
    for (let cell = 0; cell < grid.size; cell++) {
      if (!rng.chance(params.density)) continue
      const tree = this.spawn(Tree)
      grid.place(tree, cell)
      if (grid.xOf(cell) === 0) tree.state = Burning
    }
  }

  override step() {
    this.trees.do(tree => tree.step())
  }
}

export default defineScenario({
  name: 'forest-fire',
  title: 'Forest fire',
  model: ForestFire,
  params,
  agents: { Tree },
  steps: 100,
  collect: {
    model: {
      green: m => m.trees.count(t => t.state === Green),
      burning: m => m.trees.count(t => t.state === Burning),
      burnt: m => m.trees.count(t => t.state === Burnt),
    },
  },
  view: {
    charts: ['green', 'burning', 'burnt'],
    agents: {
      Tree: t => ({
        shape: 'square',
        color: ['#3a7d44', '#f26419', '#2b2d42'][t.state] ?? '',
        label: ['green', 'burning', 'burnt'][t.state] ?? '',
      }),
    },
    space: m => m.grid,
  },
})
