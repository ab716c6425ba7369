/**
 * The network: nodes and edges, directed or not, that may come and go while a model runs. Nodes are the cells of this
 * space: agents stand on them. Every edge lies in two linked lists, one at each end, so all changes cost O(1) once found.
 */

import { OperatorError, type Rng, registerSaveable } from '../core/index.js'
import { type Attributes, AttributeTable } from './attributes.js'
import { CellSet } from './cell-set.js'
import { CellSpace, type CellSpaceOptions } from './cell-space.js'
import { spaceLimits } from './limits.js'
import { Links } from './links.js'
import { assertCountOfNearest, nearestFirst } from './nearest.js'
import { type NetworkPathOptions, NetworkWays } from './network-path.js'
import { type Path, PathSearch } from './path-search.js'
import type { NodeNumber } from './place-number.js'
import { assertPlaceable, type Placeable } from './placeable.js'
import { CellLists } from './slots.js'
import { trimmed } from './trimmed.js'

/** Two node numbers, in a directed network from the first to the second, and what the edge is like. */
export type Edge = readonly [from: number, to: number, attributes?: Attributes]

/** A graph as data: what the random graphs give and `new Network` takes. */
export interface Graph {
  /** How many nodes, numbered from 0; default: as many as the edges name. */
  nodes?: number
  edges?: Iterable<Edge>
  /** What each node is like, by its number. */
  nodeAttributes?: readonly (Attributes | undefined)[]
  /** Default false. */
  directed?: boolean
}

/** What a network is made with: a graph, and how many agents a node holds. */
export interface NetworkOptions extends CellSpaceOptions, Graph {}

/** Neighbours come in the order of their edges, the newest first. */
export class Network<A extends Placeable = Placeable, L extends Placeable = Placeable> extends CellSpace<A, NodeNumber> {
  static readonly savedAs = 'Network'
  readonly noun: string = 'network'
  readonly directed: boolean
  private nodes = new CellSet(0)
  /** Numbers of removed nodes and edges, to be given again. */
  private freeNodes: number[] = []
  private freeEdges: number[] = []
  /** One past the highest node number, and edge number, ever given. */
  private nodeEnd = 0
  private edgeEnd = 0
  /** Lists of edge ends: 2n holds node n's edges (directed: those leaving), 2n + 1 the arriving ones. */
  private lists = new CellLists(0)
  /** Node at each end of each edge: edge e runs from `ends[2e]` to `ends[2e + 1]`. */
  private ends: number[] = []
  /** Length of each list. */
  private lengths: number[] = []
  /** For searches: the last one that saw each node. */
  private seen: number[] = []
  private search = 0
  private found: number[] = []
  private hopsOf: number[] = []
  private nodeTable = new AttributeTable()
  private edgeTable = new AttributeTable()
  private agentsOnEdges: Links<L> | undefined = undefined
  private paths: PathSearch | undefined = undefined

  constructor(options: NetworkOptions = {}) {
    super(0, options)
    const { nodes = 0, edges = [], directed = false } = options
    this.directed = directed
    if (!(Number.isInteger(nodes) && nodes >= 0)) {
      throw new OperatorError({
        what: 'The nodes of a network',
        expected: 'a whole number ≥ 0',
        got: nodes,
        next: 'Leave `nodes` out to have as many as the edges name.',
      })
    }
    while (this.nodeEnd < nodes) this.addNode()
    for (const [from, to, attributes] of edges) {
      if (options.nodes === undefined) this.addNodesUpTo(Math.max(from, to))
      this.addEdge(from, to, attributes)
    }
    options.nodeAttributes?.forEach((attributes, node) => {
      if (attributes !== undefined) this.setNode(node, attributes)
    })
  }

  /** The agents that are edges. */
  get links(): Links<L> {
    this.agentsOnEdges ??= new Links<L>(this)
    return this.agentsOnEdges
  }

  get nodeCount(): number {
    return this.nodes.count
  }

  get edgeCount(): number {
    return this.edgeEnd - this.freeEdges.length
  }

  has(node: NodeNumber): boolean {
    return node >= 0 && node < this.nodeEnd && Number.isInteger(node) && this.nodes.has(node)
  }

  eachCell(f: (node: NodeNumber) => void): void {
    for (let node = 0; node < this.nodeEnd; node++) if (this.nodes.has(node)) f(node)
  }

  nameOf(node: NodeNumber): string {
    return `node ${node}`
  }

  extent(): string {
    return `the network has ${this.nodeCount} nodes`
  }

  advice(): string {
    return this.freeNodes.length > 0 || this.nodeCount === 0
      ? 'network.has(node) tells which there are, and allNodes() lists them.'
      : `Nodes are numbered from 0 to ${this.nodeEnd - 1}.`
  }

  /** A new node; its number is the smallest never used, or one given back by `removeNode`. */
  addNode(attributes?: Attributes): NodeNumber {
    if (this.nodeCount >= spaceLimits.cells)
      throw new OperatorError({ what: `A network holds at most ${spaceLimits.cells} nodes` })
    const node = this.freeNodes.pop() ?? this.nodeEnd++
    this.occupants.widen(node + 1)
    this.lists.widen(2 * node + 2)
    this.lengths[2 * node] = 0
    this.lengths[2 * node + 1] = 0
    this.seen[node] = 0
    this.nodes.add(node)
    this.empties?.add(node)
    if (attributes !== undefined) this.setNode(node, attributes)
    return node
  }

  /** A new node with this agent on it. */
  join(agent: A): NodeNumber {
    assertPlaceable(agent, this)
    const node = this.addNode()
    this.place(agent, node)
    return node
  }

  /** Removes a node with its edges. Throws while agents stand on it. */
  removeNode(node: NodeNumber): void {
    const agent = this.at(node)
    if (agent !== undefined) {
      throw new OperatorError({
        what: `Node ${node} cannot be removed: agent ${agent.key} stands on it`,
        next: 'Move or remove it first.',
      })
    }
    for (let list = 2 * node; list <= 2 * node + 1; list++) {
      for (let end = this.first(list); end >= 0; end = this.first(list)) this.cut(end >> 1)
    }
    this.nodes.delete(node)
    this.empties?.delete(node)
    this.nodeTable.delete(node)
    this.freeNodes.push(node)
  }

  /** Joins two nodes. False where they are joined already; throws for a node with itself. */
  addEdge(from: NodeNumber, to: NodeNumber, attributes?: Attributes): boolean {
    if (this.known(from) === to) {
      throw new OperatorError({ what: `Node ${from} cannot be joined to itself`, next: 'An edge needs two different nodes.' })
    }
    if (this.edgeBetween(from, to) >= 0) return false
    const edge = this.freeEdges.pop() ?? this.edgeEnd++
    this.ends[2 * edge] = from
    this.ends[2 * edge + 1] = to
    this.hang(2 * edge, 2 * from)
    this.hang(2 * edge + 1, this.directed ? 2 * to + 1 : 2 * to)
    if (attributes !== undefined) this.edgeTable.assign(edge, attributes, `the edge from node ${from} to ${to}`)
    return true
  }

  /** What a node is like: `{}` where nothing was said. */
  nodeAttributes(node: NodeNumber): Attributes {
    return this.nodeTable.get(this.known(node))
  }

  /** Gives a node these attributes, beside those it has. */
  setNode(node: NodeNumber, attributes: Attributes): void {
    this.nodeTable.assign(this.known(node), attributes, `node ${node}`)
  }

  /** What an edge is like: `{}` where nothing was said. Throws where there is no such edge. */
  edgeAttributes(from: NodeNumber, to: NodeNumber): Attributes {
    return this.edgeTable.get(this.joined(from, to))
  }

  /** Gives an edge these attributes, beside those it has. Throws where there is no such edge. */
  setEdge(from: NodeNumber, to: NodeNumber, attributes: Attributes): void {
    this.edgeTable.assign(this.joined(from, to), attributes, `the edge from node ${from} to ${to}`)
  }

  private joined(from: NodeNumber, to: NodeNumber): number {
    const edge = this.edgeBetween(from, to)
    if (edge >= 0) return edge
    throw new OperatorError({
      what: `There is no edge from node ${from} to ${to}`,
      next: 'Ask hasEdge(from, to) first, or make it: addEdge(from, to).',
    })
  }

  /** The cheapest way from one node to another along the edges; undefined where there is none. Its `cost` is the number of edges, or their weight. */
  path(from: NodeNumber, to: NodeNumber, options: NetworkPathOptions = {}): Path<NodeNumber> | undefined {
    this.known(from)
    this.paths ??= new PathSearch()
    return this.paths.find(from, this.known(to), this.nodeEnd, new NetworkWays(this, options))
  }

  /** Parts two nodes. False where they were not joined. */
  removeEdge(from: NodeNumber, to: NodeNumber): boolean {
    const edge = this.edgeBetween(from, to)
    if (edge < 0) return false
    this.cut(edge)
    return true
  }

  /** Whether an edge leads from one node to the other (undirected: joins them). */
  hasEdge(from: NodeNumber, to: NodeNumber): boolean {
    return this.edgeBetween(from, to) >= 0
  }

  /** Joins the nodes two agents stand on. */
  connect(from: A, to: A, attributes?: Attributes): boolean {
    return this.addEdge(this.cellOf(from), this.cellOf(to), attributes)
  }

  /** Parts the nodes two agents stand on. */
  disconnect(from: A, to: A): boolean {
    return this.removeEdge(this.cellOf(from), this.cellOf(to))
  }

  /** Edges at a node; in a directed network those leaving it. */
  degree(node: NodeNumber): number {
    return this.lengths[2 * this.known(node)] as number
  }

  /** Edges arriving at a node; in an undirected network all. */
  inDegree(node: NodeNumber): number {
    return this.lengths[2 * this.known(node) + Number(this.directed)] as number
  }

  /** A uniformly chosen node, in one draw. */
  randomNode(rng?: Rng): NodeNumber {
    if (this.nodeCount === 0)
      throw new OperatorError({ what: 'The network has no node to choose from', next: 'Add one with addNode().' })
    return this.nodes.at(this.chance(rng).int(this.nodeCount))
  }

  /** A uniformly chosen node one edge away (directed: along it), or undefined if it has no such edge. */
  randomNodeAround(node: NodeNumber, rng?: Rng): NodeNumber | undefined {
    const degree = this.degree(node)
    if (degree === 0) return undefined
    let end = this.first(2 * node)
    for (let i = this.chance(rng).int(degree); i > 0; i--) end = this.lists.next[end] as number
    return this.ends[end ^ 1]
  }

  /** All nodes, ascending. */
  allNodes(into: NodeNumber[] = []): NodeNumber[] {
    let n = 0
    for (let node = 0; node < this.nodeEnd; node++) if (this.nodes.has(node)) into[n++] = node
    return trimmed(into, n)
  }

  anyCell(rng?: Rng): NodeNumber {
    return this.randomNode(rng)
  }

  /** All edges, as fresh data, with the attributes of those that have some. */
  edges(): Edge[] {
    const edges: Edge[] = []
    for (let edge = 0; edge < this.edgeEnd; edge++) {
      if ((this.lists.cellOf[2 * edge] as number) < 0) continue
      const attributes = this.edgeTable.get(edge)
      const [from, to] = this.endsOfEdge(edge)
      edges.push(isEmpty(attributes) ? [from, to] : [from, to, attributes])
    }
    return edges
  }

  /** The nodes at most `hops` edges away (directed: along them), without the node itself, the nearest first. */
  nodesAround(node: NodeNumber, hops = 1, into: NodeNumber[] = []): NodeNumber[] {
    this.known(node)
    if (!(hops >= 0 && (hops % 1 === 0 || hops === Number.POSITIVE_INFINITY))) throw wrongHops(hops)
    return hops === 1 ? this.adjacent(2 * node, into) : this.spread(node, hops, into, [])
  }

  /** The nodes with an edge to this one; in an undirected network all neighbours. */
  nodesInto(node: NodeNumber, into: NodeNumber[] = []): NodeNumber[] {
    return this.adjacent(2 * this.known(node) + Number(this.directed), into)
  }

  /** Everyone else at most `hops` edges away, those on the agent's own node first. */
  neighbors(agent: A, hops = 1, into: A[] = []): A[] {
    const node = this.cellOf(agent)
    return this.gather(node, hops, into, this.occupants.many ? this.occupants.collect(node, agent, into, 0) : 0)
  }

  /** Everyone at most `hops` edges from a node, those on it first. */
  agentsAround(node: NodeNumber, hops = 1, into: A[] = []): A[] {
    return this.gather(node, hops, into, this.occupants.collect(this.known(node), undefined, into, 0))
  }

  private gather(node: NodeNumber, hops: number, into: A[], n: number): A[] {
    const nodes = this.nodesAround(node, hops, this.found)
    for (let i = 0; i < nodes.length; i++) n = this.occupants.collect(nodes[i] as number, undefined, into, n)
    return trimmed(into, n)
  }

  /** The others nearest to the agent by the number of edges, the nearest first, the older first at equal distance. */
  nearest(agent: A, k = 1, into: A[] = []): A[] {
    const node = this.cellOf(agent)
    assertCountOfNearest(k, this)
    const rings: number[] = []
    for (let hops = 2; ; hops *= 4) {
      const nodes = this.spread(node, hops, this.found, trimmed(rings, 0))
      const n = this.gatherRings(agent, node, nodes, rings, into)
      if (n >= k || rings.length < hops) return this.firstOf(into, n, k)
    }
  }

  /** Fills `into` with the agents of the rings, and `hopsOf` with the ring of each. */
  private gatherRings(agent: A, node: NodeNumber, nodes: readonly number[], rings: readonly number[], into: A[]): number {
    const { hopsOf } = this
    let n = this.occupants.collect(node, agent, into, 0)
    for (let i = 0; i < n; i++) hopsOf[i] = 0
    for (let ring = 0, i = 0; ring < rings.length; ring++) {
      for (; i < (rings[ring] as number); i++) {
        const before = n
        n = this.occupants.collect(nodes[i] as number, undefined, into, n)
        for (let j = before; j < n; j++) hopsOf[j] = ring + 1
      }
    }
    return n
  }

  private firstOf(found: A[], n: number, k: number): A[] {
    const most = Math.min(k, n)
    nearestFirst(found, Float64Array.from(trimmed(this.hopsOf, n)), n, most)
    return trimmed(found, most)
  }

  /** The nodes at the other ends of one list of edges. */
  private adjacent(list: number, into: number[]): number[] {
    const { ends } = this
    const { next } = this.lists
    let n = 0
    for (let end = this.first(list); end >= 0; end = next[end] as number) into[n++] = ends[end ^ 1] as number
    return trimmed(into, n)
  }

  /** Breadth first; the list found so far is the queue. `rings` gets where each hop's nodes end in it. */
  private spread(node: NodeNumber, hops: number, into: number[], rings: number[]): number[] {
    const { ends, seen } = this
    const { next } = this.lists
    const search = ++this.search
    seen[node] = search
    let n = 0
    for (let hop = 0, from = -1, to = 0; hop < hops && from < to; hop++) {
      const until = to
      for (let i = from; i < until; i++) {
        for (let end = this.first(2 * (i < 0 ? node : (into[i] as number))); end >= 0; end = next[end] as number) {
          const other = ends[end ^ 1] as number
          if (seen[other] === search) continue
          seen[other] = search
          into[n++] = other
        }
      }
      from = until
      to = n
      if (to > from) rings.push(to)
    }
    return trimmed(into, n)
  }

  /** @internal The edge between two nodes, looked for from the end with fewer edges; −1 if they are not joined. */
  edgeBetween(from: NodeNumber, to: NodeNumber): number {
    const { lengths, ends } = this
    const leaving = 2 * this.known(from)
    const arriving = 2 * this.known(to) + Number(this.directed)
    const here = (lengths[leaving] as number) <= (lengths[arriving] as number)
    const other = here ? to : from
    for (let end = this.first(here ? leaving : arriving); end >= 0; end = this.lists.next[end] as number) {
      if (ends[end ^ 1] === other) return end >> 1
    }
    return -1
  }

  /** @internal */
  endsOfEdge(edge: number): [NodeNumber, NodeNumber] {
    return [this.ends[2 * edge] as number, this.ends[2 * edge + 1] as number]
  }

  /** @internal The edges of a node; in a directed network those leaving it. */
  edgesAt(node: NodeNumber): number[] {
    const edges: number[] = []
    for (let end = this.first(2 * this.known(node)); end >= 0; end = this.lists.next[end] as number) edges.push(end >> 1)
    return edges
  }

  /** @internal */
  otherEnd(edge: number, node: NodeNumber): NodeNumber {
    const from = this.ends[2 * edge] as number
    return from === node ? (this.ends[2 * edge + 1] as number) : from
  }

  /** @internal */
  attributesOfEdge(edge: number): Attributes {
    return this.edgeTable.get(edge)
  }

  private first(list: number): number {
    return this.lists.first[list] as number
  }

  private hang(end: number, list: number): void {
    this.lists.enter(end, list)
    this.lengths[list] = (this.lengths[list] as number) + 1
  }

  private cut(edge: number): void {
    for (let end = 2 * edge; end <= 2 * edge + 1; end++) {
      const list = this.lists.cellOf[end] as number
      this.lengths[list] = (this.lengths[list] as number) - 1
      this.lists.leave(end)
    }
    this.edgeTable.delete(edge)
    this.agentsOnEdges?.drop(edge)
    this.freeEdges.push(edge)
  }

  private addNodesUpTo(node: NodeNumber): void {
    if (!(Number.isInteger(node) && node >= 0 && node < spaceLimits.cells)) {
      throw new OperatorError({
        what: 'A node of an edge',
        expected: `a whole number from 0 to ${spaceLimits.cells - 1}`,
        got: node,
      })
    }
    while (this.nodeEnd <= node) this.addNode()
  }

  saveState(): unknown {
    const { directed, freeNodes, freeEdges, nodeEnd, edgeEnd, ends, lengths } = this
    const lists = this.lists.save(2 * edgeEnd, 2 * nodeEnd)
    const graph = { directed, freeNodes, freeEdges, nodeEnd, edgeEnd, ends, lengths }
    return { graph, lists, nodes: this.nodes.save(), cells: this.saveCells(nodeEnd), ...this.saveAttributes() }
  }

  /** @internal Links that were saved apart from their network. */
  adoptLinks(links: Links<L>): void {
    this.agentsOnEdges = links
  }

  /** Only what there is, so that a network without it is saved as one that never heard of it. */
  private saveAttributes(): object {
    const [nodeData, edgeData] = [this.nodeTable.save(), this.edgeTable.save()]
    const links = this.agentsOnEdges?.count ? this.agentsOnEdges : undefined
    return { ...(nodeData && { nodeData }), ...(edgeData && { edgeData }), ...(links && { links }) }
  }

  loadState(state: unknown): void {
    const { graph, lists, nodes, cells, nodeData, edgeData, links } = state as {
      graph: { nodeEnd: number }
      lists: Int32Array[]
      nodes: Int32Array
      cells: unknown
      nodeData?: Map<number, Attributes>
      edgeData?: Map<number, Attributes>
      links?: Links<L>
    }
    const fresh = { search: 0, found: [], hopsOf: [], paths: undefined, agentsOnEdges: links ?? this.agentsOnEdges }
    const tables = { nodeTable: new AttributeTable(nodeData), edgeTable: new AttributeTable(edgeData) }
    Object.assign(this, { noun: 'network' }, graph, fresh, tables, { seen: new Array(graph.nodeEnd).fill(0) })
    this.lists = CellLists.load(lists)
    this.nodes = CellSet.load(nodes, graph.nodeEnd)
    this.loadCells(cells)
  }
}

function isEmpty(attributes: Attributes): boolean {
  for (const _ in attributes) return false
  return true
}

function wrongHops(hops: number): OperatorError {
  return new OperatorError({
    what: 'The hops of a query of the network',
    expected: 'a whole number of edges ≥ 0',
    got: hops,
    next: 'Infinity is everything that can be reached.',
  })
}

registerSaveable(Network)
