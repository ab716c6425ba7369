/** Small models of one tool of a space each, as a user would write them. */

import { Agent, defineScenario, Model, Network, SquareGrid, smallWorld, z } from 'mycelia'

const rumourParams = z.object({ people: z.number(), side: z.number() })

/** Hears a rumour from a friend in the network, or from who stands beside it on the grid. */
class Citizen extends Agent<Rumour> {
  informed = 0
  override step(): void {
    const { grid, net } = this.model
    grid.walk(this)
    const near = grid.neighbors(this, 1, this.model.found)
    let heard = 0
    for (let i = 0; i < near.length; i++) heard += (near[i] as Citizen).informed
    const friends = net.neighbors(this, 1, this.model.found)
    for (let i = 0; i < friends.length; i++) heard += (friends[i] as Citizen).informed
    if (this.informed === 0 && heard > 2) this.informed = 1
  }
}

class Rumour extends Model<typeof rumourParams> {
  grid = new SquareGrid<Citizen>({
    width: this.params.side,
    height: this.params.side,
    torus: true,
    occupancy: 'many',
    rng: this.rng,
  })
  net = new Network<Citizen>({
    ...smallWorld({ nodes: this.params.people, degree: 6, rewire: 0.1, rng: this.rng }),
    rng: this.rng,
  })
  citizens = this.agentsOf(Citizen)
  found: Citizen[] = []
  override setup(): void {
    for (const citizen of this.spawn(this.params.people, Citizen, i => ({ informed: i % 20 === 0 ? 1 : 0 }))) {
      this.grid.placeRandomly(citizen)
      this.net.place(citizen, citizen.ordinal)
    }
  }
  override step(): void {
    this.citizens.shuffleDo(c => c.step())
  }
}

export const rumour = defineScenario({ title: 'Rumour', model: Rumour, params: rumourParams, agents: { Citizen } })

const roomsParams = z.object({ people: z.number(), side: z.number() })

/** Goes to a cell beside it, if there is room for a third, and greets who is there. */
class Guest extends Agent<Rooms> {
  met = 0
  override step(): void {
    const { grid } = this.model
    const cell = grid.randomCellAround(grid.cellOf(this), 1, this.rng)
    if (grid.hasRoom(cell)) grid.move(this, cell)
    const here = grid.neighbors(this, 0, this.model.found)
    for (let i = 0; i < here.length; i++) (here[i] as Guest).met++
  }
}

class Rooms extends Model<typeof roomsParams> {
  grid = new SquareGrid<Guest>({ width: this.params.side, height: this.params.side, torus: true, occupancy: 3, rng: this.rng })
  guests = this.agentsOf(Guest)
  found: Guest[] = []
  override setup(): void {
    for (const guest of this.spawn(this.params.people, Guest)) this.grid.placeRandomly(guest)
  }
  override step(): void {
    this.guests.shuffleDo(g => g.step())
  }
}

export const rooms = defineScenario({ title: 'Rooms', model: Rooms, params: roomsParams, agents: { Guest } })

const waysParams = z.object({ side: z.number(), walkers: z.number() })

/** Looks for a way round the walls to a new place at each step. */
class Walker extends Agent<Ways> {
  gone = 0
  override step(): void {
    const { grid } = this.model
    const to = grid.randomCellWithRoom(this.rng)
    this.gone += grid.path(grid.cellOf(this), to)?.cost ?? 0
    grid.move(this, to)
  }
}

class Ways extends Model<typeof waysParams> {
  grid = new SquareGrid<Walker>({
    width: this.params.side,
    height: this.params.side,
    neighbors: 'vonNeumann',
    occupancy: 'many',
    obstacles: () => this.rng.chance(0.25),
    rng: this.rng,
  })
  walkers = this.agentsOf(Walker)
  override setup(): void {
    for (const walker of this.spawn(this.params.walkers, Walker)) this.grid.placeRandomly(walker)
  }
  override step(): void {
    this.walkers.do(w => w.step())
  }
}

export const ways = defineScenario({ title: 'Ways', model: Ways, params: waysParams, agents: { Walker } })

const richParams = z.object({ people: z.number() })

/** Gives to another, the rich the more likely. */
class Giver extends Agent<Rich> {
  wealth = 10
  override step(): void {
    if (this.wealth === 0) return
    this.wealth--
    this.model.givers.randomWeighted(g => g.wealth + 1, this.rng).wealth++
  }
}

class Rich extends Model<typeof richParams> {
  givers = this.agentsOf(Giver)
  override setup(): void {
    this.spawn(this.params.people, Giver)
  }
  override step(): void {
    this.givers.shuffleDo(g => g.step())
  }
}

export const rich = defineScenario({ title: 'Rich', model: Rich, params: richParams, agents: { Giver } })
