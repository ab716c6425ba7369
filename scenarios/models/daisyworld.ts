/** Daisyworld: daisies keep their planet's temperature even while its sun grows hotter (A. Watson and J. Lovelock, Tellus B 35, 1983). */

import { Agent, defineScenario, Layer, Model, math, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(2).max(500).default(29).describe('side of the square planet; its edges meet'),
  daisies: z.number().min(0).max(0.5).default(0.2).describe('share of the cells with a daisy of each colour at first'),
  luminosity: z.number().min(0).max(3).default(1).describe('strength of the sun; 1 is the present'),
  warming: z.number().min(-0.1).max(0.1).default(0).describe('change of the luminosity in a step').meta({ changeable: true }),
})

const albedo = { black: 0.25, white: 0.75, ground: 0.4 }
const oldest = 25

class Daisy extends Agent<Daisyworld> {
  color: 'black' | 'white' = 'black'
  age = 0

  override step() {
    const { model } = this
    const { grid } = model
    const cell = grid.cellOf(this)
    if (++this.age > oldest) return this.remove()
    const t = model.temperature.get(cell)
    // The chance of a seed is a parabola over the temperature: it is largest at 22.5 °C.
    if (!model.rng.chance(Math.min(1, Math.max(0, 0.1457 * t - 0.0032 * t * t - 0.6443)))) return
    const free = grid.emptyCellsAround(cell)
    if (free.length > 0) model.grow(this.color, model.rng.pick(free))
  }
}

class Daisyworld extends Model<typeof params> {
  grid = new SquareGrid<Daisy>({ width: this.params.size, height: this.params.size, torus: true, rng: this.rng })
  temperature = new Layer(this.grid)
  daisies = this.agentsOf(Daisy)
  luminosity = this.params.luminosity

  override setup() {
    const each = Math.floor(this.params.daisies * this.grid.size)
    for (const color of ['black', 'white'] as const) {
      for (let i = 0; i < each; i++) this.grow(color, this.grid.randomEmptyCell(), this.rng.int(oldest))
    }
  }

  override step() {
    this.luminosity += this.params.warming
    this.temperature.map((before, cell) => (before + this.heating(cell)) / 2)
    this.temperature.diffuse(0.5)
    this.daisies.shuffleDo(daisy => daisy.step())
  }

  /** The temperature, °C, at which a cell would stay without its neighbours. */
  heating(cell: number): number {
    const absorbed = (1 - albedo[this.grid.at(cell)?.color ?? 'ground']) * this.luminosity
    return absorbed > 0 ? 72 * math.log(absorbed) + 80 : 80
  }

  grow(color: Daisy['color'], cell: number, age = 0) {
    this.grid.place(this.spawn(Daisy, { color, age }), cell)
  }

  get meanTemperature(): number {
    return this.temperature.sum() / this.grid.size
  }
}

export default defineScenario({
  name: 'daisyworld',
  title: 'Daisyworld',
  model: Daisyworld,
  params,
  agents: { Daisy },
  steps: 300,
  collect: {
    model: {
      temperature: m => m.meanTemperature,
      black: m => m.daisies.count(d => d.color === 'black'),
      white: m => m.daisies.count(d => d.color === 'white'),
    },
  },
  view: {
    charts: ['temperature', 'black', 'white'],
    agents: {
      Daisy: d => ({ size: 0.8, color: d.color === 'black' ? '#2b2d42' : '#f8f9fa', label: d.color }),
    },
    layers: { temperature: { colors: ['#30638e', '#edae49', '#d1495b'], min: 0, max: 50 } },
    space: m => m.grid,
  },
})
