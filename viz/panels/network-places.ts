/** Where the nodes of a panel's network stand, by their ids. They are laid out anew only where others come or go; what has been dragged stays. */

import type { NetworkEdge, NetworkNode } from '../../src/model/index.js'
import { NetworkLayout } from '../draw/network-layout.js'

export interface Place {
  readonly x: number
  readonly y: number
}

export class NetworkPlaces {
  private readonly layout = new NetworkLayout()
  private ids: readonly string[] = []

  /** The places of these nodes now. */
  take(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[]): ReadonlyMap<string, Place> {
    const ids = nodes.map(({ id }) => id)
    if (ids.join('\n') !== this.ids.join('\n')) {
      this.ids = ids
      const kinds = [...new Set(nodes.map(({ group = '' }) => group))]
      const groups = nodes.map(({ group = '' }) => kinds.indexOf(group))
      this.layout.take({ nodes: ids.length, edges: numbered(edges, ids), names: ids, groups })
    }
    const { at } = this.layout
    return new Map(ids.map((id, i) => [id, { x: at[2 * i] as number, y: at[2 * i + 1] as number }]))
  }

  get settles(): boolean {
    return this.layout.settles
  }

  /** Moves what still moves, for about so long. */
  settle(forMs: number): void {
    const until = performance.now() + forMs
    while (this.layout.settles && performance.now() < until) this.layout.tick()
  }

  move(id: string, x: number, y: number): void {
    this.layout.drag(this.ids.indexOf(id), x, y)
  }
}

/** Edges between nodes that are there. */
function numbered(edges: readonly NetworkEdge[], ids: readonly string[]): Uint32Array {
  const numbers = new Map(ids.map((id, i) => [id, i]))
  return Uint32Array.from(
    edges.flatMap(({ from, to }) => {
      const [a, b] = [numbers.get(from), numbers.get(to)]
      return a === undefined || b === undefined ? [] : [a, b]
    }),
  )
}
