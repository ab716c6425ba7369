/** Civil violence: citizens with a grievance who rebel when few police are in sight (J. Epstein, PNAS 99, 2002, model I). */

import { Agent, defineScenario, Model, math, SquareGrid, z } from 'mycelia'

const params = z.object({
  size: z.number().int().min(5).max(200).default(30).describe('columns and rows; the edges meet'),
  citizens: z.number().min(0).max(0.9).default(0.7).describe('share of the cells with a citizen at first'),
  police: z.number().min(0).max(0.1).default(0.04).describe('share of the cells with police'),
  vision: z.number().int().min(1).max(15).default(7).describe('how far everybody sees, cells along rows and columns'),
  legitimacy: z
    .number()
    .min(0)
    .max(1)
    .default(0.82)
    .describe('legitimacy of the regime as all see it, L')
    .meta({ changeable: true }),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('grievance beyond the risk that makes a rebel, T')
    .meta({ changeable: true }),
  longest: z.number().int().min(0).max(1_000).default(30).describe('longest time in jail, steps').meta({ changeable: true }),
})

/** The chance of arrest is 1 − e^(−2.3 C/A): 0.9 where one of the police faces one rebel. */
const arrests = 2.3

/** Those in sight, and the free cells, of whoever looks: in one list for all, which is no part of a model's state and new in each run. */
let seen: Dweller[] = []
let free: number[] = []

abstract class Dweller extends Agent<CivilViolence> {
  /** To a random free cell in sight. */
  protected wander() {
    const { grid, params, rng } = this.model
    grid.emptyCellsAround(grid.cellOf(this), params.vision, free)
    if (free.length > 0) grid.move(this, rng.pick(free))
  }
}

class Citizen extends Dweller {
  hardship = this.rng.float()
  riskAversion = this.rng.float()
  rebels = false
  /** Steps left in jail; where it is above 0 the citizen stands nowhere. */
  jail = 0

  /** Looks, decides, and goes somewhere. */
  override step() {
    if (this.jail > 0) return this.serve()
    const { legitimacy, threshold } = this.model.params
    const grievance = this.hardship * (1 - legitimacy)
    this.rebels = grievance - this.riskAversion * this.arrestChance() > threshold
    this.wander()
  }

  /** By the police and the rebels in sight, itself among the rebels. */
  private arrestChance(): number {
    let police = 0
    let rebels = 1
    const { grid, params } = this.model
    for (const other of grid.neighbors(this, params.vision, seen)) {
      if (other instanceof Police) police++
      else if ((other as Citizen).rebels) rebels++
    }
    return 1 - math.exp(-arrests * Math.floor(police / rebels))
  }

  private serve() {
    this.jail--
    if (this.jail === 0) this.model.grid.placeOnEmpty(this)
  }
}

class Police extends Dweller {
  /** Arrests one of the rebels in sight and takes that place, then goes somewhere. */
  override step() {
    const { grid, params, rng } = this.model
    const rebels = grid
      .neighbors(this, params.vision, seen)
      .filter(other => other instanceof Citizen && other.rebels) as Citizen[]
    if (rebels.length > 0) {
      const rebel = rng.pick(rebels)
      const cell = grid.cellOf(rebel)
      grid.remove(rebel)
      rebel.rebels = false
      rebel.jail = 1 + rng.int(Math.max(1, params.longest))
      grid.move(this, cell)
    }
    this.wander()
  }
}

class CivilViolence extends Model<typeof params> {
  grid = new SquareGrid<Dweller>({
    width: this.params.size,
    height: this.params.size,
    torus: true,
    neighbors: 'vonNeumann',
    rng: this.rng,
  })
  citizens = this.agentsOf(Citizen)
  police = this.agentsOf(Police)

  override setup() {
    seen = []
    free = []
    const { citizens, police } = this.params
    const people = this.spawn(Math.floor(citizens * this.grid.size), Citizen)
    const force = this.spawn(Math.floor(police * this.grid.size), Police)
    for (const dweller of [...people, ...force]) this.grid.placeOnEmpty(dweller)
  }

  /** Everybody acts once, citizens and police mixed. */
  override step() {
    this.citizens.union(this.police).shuffleDo(dweller => dweller.step())
  }
}

export default defineScenario({
  name: 'civil-violence',
  title: 'Civil violence',
  model: CivilViolence,
  params,
  agents: { Citizen, Police },
  steps: 200,
  collect: {
    model: {
      rebels: m => m.citizens.count(c => c.rebels),
      jailed: m => m.citizens.count(c => c.jail > 0),
      quiet: m => m.citizens.count(c => !c.rebels && c.jail === 0),
    },
  },
  view: {
    charts: ['rebels', 'jailed'],
    agents: {
      Citizen: c => ({ ...(c.rebels ? { color: '#d1495b', label: 'rebel' } : { color: '#a9c6d9', label: 'quiet' }) }),
      Police: () => ({ shape: 'square', color: '#2b2d42' }),
    },
    space: m => m.grid,
  },
})
