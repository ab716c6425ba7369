/** What is always shown: the space, its layers and edges, and the agents in it. */

import type { Simulation, View } from '../model/index.js'
import { Layer, Network } from '../space/index.js'
import { AgentsOfType, type StyleOf } from './agents-of-type.js'
import { Looks } from './looks.js'
import type { PartArray } from './part.js'
import type { Parts } from './parts.js'
import { describeSpace } from './space-description.js'

/** Writes `space`, `layer/<name>`, `edges`, `looks`, `types` and `agents/<type>/…`. */
export class WorldView {
  private readonly looks = new Looks()
  private readonly types = new Map<string, AgentsOfType>()

  constructor(
    private readonly sim: Simulation,
    private readonly view: View<never>,
  ) {}

  /** Agents of the last picture that are drawn with the look of others. */
  get agentsLikeOthers(): number {
    return this.looks.dropped
  }

  /** Within `sim.look`. */
  write(parts: Parts): void {
    this.looks.begin()
    const { sim, view } = this
    const space = view.space?.(sim.model as never)
    parts.setJson('space', describeSpace(space))
    if (space instanceof Network) parts.setArray('edges', edgesOf(space))
    for (const name of Object.keys(view.layers ?? {})) this.writeLayer(name, parts)
    for (const [type, set] of sim.population.sets) this.ofType(type).write(set, set.size, space, this.looks, parts)
    parts.setJson('types', sim.population.counts())
    parts.setJson('looks', this.looks.list)
  }

  private ofType(type: string): AgentsOfType {
    let known = this.types.get(type)
    if (known === undefined) {
      const styles = (this.view.agents ?? {}) as Record<string, StyleOf>
      known = new AgentsOfType(type, styles[type])
      this.types.set(type, known)
    }
    return known
  }

  private writeLayer(name: string, parts: Parts): void {
    const layer = (this.sim.model as unknown as Record<string, unknown>)[name]
    if (!(layer instanceof Layer)) return
    parts.setArray(`layer/${name}`, sendable(layer.data))
  }
}

/** Two node numbers an edge. */
function edgesOf(network: Network): Uint32Array {
  const edges = network.edges()
  const ends = new Uint32Array(2 * edges.length)
  edges.forEach(([from, to], i) => {
    ends[2 * i] = from
    ends[2 * i + 1] = to
  })
  return ends
}

/** Doubles become floats: a colour needs no more, and a frame of 100,000 cells is half as large. */
function sendable(data: Layer['data'] | ArrayLike<number>): PartArray {
  if (data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Int32Array || data instanceof Uint32Array)
    return data
  return data instanceof Float32Array ? data : Float32Array.from(data)
}
