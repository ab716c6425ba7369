/** One agent that a viewer looks at: its fields, where it has been, and who is near. */

import type { Agent, Simulation } from '../model/index.js'
import { CellSpace, Plane, type Space, spacesOf } from '../space/index.js'
import { viewLimits } from './limits.js'
import type { Parts } from './parts.js'
import { plainValue } from './plain-value.js'
import { question } from './question.js'

/** Names that are the kernel's and not the model's. */
const kernels = new Set(['id', 'ordinal', 'model', 'rng'])

/** Writes `agent/<key>/fields`, `…/neighbors` (u32, ids) and `…/trail` (f32: two a step on a plane; one, a cell, elsewhere). */
export class AgentView {
  private readonly trail: number[] = []
  private agent: Agent | undefined
  /** Agents born when it was last searched for. */
  private bornThen = -1

  /** `key`: the agent's, or `#` and its id, as a viewer that saw it in the world calls it. */
  constructor(
    private readonly sim: Simulation,
    readonly key: string,
  ) {
    this.searchAgain()
  }

  /** One that was not there may have been born since; looking through all agents is worth it only then. */
  private searchAgain(): void {
    const { born } = this.sim.population
    if (this.agent !== undefined || born === this.bornThen) return
    this.bornThen = born
    this.agent = find(this.sim, this.key)
  }

  /** At the end of a step: remembers where the agent stands. */
  stepped(): void {
    const { agent } = this
    if (agent === undefined || !agent.alive) return
    const home = this.sim.look(() => spaceShown(this.sim, agent))
    if (home instanceof Plane) this.trail.push(home.xOf(agent), home.yOf(agent))
    else if (home instanceof CellSpace) this.trail.push(home.cellOf(agent))
    const most = (home instanceof Plane ? 2 : 1) * viewLimits.trail
    if (this.trail.length > most) this.trail.splice(0, this.trail.length - most)
  }

  /** Within `sim.look`. */
  write(parts: Parts): void {
    const name = question('agent', this.key)
    this.searchAgain()
    const { agent } = this
    const lives = agent?.alive ?? false
    parts.setJson(`${name}/fields`, {
      lives,
      id: agent?.id ?? null,
      key: agent?.key ?? null,
      ...(agent !== undefined && { fields: fieldsOf(agent) }),
    })
    parts.setArray(
      `${name}/neighbors`,
      Uint32Array.from(lives && agent !== undefined ? neighborsOf(agent, spaceShown(this.sim, agent)) : []),
    )
    parts.setArray(`${name}/trail`, Float32Array.from(this.trail))
  }
}

function find({ population }: Simulation, key: string): Agent | undefined {
  if (!key.startsWith('#')) return population.byKey(key)
  return population.byId(Number(key.slice(1)))
}

/** An agent's own fields as plain data. */
export function fieldsOf(agent: Agent): Record<string, unknown> {
  const own = Object.entries(agent).filter(([name]) => !name.startsWith('_') && !kernels.has(name))
  return Object.fromEntries(own.map(([name, value]) => [name, plainValue(value)]))
}

/** The space in which a viewer follows an agent: the one that is drawn, or the first it entered. */
function spaceShown({ scenario, model }: Simulation, agent: Agent): Space | undefined {
  const spaces = spacesOf(agent)
  return spaces.length > 1 ? (spaces.find(space => space === scenario.view?.space?.(model as never)) ?? spaces[0]) : spaces[0]
}

/** Ids of those beside it: in the cells or at the nodes one step away, or the nearest on a plane. */
function neighborsOf(agent: Agent, home: Space | undefined): number[] {
  const near = home instanceof Plane ? home.nearest(agent, 8) : home instanceof CellSpace ? around(home, agent) : []
  return near.slice(0, viewLimits.neighbors).map(({ id }) => id)
}

function around(space: CellSpace<Agent>, agent: Agent): Agent[] {
  const near: Agent[] = []
  space.forEachNeighbor(agent, neighbor => near.push(neighbor))
  return near
}
