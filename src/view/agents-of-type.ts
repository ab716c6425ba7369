/** The agents of one type as arrays: who they are, where they stand, how they look. */

import type { Agent, AgentStyle } from '../model/index.js'
import { CellSpace, Plane } from '../space/index.js'
import type { Looks } from './looks.js'
import type { Parts } from './parts.js'

/** How one agent is drawn; undefined where the scenario says nothing of its type. */
export type StyleOf = ((agent: Agent) => AgentStyle) | undefined

const plain: AgentStyle = {}

/**
 * Writes `agents/<type>/…`: `id` (u32), `cell` (u32, on a grid or network) or `xy` (f32, two a bird), `look` (u16, of the part `looks`), `size`
 * and `angle` (f32). An array whose values are all alike has one of them.
 */
export class AgentsOfType {
  private ids = new Uint32Array(0)
  private cells = new Uint32Array(0)
  private places = new Float32Array(0)
  private looks = new Uint16Array(0)
  private sizes = new Float32Array(0)
  private angles = new Float32Array(0)
  /** The style read last, and the number of its look. */
  private last: AgentStyle | undefined
  private lastLook = 0

  constructor(
    private readonly type: string,
    private readonly styleOf: StyleOf,
  ) {}

  write(agents: Iterable<Agent>, size: number, space: unknown, looks: Looks, parts: Parts): void {
    this.reserve(size)
    const n = this.read(agents, space, looks)
    const name = `agents/${this.type}`
    parts.setArray(`${name}/id`, this.ids.subarray(0, n))
    if (space instanceof Plane) parts.setArray(`${name}/xy`, this.places.subarray(0, 2 * n))
    else if (space instanceof CellSpace) parts.setArray(`${name}/cell`, this.cells.subarray(0, n))
    parts.setArray(`${name}/look`, shortened(this.looks, n))
    parts.setArray(`${name}/size`, shortened(this.sizes, n))
    parts.setArray(`${name}/angle`, shortened(this.angles, n))
  }

  /** Reads those that stand in the space; returns how many. */
  private read(agents: Iterable<Agent>, space: unknown, looks: Looks): number {
    const plane = space instanceof Plane ? space : undefined
    const grid = space instanceof CellSpace ? space : undefined
    let n = 0
    for (const agent of agents) {
      if ((plane ?? grid)?.holds(agent) === false) continue
      this.ids[n] = agent.id
      if (plane !== undefined) {
        this.places[2 * n] = plane.xOf(agent)
        this.places[2 * n + 1] = plane.yOf(agent)
      } else if (grid !== undefined) this.cells[n] = grid.cellOf(agent)
      this.style(n, agent, looks)
      n++
    }
    return n
  }

  private style(n: number, agent: Agent, looks: Looks): void {
    const style = this.styleOf === undefined ? plain : this.styleOf(agent)
    const { last } = this
    // Neighbours in the list often look alike, and a look is found by a text of all that makes it.
    if (last === undefined || last.color !== style.color || last.shape !== style.shape || last.label !== style.label)
      this.lastLook = looks.numberOf(this.type, style)
    // One that is drawn as another is not kept, so that each such agent is counted.
    this.last = looks.isBeyond(this.type, style) ? undefined : style
    this.looks[n] = this.lastLook
    this.sizes[n] = style.size ?? 1
    this.angles[n] = style.angle ?? 0
  }

  private reserve(size: number): void {
    if (size <= this.ids.length) return
    this.ids = new Uint32Array(size)
    this.cells = new Uint32Array(size)
    this.places = new Float32Array(2 * size)
    this.looks = new Uint16Array(size)
    this.sizes = new Float32Array(size)
    this.angles = new Float32Array(size)
  }
}

function shortened<A extends Uint16Array | Float32Array>(all: A, n: number): A {
  for (let i = 1; i < n; i++) if (all[i] !== all[0]) return all.subarray(0, n) as A
  return all.subarray(0, Math.min(1, n)) as A
}
