/**
 * The common random graphs, as data for `new Network`. Where graphology's generators have one it is theirs, drawing from
 * our stream; small worlds and preferential attachment, which they lack, are made here from the papers' rules.
 */

import { DirectedGraph, UndirectedGraph } from 'graphology'
import { clusters, erdosRenyi } from 'graphology-generators/random/index.js'
import { OperatorError, type Rng } from '../core/index.js'
import type { Edge, Graph } from './network.js'

/** A graph without attributes, which random graphs make. */
export type GeneratedGraph = Required<Pick<Graph, 'nodes' | 'edges' | 'directed'>>

/** Below this probability the generator for sparse graphs overflows its 32-bit skips. */
const LEAST_SPARSE = 2e-8

/** G(n, p): every pair is joined with the same probability (Erdős and Rényi 1959, Gilbert 1959). */
export function randomGraph(options: { nodes: number; probability: number; directed?: boolean; rng: Rng }): GeneratedGraph {
  const { nodes, probability, directed = false, rng } = options
  whole('nodes', nodes, 1)
  share('probability', probability)
  const make = probability > LEAST_SPARSE ? erdosRenyi.sparse : erdosRenyi
  return data(make(directed ? DirectedGraph : UndirectedGraph, { order: nodes, probability, rng: () => rng.float() }), directed)
}

/** `groups` groups of nodes and about `edges` edges, each inside one group with probability `inside`, else between any two nodes. */
export function groupedGraph(options: {
  nodes: number
  edges: number
  groups: number
  inside: number
  rng: Rng
}): GeneratedGraph {
  const { nodes, edges, groups, inside, rng } = options
  whole('nodes', nodes, 2)
  whole('edges', edges, 1)
  whole('groups', groups, 1)
  share('inside', inside)
  const settings = { order: nodes, size: edges, clusters: groups, clusterDensity: inside, rng: () => rng.float() }
  return data(clusters(UndirectedGraph, settings), false)
}

/**
 * A ring in which every node is joined to its `degree` nearest (even), then each edge's far end is moved to a uniformly chosen
 * node with probability `rewire` (Watts and Strogatz, Nature 393, 1998). The number of edges stays nodes · degree / 2.
 */
export function smallWorld(options: { nodes: number; degree: number; rewire: number; rng: Rng }): GeneratedGraph {
  const { nodes, degree, rewire, rng } = options
  whole('nodes', nodes, 3)
  whole('degree', degree, 2)
  share('rewire', rewire)
  if (degree % 2 !== 0 || degree >= nodes) {
    throw new OperatorError({
      what: 'The degree of a small world',
      expected: `an even number below its ${nodes} nodes`,
      got: degree,
    })
  }
  const joined = Array.from({ length: nodes }, () => new Set<number>())
  for (let hop = 1; hop <= degree / 2; hop++) for (let i = 0; i < nodes; i++) join(joined, i, (i + hop) % nodes)
  for (let hop = 1; hop <= degree / 2; hop++) {
    for (let i = 0; i < nodes; i++) if (rng.chance(rewire)) moveEnd(joined, i, (i + hop) % nodes, rng)
  }
  const edges = joined.flatMap((others, i) => [...others].filter(j => j > i).map((j): Edge => [i, j]))
  return { nodes, edges, directed: false }
}

/**
 * Grows from a complete graph of `links` + 1 nodes: each new node is joined to `links` others, chosen with probability
 * proportional to their degree (Barabási and Albert, Science 286, 1999).
 */
export function scaleFree(options: { nodes: number; links: number; rng: Rng }): GeneratedGraph {
  const { nodes, links, rng } = options
  whole('links', links, 1)
  whole('nodes', nodes, links + 1)
  const edges: Edge[] = []
  // Each node stands here once for each of its edges, so a uniform choice is one in proportion to degree.
  const byDegree: number[] = []
  const add = (from: number, to: number) => {
    edges.push([from, to])
    byDegree.push(from, to)
  }
  for (let i = 0; i <= links; i++) for (let j = 0; j < i; j++) add(i, j)
  for (let i = links + 1; i < nodes; i++) {
    const chosen = new Set<number>()
    while (chosen.size < links) chosen.add(rng.pick(byDegree))
    for (const j of chosen) add(i, j)
  }
  return { nodes, edges, directed: false }
}

function join(joined: Set<number>[], a: number, b: number): void {
  joined[a]?.add(b)
  joined[b]?.add(a)
}

/** Moves the far end of edge (from, to) to a node `from` is not joined to, if there is one. */
function moveEnd(joined: Set<number>[], from: number, to: number, rng: Rng): void {
  const mine = joined[from] as Set<number>
  if (mine.size >= joined.length - 1 || !mine.has(to)) return
  let other = rng.int(joined.length)
  while (other === from || mine.has(other)) other = rng.int(joined.length)
  mine.delete(to)
  joined[to]?.delete(from)
  join(joined, from, other)
}

interface Generated {
  order: number
  forEachEdge(f: (edge: string, attributes: unknown, source: string, target: string) => void): void
}

function data(graph: Generated, directed: boolean): GeneratedGraph {
  const edges: Edge[] = []
  graph.forEachEdge((_edge, _attributes, source, target) => edges.push([Number(source), Number(target)]))
  return { nodes: graph.order, edges, directed }
}

function whole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new OperatorError({ what: `"${name}" of a random graph`, expected: `a whole number ≥ ${least}`, got: value })
}

function share(name: string, value: number): void {
  if (value >= 0 && value <= 1) return
  throw new OperatorError({ what: `"${name}" of a random graph`, expected: 'a number from 0 to 1', got: value })
}
