/** Measures of a network by graphology's libraries: how central its nodes are, what it falls apart into, how far it is from node to node. */

import louvainModule, { type DetailedLouvainOutput, type LouvainOptions } from 'graphology-communities-louvain'
import { connectedComponents, stronglyConnectedComponents } from 'graphology-components'
import { betweenness, closeness, eigenvector, pagerank } from 'graphology-metrics/centrality/index.js'
import { dijkstra, singleSourceLength } from 'graphology-shortest-path'
import { OperatorError, type Rng } from '../core/index.js'
import { type EdgeWeight, type Network, type NodeNumber, type Placeable, weightOf } from '../space/index.js'
import { type GraphologyGraph, graphologyOf } from './graphology.js'

/** The module is the function itself; its types say that it has it as `default`. */
const louvain = louvainModule as unknown as { detailed(graph: GraphologyGraph, options: LouvainOptions): DetailedLouvainOutput }

/** What an edge weighs in a measure; default: every edge weighs 1. */
export interface WeightOption {
  /** The name of an attribute that every edge has, or a function of it. */
  weight?: EdgeWeight
}

/** Where graphology keeps the weights it is given. */
const WEIGHT = ' weight'

/** Measures of a network as it is now: its edges are read once, so take them again when it has changed. */
export function measures(network: Network<Placeable, Placeable>): NetworkMeasures {
  return new NetworkMeasures(network)
}

/** Numbers come by node, NaN for a number that is no node's. Definitions and normalisation are networkx's. */
export class NetworkMeasures {
  private readonly graph: GraphologyGraph
  private readonly nodes: readonly NodeNumber[]
  private readonly end: number

  constructor(private readonly network: Network<Placeable, Placeable>) {
    this.graph = graphologyOf(network)
    this.nodes = network.allNodes()
    this.end = (this.nodes.at(-1) ?? -1) + 1
  }

  /** The share of the other nodes to which a node is joined; in a directed network by edges in and out. */
  degree(): Float64Array {
    const others = this.nodes.length - 1
    return this.byNode(node => {
      const edges = this.network.directed ? this.network.degree(node) + this.network.inDegree(node) : this.network.degree(node)
      return others === 0 ? 1 : edges / others
    })
  }

  /** The share of the shortest paths between others that pass through a node (Freeman 1977; Brandes 2001). */
  betweenness({ weight }: WeightOption = {}): Float64Array {
    return this.numbered(betweenness(this.graph, { getEdgeWeight: this.weigh(weight), normalized: true }))
  }

  /** How near a node is to those that reach it, by numbers of edges, with Wasserman and Faust's factor for a network that falls apart. */
  closeness(): Float64Array {
    return this.numbered(closeness(this.graph, { wassermanFaust: true }))
  }

  /** The entries of the first eigenvector of the adjacency matrix, of length 1. Throws where `iterations` do not find it. */
  eigenvector({
    weight,
    iterations = 1_000,
    tolerance = 1e-9,
  }: WeightOption & { iterations?: number; tolerance?: number } = {}): Float64Array {
    const options = { getEdgeWeight: this.weigh(weight), maxIterations: iterations, tolerance }
    return this.numbered(converged('eigenvector', iterations, () => eigenvector(this.graph, options)))
  }

  /** How often a walker along the edges is at a node who jumps anywhere with probability 1 − `damping` (Brin and Page 1998). */
  pagerank({
    weight,
    damping = 0.85,
    iterations = 1_000,
    tolerance = 1e-10,
  }: WeightOption & { damping?: number; iterations?: number; tolerance?: number } = {}): Float64Array {
    const options = { getEdgeWeight: this.weigh(weight), alpha: damping, maxIterations: iterations, tolerance }
    return this.numbered(converged('pagerank', iterations, () => pagerank(this.graph, options)))
  }

  /** The share of the pairs of a node's neighbours that are joined (Watts and Strogatz 1998), edges taken as undirected. */
  clustering(): Float64Array {
    return this.byNode(node => {
      const around = this.neighborsOf(node)
      let joined = 0
      for (const a of around) for (const b of this.neighborsOf(a)) if (b !== node && around.has(b)) joined++
      return around.size < 2 ? 0 : joined / (around.size * (around.size - 1))
    })
  }

  /** The parts that hang together, edges taken as undirected, the largest first; each ascending. */
  components(): NodeNumber[][] {
    return largestFirst(connectedComponents(this.graph))
  }

  /** The parts in which every node reaches every other along the edges, the largest first; each ascending. */
  strongComponents(): NodeNumber[][] {
    if (!this.network.directed) return this.components()
    return largestFirst(stronglyConnectedComponents(this.graph))
  }

  /** What the way from a node to each costs; Infinity where there is none. */
  distances(from: NodeNumber, { weight }: WeightOption = {}): Float64Array {
    const start = String(this.network.known(from))
    const found =
      weight === undefined ? singleSourceLength(this.graph, start) : dijkstraLengths(this.graph, start, this.weigh(weight))
    return this.byNode(node => found[node] ?? Number.POSITIVE_INFINITY)
  }

  /** Groups with many edges inside and few between (Louvain; Blondel and others 2008), by node and numbered from 0, and their modularity. */
  communities(rng: Rng, { weight, resolution = 1 }: WeightOption & { resolution?: number } = {}): Communities {
    if (this.graph.size === 0)
      return { of: this.byNode(node => this.nodes.indexOf(node)), count: this.nodes.length, modularity: 0 }
    const { communities, count, modularity } = louvain.detailed(this.graph, {
      getEdgeWeight: this.weigh(weight),
      resolution,
      rng: () => rng.float(),
    })
    return { of: this.numbered(communities), count, modularity }
  }

  /** Graphology reads weights from an attribute: one of its own, in its own copy of the edges. */
  private weigh(weight: EdgeWeight | undefined): string | null {
    if (weight === undefined) return null
    this.graph.forEachEdge((edge, attributes, source, target) => {
      this.graph.setEdgeAttribute(edge, WEIGHT, weightOf(weight, attributes, Number(source), Number(target)))
    })
    return WEIGHT
  }

  private neighborsOf(node: NodeNumber): Set<NodeNumber> {
    return new Set([...this.network.nodesAround(node), ...this.network.nodesInto(node)])
  }

  private numbered(byName: Record<string, number>): Float64Array {
    return this.byNode(node => byName[node] ?? Number.NaN)
  }

  private byNode(f: (node: NodeNumber) => number): Float64Array {
    const numbers = new Float64Array(this.end).fill(Number.NaN)
    for (const node of this.nodes) numbers[node] = f(node)
    return numbers
  }
}

/** Groups of nodes. */
export interface Communities {
  /** The number of each node's group. */
  readonly of: Float64Array
  readonly count: number
  readonly modularity: number
}

function dijkstraLengths(graph: GraphologyGraph, start: string, weight: string | null): Record<string, number> {
  const paths = dijkstra.singleSource(graph, start, weight ?? undefined)
  const lengthOf = ([first, ...rest]: string[]) => {
    let length = 0
    let at = first
    for (const next of rest) {
      length += Number(graph.getEdgeAttribute(at, next, weight ?? WEIGHT))
      at = next
    }
    return length
  }
  return Object.fromEntries(Object.entries(paths).map(([node, path]) => [node, lengthOf(path)]))
}

function largestFirst(parts: readonly (readonly string[])[]): NodeNumber[][] {
  const sorted = parts.map(part => part.map(Number).sort((a, b) => a - b))
  return sorted.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
}

/** Graphology throws a plain error where its iterations end before the numbers stand still. */
function converged<T>(name: string, iterations: number, compute: () => T): T {
  try {
    return compute()
  } catch (cause) {
    throw new OperatorError({
      what: `The ${name} of a network`,
      expected: `numbers that stand still within ${iterations} iterations (${(cause as Error).message})`,
      next: 'Give more `iterations`, or a larger `tolerance`.',
    })
  }
}
