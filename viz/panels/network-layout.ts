/** Where the nodes of a panel's network stand: laid out once, and again only for nodes that come; a node that is dragged stays. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force'
import type { NetworkEdge, NetworkNode } from '../../src/model/index.js'

export interface Place {
  readonly id: string
  x: number
  y: number
}

interface Spring {
  readonly source: string
  readonly target: string
}

/** Rounds of the layout; fewer where there is much to move. */
const rounds = 300
const mostMoves = 300_000

export class NetworkLayout {
  private readonly places = new Map<string, Place>()
  private laidOut = ''

  /** Places by id, in a square around 0. New nodes are laid out among the old ones. */
  place(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[]): ReadonlyMap<string, Place> {
    const known = nodes.map(({ id }) => id).join('\n')
    if (known !== this.laidOut) this.layOut(nodes, edges)
    this.laidOut = known
    return this.places
  }

  move(id: string, x: number, y: number): void {
    const place = this.places.get(id)
    if (place !== undefined) Object.assign(place, { x, y })
  }

  private layOut(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[]): void {
    const groups = [...new Set(nodes.map(({ group = '' }) => group))]
    const ids = new Set(nodes.map(({ id }) => id))
    for (const id of this.places.keys()) if (!ids.has(id)) this.places.delete(id)
    const placed = nodes.map((node, i) => this.places.get(node.id) ?? this.add(node, groups, i))
    const centre = (i: number) => centreOf(groups.indexOf(nodes[i]?.group ?? ''), groups.length)
    const links: Spring[] = edges.flatMap(({ from, to }) => (ids.has(from) && ids.has(to) ? [{ source: from, target: to }] : []))
    const simulation = forceSimulation(placed)
      .force('charge', forceManyBody<Place>().strength(-24))
      .force('collide', forceCollide<Place>(9))
      .force(
        'link',
        forceLink<Place, Spring>(links)
          .id(({ id }) => id)
          .distance(50)
          .strength(0.02),
      )
      .force('x', forceX<Place>((_, i) => centre(i).x).strength(0.12))
      .force('y', forceY<Place>((_, i) => centre(i).y).strength(0.12))
      .stop()
    simulation.tick(Math.max(1, Math.min(rounds, Math.round(mostMoves / Math.max(1, nodes.length + links.length)))))
  }

  /** On a spiral around its group's centre, so that the same nodes are always laid out alike. */
  private add({ id, group = '' }: NetworkNode, groups: readonly string[], i: number): Place {
    const { x, y } = centreOf(groups.indexOf(group), groups.length)
    const angle = i * 2.399963
    const place = { id, x: x + 4 * Math.sqrt(i) * Math.cos(angle), y: y + 4 * Math.sqrt(i) * Math.sin(angle) }
    this.places.set(id, place)
    return place
  }
}

/** Groups stand on a circle. */
function centreOf(group: number, groups: number): { x: number; y: number } {
  if (groups <= 1) return { x: 0, y: 0 }
  const angle = (2 * Math.PI * group) / groups
  return { x: 150 * Math.cos(angle), y: 150 * Math.sin(angle) }
}
