/**
 * Where the nodes of a network stand: pushed apart and drawn together along edges, from the same start each time, so that a graph looks the
 * same on every machine. It is laid out once; later edges only mend what stands.
 */

import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force'
import { networkSide } from './places.js'

interface Point {
  readonly x: number
  readonly y: number
}

type Node = SimulationNodeDatum & { index: number; x: number; y: number }

/** What is laid out. */
interface Graph {
  readonly nodes: number
  /** Two nodes an edge. */
  readonly edges: Uint32Array
  /** By these a node is known again; default: by its number. */
  readonly names?: readonly string[]
  /** Of each node, counted from 0: groups stand apart, on a circle. */
  readonly groups?: readonly number[]
}

/** Nodes and edges that are laid out by force; larger graphs keep their start, a spiral. */
const forcedAtMost = 60_000
/** Work of a whole layout, in nodes and edges a tick. */
const work = 2_000_000
const mostTicks = 300
const margin = 30
/** Of the circle on which groups stand. */
const groupsApart = 150

export class NetworkLayout {
  /** Two numbers a node, within the square of `networkSide`. */
  at = new Float32Array(0)
  private nodes: Node[] = []
  private names: readonly string[] = []
  private forces: Simulation<Node, SimulationLinkDatum<Node>> | undefined
  private edges: Uint32Array | undefined
  private left = 0
  private frame = { scale: 1, dx: 0, dy: 0 }
  private fixedFrame = false

  /** Takes a graph; the same edges again change nothing. */
  take(graph: Graph): void {
    const { nodes, edges, names } = graph
    if (edges === this.edges && nodes === this.nodes.length) return
    const isNew = this.nodes.length === 0
    const before = this.nodes
    const named = names && new Map(this.names.map((name, i) => [name, before[i]]))
    const centres = centresOf(graph)
    this.edges = edges
    this.names = names ?? []
    this.nodes = Array.from({ length: nodes }, (_, i) => {
      const kept = named === undefined ? before[i] : named.get(this.names[i] as string)
      return kept === undefined ? started(i, centres?.[i]) : Object.assign(kept, { index: i })
    })
    this.begin(graph, centres, isNew)
    this.spread()
  }

  /** Whether `tick` would still move something. */
  get settles(): boolean {
    return this.left > 0
  }

  /** One tick of the layout. */
  tick(): void {
    if (this.forces === undefined || this.left === 0) return
    this.forces.tick()
    this.left--
    this.spread()
  }

  /** Holds a node at a place of the world and lets the others give way. It stays there when it is let go. */
  drag(node: number, x: number, y: number): void {
    const dragged = this.nodes[node]
    if (dragged === undefined) return
    const { scale, dx, dy } = this.frame
    dragged.x = (x - dx) / scale
    dragged.y = (y - dy) / scale
    dragged.fx = dragged.x
    dragged.fy = dragged.y
    this.forces?.alpha(Math.max(0.15, this.forces.alpha()))
    if (this.forces !== undefined) this.left = Math.max(this.left, 30)
    this.write()
  }

  private begin({ nodes, edges }: Graph, centres: readonly Point[] | undefined, isNew: boolean): void {
    this.forces = undefined
    this.left = 0
    this.fixedFrame = !isNew
    const count = edges.length / 2
    if (nodes + count > forcedAtMost || (count === 0 && centres === undefined)) return
    const links = Array.from({ length: count }, (_, i) => ({
      source: edges[2 * i] as number,
      target: edges[2 * i + 1] as number,
    })).filter(({ source, target }) => source < nodes && target < nodes)
    const springs = forceLink<Node, SimulationLinkDatum<Node>>(links)
    this.forces = forceSimulation(this.nodes)
      .stop()
      .force('x', forceX<Node>(({ index }) => centres?.[index]?.x ?? 0).strength(0.1))
      .force('y', forceY<Node>(({ index }) => centres?.[index]?.y ?? 0).strength(0.1))
      .alpha(isNew ? 1 : 0.2)
    if (centres === undefined)
      this.forces.force('links', springs.distance(30)).force('charge', forceManyBody().strength(-60).theta(1))
    else
      this.forces
        .force('links', springs.distance(50).strength(0.02))
        .force('charge', forceManyBody().strength(-24).theta(1))
        .force('collide', forceCollide(9))
    this.left = Math.max(10, Math.min(isNew ? mostTicks : 40, Math.floor(work / (nodes + count))))
    this.forces.alphaDecay(1 - 0.001 ** (1 / this.left))
  }

  /** Scales the layout into the square; a graph that has settled keeps its scale. */
  private spread(): void {
    if (!this.fixedFrame) this.frame = frameOf(this.nodes)
    if (this.left === 0) this.fixedFrame = true
    this.write()
  }

  private write(): void {
    const { nodes } = this
    if (this.at.length !== 2 * nodes.length) this.at = new Float32Array(2 * nodes.length)
    const { scale, dx, dy } = this.frame
    for (const { index, x, y } of nodes) {
      this.at[2 * index] = x * scale + dx
      this.at[2 * index + 1] = y * scale + dy
    }
  }
}

/** The sunflower's spiral: even, and the same for each number of nodes. */
function started(index: number, { x, y }: Point = { x: 0, y: 0 }): Node {
  const radius = 10 * Math.sqrt(0.5 + index)
  const angle = index * Math.PI * (3 - Math.sqrt(5))
  return { index, x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) }
}

/** Undefined where all nodes are of one group. */
function centresOf({ groups = [] }: Graph): readonly Point[] | undefined {
  const count = Math.max(0, ...groups) + 1
  if (count === 1) return undefined
  return groups.map(group => {
    const angle = (2 * Math.PI * group) / count
    return { x: groupsApart * Math.cos(angle), y: groupsApart * Math.sin(angle) }
  })
}

function frameOf(nodes: readonly Node[]): { scale: number; dx: number; dy: number } {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { x, y } of nodes) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (!(right >= left)) return { scale: 1, dx: 0, dy: 0 }
  const scale = (networkSide - 2 * margin) / Math.max(1, right - left, bottom - top)
  return { scale, dx: (networkSide - scale * (left + right)) / 2, dy: (networkSide - scale * (top + bottom)) / 2 }
}
