/** A network as graphology's graph, and graphology's graph as data for a network. */

import { DirectedGraph, UndirectedGraph } from 'graphology'
import { OperatorError } from '../core/index.js'
import type { Attributes, Edge, NamedGraph, Network, Placeable } from '../space/index.js'

/** What is needed of a graph, whichever of graphology's classes it is. */
export type GraphologyGraph = DirectedGraph | UndirectedGraph

/** Nodes in ascending order and edges by their age, so that the same network gives the same graph. */
export function graphologyOf(network: Network<Placeable, Placeable>, nameOf: (node: number) => string = String): GraphologyGraph {
  const graph = network.directed ? new DirectedGraph() : new UndirectedGraph()
  for (const node of network.allNodes()) graph.addNode(nameOf(node), { ...network.nodeAttributes(node) })
  for (const [from, to, attributes] of network.edges()) graph.addEdge(nameOf(from), nameOf(to), { ...attributes })
  return graph
}

/** A graph that was read from a file: it may hold more than a network can, which `graphOf` then says. */
interface ReadGraph {
  nodes(): string[]
  getNodeAttributes(node: string): object
  forEachEdge(
    f: (edge: string, attributes: object, source: string, target: string, s: object, t: object, undirected: boolean) => void,
  ): void
}

/** Nodes are numbered as they come. Throws where a network cannot hold the graph. */
export function graphOf(graph: ReadGraph, what: string): NamedGraph {
  const names = graph.nodes()
  const numbers = new Map(names.map((name, number) => [name, number]))
  const edges: Edge[] = []
  const kinds = new Set<boolean>()
  graph.forEachEdge((_edge, attributes, source, target, _s, _t, undirected) => {
    const ends = [numbers.get(source) ?? 0, numbers.get(target) ?? 0] as const
    const known = plain(attributes)
    edges.push(Object.keys(known).length === 0 ? ends : [...ends, known])
    kinds.add(undirected)
  })
  if (kinds.size > 1)
    throw new OperatorError({
      what,
      expected: 'edges that are all directed or all undirected',
      got: 'both',
      next: 'Write each undirected edge as two directed ones.',
    })
  assertSimple(edges, names, !kinds.has(true), what)
  return {
    nodes: names.length,
    edges,
    directed: kinds.has(false),
    names,
    nodeAttributes: names.map(n => plain(graph.getNodeAttributes(n))),
  }
}

/** Throws for an edge from a node to itself, and for a second edge between two nodes. */
export function assertSimple(edges: readonly Edge[], names: readonly string[], directed: boolean, what: string): void {
  const seen = new Set<string>()
  for (const [from, to] of edges) {
    const key = directed || from < to ? `${from} ${to}` : `${to} ${from}`
    if (from !== to && !seen.has(key)) {
      seen.add(key)
      continue
    }
    throw new OperatorError({
      what: `The edge from "${names[from]}" to "${names[to]}" of ${what}`,
      expected: 'two different nodes, joined once',
      next: from === to ? 'Leave it out: a network holds no edge from a node to itself.' : 'Join both into one, with a weight.',
    })
  }
}

/** What an attribute of a network can hold; other values of a file are left out. */
function plain(attributes: object): Attributes {
  const kept = Object.entries(attributes).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  return Object.fromEntries(kept.filter(([, value]) => !Number.isNaN(value))) as Attributes
}
